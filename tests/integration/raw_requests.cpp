#include "integration/raw_requests.hpp"

#include "support/document_texts.hpp"
#include "support/open_stream.hpp"
#include "wire/exchange.hpp"

#include <cairn/wire/signing.hpp>

#include <cstdlib>

namespace cairn::test {
namespace {

std::string host_of_server() {
    const std::string endpoint = std::getenv("AWS_ENDPOINT_URL_S3");
    return endpoint.substr(endpoint.find("://") + 3);
}

void sign(wire::request_head& head, std::string_view body) {
    const auto hash = wire::sha256_hex(body);
    head.headers.set("x-amz-content-sha256", hash);
    const wire::signer signer(std::getenv("AWS_REGION"), "s3");
    signer.sign(head, hash,
                {std::getenv("AWS_ACCESS_KEY_ID"), std::getenv("AWS_SECRET_ACCESS_KEY"), {}},
                system_clock()->utc_now());
}

awaitable<std::string> read_all(wire::exchange& from) {
    std::string body;
    std::string piece(64 * 1024, '\0');
    for (;;) {
        const auto n = co_await from.read_some(asio::buffer(piece));
        if (n.value() == 0) co_return body;
        body.append(piece, 0, *n);
    }
}

awaitable<answer> converse(wire::request_head head, std::string body) {
    const auto host = host_of_server();
    const auto name = host.substr(0, host.rfind(':'));
    const auto network = wire::make_transport(server_config().tls).value();
    auto addresses = co_await network->resolve(name, server_port());
    const auto tls_name = server_has_tls() ? name : std::string();
    auto stream = co_await open_stream(network, addresses.value().front(), tls_name);
    const auto time = system_clock();
    wire::connection on(std::move(stream).value(), time);
    wire::exchange once(on, *time, {}, {});
    const body::source source = std::move(body);
    wire::outgoing out(&head, source.get());
    auto replied = co_await once.run(out);
    answer a;
    a.status = replied.value().status;
    a.headers = replied->headers;
    a.body = co_await read_all(once);
    co_return a;
}

}  // namespace

std::vector<std::string> answer::all(std::string_view path) const {
    return document_texts(body, path);
}

std::string answer::text(std::string_view path) const {
    const auto texts = all(path);
    return texts.empty() ? "" : texts.front();
}

answer raw_requests::ask(std::string method, const std::string& target, const fields& more,
                         std::string body) {
    wire::request_head head;
    head.method = std::move(method);
    head.target = "/" + bucket + target;
    head.headers.set("Host", host_of_server());
    head.headers.set("Connection", "close");
    for (const auto& [name, value] : more) head.headers.set(name, value);
    sign(head, body);
    head.headers.set("Content-Length", std::to_string(body.size()));
    return run(converse(std::move(head), std::move(body)));
}

answer raw_requests::done(std::string method, const std::string& target, const fields& more,
                          std::string body) {
    auto a = ask(std::move(method), target, more, std::move(body));
    if (a.status >= 300)
        throw std::logic_error("it was to succeed, and is answered " + std::to_string(a.status) +
                               " " + a.body);
    return a;
}

::testing::AssertionResult raw_requests::is_refusal(const answer& a, unsigned status,
                                                    std::string_view code) {
    if (a.status == status && a.text("Code") == code) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << "it is answered " << a.status << " " << a.body;
}

void raw_requests::TearDown() {
    const auto versions = ask("GET", "?versions");
    for (const std::string kind : {"Version", "DeleteMarker"}) {
        const auto keys = versions.all(kind + "/Key");
        const auto ids = versions.all(kind + "/VersionId");
        for (std::size_t i = 0; i < keys.size() && i < ids.size(); ++i)
            ask("DELETE", "/" + wire::percent_encode(keys[i], true) +
                              "?versionId=" + wire::percent_encode(ids[i]));
    }
    const auto uploads = ask("GET", "?uploads");
    const auto keys = uploads.all("Upload/Key");
    const auto ids = uploads.all("Upload/UploadId");
    for (std::size_t i = 0; i < keys.size() && i < ids.size(); ++i)
        ask("DELETE", "/" + wire::percent_encode(keys[i], true) +
                          "?uploadId=" + wire::percent_encode(ids[i]));
    server_test::TearDown();
}

}  // namespace cairn::test
