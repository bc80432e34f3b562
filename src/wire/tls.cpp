#include "wire/tls.hpp"

#include "wire/socket.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <sys/socket.h>

namespace cairn::wire {
namespace {

using asio::ip::tcp;

struct ssl_deleter {
    void operator()(SSL* p) const noexcept { SSL_free(p); }
    void operator()(SSL_CTX* p) const noexcept { SSL_CTX_free(p); }
};
using ssl_ptr = std::unique_ptr<SSL, ssl_deleter>;
using ssl_ctx_ptr = std::unique_ptr<SSL_CTX, ssl_deleter>;

// Two records at once, and not a recv(2) for the head and the body of each; measured: 7 % of a bulk
// download's CPU, and more of it back with 128 KiB.
constexpr std::size_t record_read_ahead_bytes = 33 * 1024;
// So much is moved in a row before other coroutines have their turn.
constexpr std::size_t turn_bytes = 1024 * 1024;

// OpenSSL's socket BIO writes with write(2), whose SIGPIPE would end the program.
namespace socket_bio {

int fd_of(BIO* bio) {
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

bool would_block() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

int read(BIO* bio, char* into, int size) {
    const auto n = ::recv(fd_of(bio), into, static_cast<std::size_t>(size), 0);
    BIO_clear_retry_flags(bio);
    if (n < 0 && would_block()) BIO_set_retry_read(bio);
    if (n == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return static_cast<int>(n);
}

int write(BIO* bio, const char* from, int size) {
    const auto n = ::send(fd_of(bio), from, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    BIO_clear_retry_flags(bio);
    if (n < 0 && would_block()) BIO_set_retry_write(bio);
    return static_cast<int>(n);
}

long control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_FLUSH) return 1;
    if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    return 0;
}

const BIO_METHOD* method() {
    static const BIO_METHOD* const instance = [] {
        BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "cairn socket");
        BIO_meth_set_read(m, read);
        BIO_meth_set_write(m, write);
        BIO_meth_set_ctrl(m, control);
        return m;
    }();
    return instance;
}

BIO* create(int fd) {
    BIO* bio = BIO_new(method());
    // NOLINTNEXTLINE(performance-no-int-to-ptr): a BIO has room for a pointer only.
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
    BIO_set_init(bio, 1);
    return bio;
}

}  // namespace socket_bio

// The system's error if there is one, which OpenSSL's own later ones only follow from.
std::string last_openssl_error() {
    std::string said;
    while (const auto code = ERR_get_error()) {
        if (ERR_SYSTEM_ERROR(code)) {
            ERR_clear_error();
            return std::generic_category().message(ERR_GET_REASON(code));
        }
        if (const char* reason = ERR_reason_error_string(code)) said = reason;
    }
    return said.empty() ? "no further reason" : said;
}

class tls_stream final : public stream {
  public:
    tls_stream(tcp::socket socket, ssl_ptr ssl)
        : socket_(std::move(socket)), ssl_(std::move(ssl)) {}

    // A peer that always has more, or always takes more, would otherwise keep one coroutine running
    // and all others, a cancellation among them, waiting. Others have their turn before bytes are
    // moved: cancelled there, a call has moved none.
    //
    // One blocked call of either kind waits for the readiness that OpenSSL asks for; the bytes of a
    // pending record stay in OpenSSL, so a cancelled wait loses nothing.
    awaitable<io_result> read_some(asio::mutable_buffer into) override {
        if (since_wait_ >= turn_bytes) {
            since_wait_ = 0;
            co_await asio::post(asio::use_awaitable);
        }
        for (;;) {
            const auto n = read_available(into);
            since_wait_ += n;
            if (n > 0) co_return io_result(error_code{}, n);
            const auto failed = co_await wait_or_fail(last_);
            if (failed) co_return io_result(failed, 0);
        }
    }

    awaitable<io_result> write_some(std::span<const asio::const_buffer> from) override {
        if (since_wait_ >= turn_bytes) {
            since_wait_ = 0;
            co_await asio::post(asio::use_awaitable);
        }
        const auto piece = gather(from);
        for (;;) {
            ERR_clear_error();
            std::size_t n = 0;
            const int done = SSL_write_ex(ssl_.get(), piece.data(), piece.size(), &n);
            since_wait_ += n;
            if (done == 1) co_return io_result(error_code{}, n);
            const auto failed = co_await wait_or_fail(SSL_get_error(ssl_.get(), done));
            if (failed) co_return io_result(failed, 0);
        }
    }

    awaitable<result<void>> connect() {
        for (;;) {
            ERR_clear_error();
            const int done = SSL_connect(ssl_.get());
            if (done == 1) co_return result<void>();
            const int why = SSL_get_error(ssl_.get(), done);
            const auto openssl_says = why == SSL_ERROR_SSL ? last_openssl_error() : std::string();
            const auto failed = co_await wait_or_fail(why);
            if (failed == asio::error::operation_aborted) throw boost::system::system_error(failed);
            if (failed) co_return handshake_error(failed, openssl_says);
        }
    }

    bool is_quiet() noexcept override {
        if (!socket_is_quiet(socket_.native_handle())) {
            // Session tickets come at any time; only OpenSSL can tell them from data and from the
            // end.
            char c;
            ERR_clear_error();
            std::size_t n = 0;
            const int done = SSL_peek_ex(ssl_.get(), &c, 1, &n);
            const bool quiet = done != 1 && SSL_get_error(ssl_.get(), done) == SSL_ERROR_WANT_READ;
            ERR_clear_error();
            return quiet;
        }
        return SSL_has_pending(ssl_.get()) == 0;
    }

