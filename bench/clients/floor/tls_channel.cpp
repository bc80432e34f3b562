#include "tls_channel.hpp"

#include "plain_channel.hpp"

#include <openssl/err.h>

#include <stdexcept>
#include <string>

namespace cairn::bench {
namespace {

// Room for two records: without it OpenSSL asks the socket for each record's header, then its body,
// and a larger buffer leaves the cache.
constexpr std::size_t read_ahead_bytes = 33 * 1024;

void require(bool success, const char* call) {
    if (success) return;
    char reason[256] = "";
    ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
    throw std::runtime_error(std::string(call) + ": " + reason);
}

}  // namespace

tls_channel::context::context(const workload& load)
    : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    require(context_ != nullptr, "SSL_CTX_new");
    require(SSL_CTX_load_verify_file(get(), load.ca_file.c_str()) == 1, "SSL_CTX_load_verify_file");
    require(SSL_CTX_set_min_proto_version(get(), TLS1_3_VERSION) == 1,
            "SSL_CTX_set_min_proto_version");
    SSL_CTX_set_verify(get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(get(), 1);
    SSL_CTX_set_default_read_buffer_len(get(), read_ahead_bytes);
}

tls_channel::tls_channel(const workload& load, const context& shared)
    : socket_(connect_to_server(load)), ssl_(SSL_new(shared.get()), SSL_free) {
    require(ssl_ != nullptr, "SSL_new");
    require(X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), load.host.c_str()) == 1,
            "X509_VERIFY_PARAM_set1_ip_asc");
    require(SSL_set_fd(ssl_.get(), fd()) == 1, "SSL_set_fd");
    require(SSL_connect(ssl_.get()) == 1, "SSL_connect");
    make_non_blocking(socket_);
}

std::optional<std::size_t> tls_channel::read(std::span<char> into) {
    std::size_t got = 0;
    if (SSL_read_ex(ssl_.get(), into.data(), into.size(), &got) == 1) return got;
    require(SSL_get_error(ssl_.get(), 0) == SSL_ERROR_WANT_READ, "SSL_read");
    return std::nullopt;
}

void tls_channel::write(std::string_view request) {
    std::size_t sent = 0;
    require(SSL_write_ex(ssl_.get(), request.data(), request.size(), &sent) == 1, "SSL_write");
}

std::optional<std::size_t> tls_channel::write_some(std::span<const char> bytes) {
    std::size_t sent = 0;
    if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent) == 1) return sent;
    require(SSL_get_error(ssl_.get(), 0) == SSL_ERROR_WANT_WRITE, "SSL_write");
    return std::nullopt;
}

}  // namespace cairn::bench
