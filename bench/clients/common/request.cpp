#include "request.hpp"

namespace cairn::bench {
namespace {

std::string authorization(const workload& load) {
    const std::string range = load.ranged() ? "range;" : "";
    return "Authorization: AWS4-HMAC-SHA256 "
           "Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/s3/aws4_request, "
           "SignedHeaders=host;" +
           range + "x-amz-content-sha256;x-amz-date, Signature=" + std::string(64, 'a');
}

}  // namespace

std::vector<std::string> s3_header_lines(const workload& load) {
    return {"x-amz-date: 20260101T000000Z", "x-amz-content-sha256: " + std::string(64, 'e'),
            authorization(load)};
}

std::string request_head(const workload& load, const slice& part) {
    const bool put = load.operation == operation::put;
    std::string head = (put ? "PUT " : "GET ") + load.path() + " HTTP/1.1\r\n";
    head += "Host: " + load.authority() + "\r\n";
    for (const std::string& line : s3_header_lines(load)) head += line + "\r\n";
    if (load.ranged()) head += "Range: bytes=" + part.range() + "\r\n";
    if (put) head += "Content-Length: " + std::to_string(part.length) + "\r\n";
    return head + "\r\n";
}

}  // namespace cairn::bench
