#include "allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

// A translation unit of its own: GCC 12 warns of a mismatch when it inlines one of a pair.

namespace {

std::atomic<std::size_t> count = 0;

}  // namespace

std::size_t cairn::bench::allocations() noexcept {
    return count.load(std::memory_order_relaxed);
}

void* operator new(std::size_t size) {
    count.fetch_add(1, std::memory_order_relaxed);
    if (void* p = std::malloc(size)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept {
    std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
    std::free(p);
}
