// Any target and headers can be signed, signing again changes nothing, and percent coding is one to
// one.
#undef NDEBUG
#include <cairn/wire/signing.hpp>

#include <cassert>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace cairn::wire;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    request_head head;
    head.method = "GET";
    head.target = text.substr(0, text.find('\n'));
    for (auto rest = text; rest.find('\n') != rest.npos;) {
        rest.remove_prefix(rest.find('\n') + 1);
        const auto line = rest.substr(0, rest.find('\n'));
        head.headers.add(line.substr(0, line.find(':')),
                         line.substr(std::min(line.find(':'), line.size())));
    }
    for (const auto rule : {canonical_path::as_sent, canonical_path::normalized}) {
        const signer s("us-east-1", "s3", rule);
        s.sign(head, unsigned_payload, {"AKID", "secret", "token"}, {});
        const std::string first(head.headers["authorization"]);
        s.sign(head, unsigned_payload, {"AKID", "secret", "token"}, {});
        assert(head.headers["authorization"] == first);
    }
    assert(percent_decode(percent_encode(text)) == text);
    assert(percent_encode(text) == percent_encode(percent_decode(percent_encode(text))));
    return 0;
}
