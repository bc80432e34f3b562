#include "checkpoint/record.hpp"

#include <cstdlib>

// What decodes must encode to a record that decodes to the same. The digest keeps random bytes out,
// so they are tried with the right one, too.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace cairn::checkpoint;
    const std::string input(reinterpret_cast<const char*>(data), size);
    for (const auto& bytes : {input, seal("cairnrec" + input)})
        if (const auto read = decode(bytes); read && decode(encode(*read)).value() != *read)
            std::abort();
    return 0;
}
