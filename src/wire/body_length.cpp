#include "wire/body_length.hpp"

#include <string>

namespace cairn::wire {

error body_length_error(std::uint64_t declared, std::uint64_t seen, std::string_view how) {
    return error(errc::body_failed, "the body is " + std::string(how) + " than its declared " +
                                        std::to_string(declared) + " bytes (" +
                                        std::to_string(seen) + ")");
}

}  // namespace cairn::wire
