// Whatever the simulated S3 is asked, it answers, and what it answers in XML is well-formed. The
// input is a request: its method and target, fields, an empty line, the body.
#undef NDEBUG
#include "testing/s3_core.hpp"
#include "wire/xml.hpp"

#include <cairn/wire/signing.hpp>

#include <cassert>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace cairn;
using testing::simulated::core;
using testing::simulated::reply;

const clock::utc_time now{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};

std::string_view cut(std::string_view& text, std::string_view end) {
    const auto part = text.substr(0, text.find(end));
    text.remove_prefix(std::min(part.size() + end.size(), text.size()));
    return part;
}

wire::request_head parse(std::string_view& text) {
    wire::request_head head;
    auto line = cut(text, "\n");
    head.method = cut(line, " ");
    head.target = line;
    head.headers.set("Host", "s3.example");
    for (line = cut(text, "\n"); !line.empty(); line = cut(text, "\n")) {
        const auto name = cut(line, ":");
        head.headers.add(name, line);
    }
    return head;
}

reply ask(core& s3, wire::request_head head, std::string body) {
    if (!head.headers.contains("Content-Length"))
        head.headers.set("Content-Length", std::to_string(body.size()));
    if (!head.headers.contains("x-amz-content-sha256"))
        head.headers.set("x-amz-content-sha256", wire::unsigned_payload);
    const std::string hash(head.headers["x-amz-content-sha256"]);
    static const wire::signer signer("us-east-1", "s3");
    signer.sign(head, hash, {"key", "secret", {}}, now);
    s3.refuse_early(head, now);
    return s3.handle(head, std::move(body), now);
}

// A bucket with two versions of an object, and an upload of one part, whose ids are always alike.
core prepared() {
    core s3("us-east-1", {auth::credentials("key", secret("secret"))}, {"s3.example"});
    for (std::string_view request :
         {"PUT /b\n\n",
          "PUT /b?versioning\n\n"
          "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
          "PUT /b/k\nx-amz-meta-a:1\n\nhello", "PUT /b/k\n\nworld", "POST /b/u?uploads\n\n"}) {
        auto head = parse(request);
        ask(s3, std::move(head), std::string(request));
    }
    return s3;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const core fresh = prepared();
    core s3 = fresh;
    std::string_view text(reinterpret_cast<const char*>(data), size);
    auto head = parse(text);
    const auto answer = ask(s3, std::move(head), std::string(text));
    assert(answer.status >= 200 && answer.status < 600);
    if (answer.headers["Content-Type"] == "application/xml" && !answer.body.empty())
        assert(wire::xml::document::parse(answer.body));
    return 0;
}
