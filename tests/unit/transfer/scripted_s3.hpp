#pragma once

#include "unit/s3/recorded_server.hpp"

#include <cairn/core/ascii.hpp>
#include <cairn/transfer.hpp>

#include <gmock/gmock.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::transfer {

/// Transfers to and from a server that has none of an object's bytes: it says of every object what
/// `object` says, grants every request, and keeps what was asked. So objects may be of any size.
class scripted_s3 : public s3::recorded_server {
  protected:
    scripted_s3() {
        object = "ETag: \"a\"\r\nContent-Length: 10\r\n";
        connect(answering([this](const std::string& request) { return answer_to(request); }));
    }
    void TearDown() override {
        transfers.reset();
        recorded_server::TearDown();
    }

    /// Over TLS, for keys go over nothing else.
    void connect(test::script server, const options& chosen = without_threads()) {
        auto config = config_for(std::move(server), test::constant_random::side::least);
        config.endpoint = "https://s3.example";
        config.resilience = s3::resilience::none();
        transfers.emplace(s3::client::create(std::move(config)).value(), chosen);
    }
    static options without_threads() {
        options o;
        o.file_threads = 0;
        return o;
    }
    void has_bytes(std::uint64_t size) {
        object = "ETag: \"a\"\r\nContent-Length: " + std::to_string(size) + "\r\n";
    }
    template <class Request>
    result<typename Request::output> send(Request request) {
        return run(transfers->send(std::move(request)));
    }

    /// The value of a field of a request's head; empty when there is none.
    static std::string field(const std::string& request, std::string_view name) {
        const auto lowered = ascii::lower(request.substr(0, request.find("\r\n\r\n") + 2));
        const auto at = lowered.find("\r\n" + ascii::lower(name) + ":");
        if (at == lowered.npos) return {};
        const auto begin = at + name.size() + 3;
        return std::string(ascii::trim(
            std::string_view(request).substr(begin, request.find('\r', begin) - begin)));
    }
    /// "PUT /bucket/key?query".
    static std::string line(const std::string& request) {
        return request.substr(0, request.find(" HTTP/"));
    }
    static bool has(const std::string& request, std::string_view text) {
        return line(request).find(text) != std::string::npos;
    }
    /// The requests whose line has `text` in it.
    std::vector<std::string> asked(std::string_view text) const {
        std::vector<std::string> found;
        for (const auto& each : requests)
            if (has(each, text)) found.push_back(each);
        return found;
    }
    std::string only(std::string_view text) const {
        const auto found = asked(text);
        EXPECT_EQ(found.size(), 1u) << text;
        return found.empty() ? std::string() : found.front();
    }

    std::string object;  ///< Fields that tell of every object.
    std::string tags;    ///< Elements of every object's tag set.
    std::optional<manager> transfers;

  private:
    std::string answer_to(const std::string& request) const {
        const bool copies = !field(request, "x-amz-copy-source").empty();
        if (request.starts_with("HEAD")) return "HTTP/1.1 200 OK\r\n" + object + "\r\n";
        if (request.starts_with("DELETE")) return "HTTP/1.1 204 No Content\r\n\r\n";
        if (has(request, "?tagging")) return xml("Tagging", "<TagSet>" + tags + "</TagSet>");
        if (has(request, "?uploads"))
            return xml("InitiateMultipartUploadResult", "<UploadId>u</UploadId>");
        if (has(request, "partNumber=") && copies) return xml("CopyPartResult", etag);
        if (has(request, "uploadId=")) return xml("CompleteMultipartUploadResult", etag);
        return xml("CopyObjectResult", etag);
    }
    static std::string xml(const std::string& root, const std::string& content) {
        return test::reply(200, "<" + root + ">" + content + "</" + root + ">");
    }

    static constexpr const char* etag = "<ETag>\"a\"</ETag>";
};

}  // namespace cairn::transfer
