// Any reply is read or refused within its bounds, whatever it is taken for, and what the writer
// writes the parser reads back.
#undef NDEBUG
#include "wire/xml.hpp"

#include "s3/decode.hpp"
#include "s3/service_error.hpp"

#include <cairn/s3/operations.hpp>

#include <cassert>
#include <cstdint>

namespace {

using namespace cairn;
using wire::xml::document;
using wire::xml::element;

std::size_t walk(const element& e, std::size_t depth) {
    std::size_t bytes = e.name().size() + e.text().size();
    assert(depth <= wire::xml::limits().max_depth);
    for (const auto& child : e) bytes += walk(child, depth + 1);
    return bytes;
}

void read(std::string_view text) {
    const auto parsed = document::parse(text);
    // References only shrink: nothing is expanded.
    if (parsed) assert(walk(parsed->root(), 1) <= text.size());
}

void write(std::string_view text) {
    wire::xml::writer xml;
    xml.open("a");
    xml.text(text);
    xml.close();
    const auto again = document::parse(std::move(xml).take());
    if (text.find('\0') == text.npos) assert(again && again->root().text() == text);
}

template <class Operation>
void decode(std::string_view text) {
    const auto& table = s3::table_of<Operation>();
    wire::response_head head;
    head.status = 200;
    typename Operation::output output;
    s3::decode(table, head, text, &output);
    for (const unsigned status : {200u, 404u, 503u}) {
        head.status = status;
        const auto e = s3::service_error(table, head, text);
        assert(e.code());
        assert(e.what().find('\n') == std::string::npos);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    read(text);
    write(text);
    decode<s3::list_objects_v2>(text);
    decode<s3::list_buckets>(text);
    decode<s3::delete_objects>(text);
    decode<s3::copy_object>(text);
    decode<s3::get_bucket_location>(text);
    return 0;
}