    void shutdown() noexcept override { shut_down(socket_.native_handle()); }

  private:
    std::size_t read_available(asio::mutable_buffer into) {
        std::size_t total = 0;
        while (into.size() > 0) {
            ERR_clear_error();
            std::size_t n = 0;
            const int done = SSL_read_ex(ssl_.get(), into.data(), into.size(), &n);
            if (done != 1) {
                last_ = SSL_get_error(ssl_.get(), done);
                break;
            }
            total += n;
            into += n;
        }
        return total;
    }

    awaitable<error_code> wait_or_fail(int why) {
        since_wait_ = 0;
        if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) {
            const auto readiness =
                why == SSL_ERROR_WANT_READ ? tcp::socket::wait_read : tcp::socket::wait_write;
            const auto waited =
                co_await socket_.async_wait(readiness, asio::as_tuple(asio::use_awaitable));
            co_return std::get<0>(waited);
        }
        if (why == SSL_ERROR_ZERO_RETURN) co_return asio::error::eof;
        if (why == SSL_ERROR_SYSCALL && errno != 0)
            co_return error_code(errno, boost::system::system_category());
        co_return make_error_code(errc::tls_failed);
    }

    // A request's head and a small body go in one record.
    asio::const_buffer gather(std::span<const asio::const_buffer> from) {
        constexpr std::size_t record_bytes = 16 * 1024;
        std::size_t parts = 0;
        asio::const_buffer only;
        for (const auto& b : from)
            if (b.size() > 0) only = b, ++parts;
        if (parts <= 1) return only;
        gathered_.resize(record_bytes);
        return asio::buffer(gathered_.data(), asio::buffer_copy(asio::buffer(gathered_), from));
    }

    error handshake_error(error_code failed, const std::string& openssl_says) const {
        error e(errc::tls_failed);
        const long verified = SSL_get_verify_result(ssl_.get());
        if (verified != X509_V_OK)
            e.detail(std::string("the server's certificate is refused: ") +
                     X509_verify_cert_error_string(verified));
        else
            e.detail(openssl_says.empty() ? "the server ended the handshake" : openssl_says);
        if (failed != errc::tls_failed) e.cause(failed);
        return e;
    }

    tcp::socket socket_;
    ssl_ptr ssl_;
    std::vector<char> gathered_;
    std::size_t since_wait_ = 0;
    int last_ = SSL_ERROR_NONE;
};

bool expect_host(SSL* ssl, const std::string& name) {
    error_code not_ip;
    asio::ip::make_address(name, not_ip);
    X509_VERIFY_PARAM* param = SSL_get0_param(ssl);
    if (!not_ip) return X509_VERIFY_PARAM_set1_ip_asc(param, name.c_str()) == 1;
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return X509_VERIFY_PARAM_set1_host(param, name.c_str(), name.size()) == 1 &&
           SSL_set_tlsext_host_name(ssl, name.c_str()) == 1;
}

result<void> load_trust(SSL_CTX* ctx, const tls_options& options) {
    if (options.ca_file.empty() && options.ca_path.empty()) {
        SSL_CTX_set_default_verify_paths(ctx);
        return {};
    }
    const auto refused = [](const std::string& what) {
        return error(errc::invalid_configuration,
                     what + " can't be used as trusted certificates: " + last_openssl_error());
    };
    if (!options.ca_file.empty() && SSL_CTX_load_verify_file(ctx, options.ca_file.c_str()) != 1)
        return refused("CA file " + options.ca_file);
    if (!options.ca_path.empty() && SSL_CTX_load_verify_dir(ctx, options.ca_path.c_str()) != 1)
        return refused("CA path " + options.ca_path);
    return {};
}

}  // namespace

result<std::shared_ptr<tls_context>> tls_context::create(const tls_options& options) {
    ssl_ctx_ptr ctx(SSL_CTX_new(TLS_client_method()));
    if (!ctx) return error(errc::tls_failed, "OpenSSL can't start: " + last_openssl_error());
    SSL_CTX_set_min_proto_version(ctx.get(), TLS1_2_VERSION);
    SSL_CTX_set_verify(ctx.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(ctx.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(ctx.get(), 1);
    SSL_CTX_set_default_read_buffer_len(ctx.get(), record_read_ahead_bytes);
    static constexpr unsigned char http_1_1[] = "\x08http/1.1";
    SSL_CTX_set_alpn_protos(ctx.get(), http_1_1, sizeof http_1_1 - 1);
    if (const auto trust = load_trust(ctx.get(), options); !trust) return trust.error();
    return std::shared_ptr<tls_context>(new tls_context(ctx.release()));
}

tls_context::~tls_context() {
    SSL_CTX_free(static_cast<SSL_CTX*>(native_));
}

awaitable<result<std::unique_ptr<stream>>> tls_context::handshake(tcp::socket socket,
                                                                  std::string server_name) {
    ssl_ptr ssl(SSL_new(static_cast<SSL_CTX*>(native_)));
    if (!ssl || !expect_host(ssl.get(), server_name))
        co_return error(errc::tls_failed,
                        "\"" + server_name + "\" can't be verified: " + last_openssl_error());
    BIO* bio = socket_bio::create(socket.native_handle());
    SSL_set_bio(ssl.get(), bio, bio);
    auto secured = std::make_unique<tls_stream>(std::move(socket), std::move(ssl));
    const auto connected = co_await secured->connect();
    if (!connected) {
        error failed = connected.error();
        failed.detail(failed.detail() + " (" + server_name + ")");
        co_return failed;
    }
    co_return std::unique_ptr<stream>(std::move(secured));
}

}  // namespace cairn::wire
