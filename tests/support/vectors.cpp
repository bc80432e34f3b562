#include "support/vectors.hpp"

#include <boost/json/parse.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>

namespace cairn::test {
namespace {

std::string_view variable(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

}  // namespace

std::optional<std::filesystem::path> vectors_dir() {
    const auto dir = variable("CAIRN_VECTORS");
    if (dir.empty()) return std::nullopt;
    return dir;
}

bool vectors_are_required() {
    return variable("CI") == "true";
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    EXPECT_TRUE(in) << "can't read " << path;
    return text;
}

boost::json::value read_json(const std::filesystem::path& path) {
    boost::json::error_code ec;
    auto value = boost::json::parse(read_file(path), ec);
    EXPECT_FALSE(ec) << path << ": " << ec.message();
    return value;
}

}  // namespace cairn::test
