#pragma once

namespace cairn::test {

/// Whether a sanitizer has its own allocator here, and its memory beside the program's.
inline constexpr bool has_its_own_allocator =
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    true;
#elif defined(__has_feature)
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
    false;
#endif

}  // namespace cairn::test
