// The signing cases of AWS's common runtime, in their header form.
#include "support/vectors.hpp"

#include <cairn/core/ascii.hpp>
#include <cairn/wire/signing.hpp>

#include <boost/json.hpp>

#include <iomanip>
#include <sstream>

namespace cairn::wire {
namespace {

namespace fs = std::filesystem;

struct parsed_request {
    request_head head;
    std::string body;
};

// The value of the last field goes on in lines that start with a blank.
void add_line(request_head& head, const std::string& line) {
    if (ascii::is_blank(line.front())) {
        const auto last = head.headers.at(head.headers.size() - 1);
        const std::string name(last.name), value = std::string(last.value) + "\n" + line;
        head.headers.erase(name);
        head.headers.add(name, value);
        return;
    }
    const auto colon = line.find(':');
    head.headers.add(line.substr(0, colon), line.substr(colon + 1));
}

parsed_request parse_request(const std::string& text) {
    parsed_request out;
    std::istringstream in(text);
    std::string line;
    std::getline(in, line);
    const auto method_end = line.find(' ');
    out.head.method = line.substr(0, method_end);
    out.head.target = line.substr(method_end + 1, line.rfind(' ') - method_end - 1);
    while (std::getline(in, line) && !line.empty()) add_line(out.head, line);
    out.body.assign(std::istreambuf_iterator<char>(in), {});
    return out;
}

// The cases give the path unescaped, which is not what a request line holds.
std::string escaped_path(const std::string& target) {
    const auto query = std::min(target.find('?'), target.size());
    return percent_encode(target.substr(0, query), true) + target.substr(query);
}

clock::utc_time parse_time(const std::string& text) {
    std::tm tm{};
    std::istringstream in(text);
    in >> std::get_time(&tm, "%Y-%m-%dT%H:%M:%SZ");
    EXPECT_TRUE(in) << text;
    return std::chrono::system_clock::from_time_t(timegm(&tm));
}

std::string text_of(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr ? std::string(value->as_string()) : std::string();
}

bool flag_of(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->as_bool();
}

void check_case(const fs::path& dir) {
    SCOPED_TRACE(dir.filename().string());
    const auto json = test::read_json(dir / "context.json");
    const auto& context = json.as_object();
    const auto& keys = context.at("credentials").as_object();
    const auto access_key = text_of(keys, "access_key_id");
    const auto secret_key = text_of(keys, "secret_access_key");
    // A token that the caller adds after signing is not part of the signature.
    const auto token = flag_of(context, "omit_session_token") ? "" : text_of(keys, "token");
    const bool normalize = flag_of(context, "normalize");
    const auto now = parse_time(text_of(context, "timestamp"));

    auto [head, body] = parse_request(test::read_file(dir / "request.txt"));
    if (!normalize) head.target = escaped_path(head.target);
    const auto payload_hash = sha256_hex(body);
    if (flag_of(context, "sign_body")) head.headers.add("x-amz-content-sha256", payload_hash);

    const signer s(text_of(context, "region"), text_of(context, "service"),
                   normalize ? canonical_path::normalized : canonical_path::as_sent);
    s.sign(head, payload_hash, {access_key, secret_key, token}, now);

    const auto canonical = s.canonical_request(head, payload_hash);
    EXPECT_EQ(canonical, test::read_file(dir / "header-canonical-request.txt"));
    EXPECT_EQ(s.string_to_sign(canonical, now), test::read_file(dir / "header-string-to-sign.txt"));
    const std::string authorization(head.headers["authorization"]);
    const auto expected = parse_request(test::read_file(dir / "header-signed-request.txt"));
    EXPECT_EQ(authorization, expected.head.headers["Authorization"]);
    EXPECT_TRUE(
        authorization.ends_with("Signature=" + test::read_file(dir / "header-signature.txt")));
}

TEST(sigv4, every_case_of_the_header_form) {
    CAIRN_REQUIRE_VECTORS(root, "sigv4/v4");
    std::size_t cases = 0;
    for (const auto& entry : fs::directory_iterator(root)) {
        check_case(entry.path());
        ++cases;
    }
    EXPECT_GE(cases, 38U);
}

}  // namespace
}  // namespace cairn::wire
