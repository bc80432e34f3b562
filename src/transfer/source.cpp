#include <cairn/transfer/source.hpp>

namespace cairn::transfer {

source source::file(std::filesystem::path path) {
    return source(variant(std::move(path)));
}
source source::bytes(std::string data) {
    return source(variant(std::move(data)));
}
source source::view(std::string_view data) {
    return source(variant(data));
}
source source::stream(body::reader from, std::optional<std::uint64_t> size) {
    return source(variant(piped(std::move(from), size)));
}

}  // namespace cairn::transfer
