// Any text is read or refused with its file and line, and what was read can be written and read
// again.
#undef NDEBUG
#include <cairn/auth/config_file.hpp>

#include <cassert>
#include <cstdint>

namespace {

using namespace cairn::auth;

std::string written(const sections& all, const std::string& kind) {
    std::string out;
    for (const auto& [name, values] : all) {
        out += "[" + kind + name + "]\n";
        for (const auto& [key, value] : values) {
            out += key + "=";  // No blank: a value may start with #.
            for (const char c : value) out += c == '\n' ? std::string("\n ") : std::string(1, c);
            out += '\n';
        }
    }
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto kind : {config_kind::config, config_kind::credentials}) {
        const auto read = parse_config_file(text, kind, "file");
        if (!read) {
            assert(read.error().detail().starts_with("file:"));
            continue;
        }
        const auto prefix = kind == config_kind::config ? "profile " : "";
        const auto again = parse_config_file(written(read->profiles, prefix), kind, "file");
        assert(again && again->profiles == read->profiles);
        for (const auto& [name, values] : read->profiles)
            for (const auto& [key, value] : values) sub_properties(value);
    }
    return 0;
}
