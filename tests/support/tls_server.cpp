#include "support/tls_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#ifdef BOOST_ASIO_SEPARATE_COMPILATION
#include <boost/asio/ssl/impl/src.hpp>
#endif

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <unistd.h>

namespace cairn::test {

using asio::ip::tcp;
using wire::io_result;

namespace {

struct deleter {
    void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
    void operator()(X509* p) const { X509_free(p); }
    void operator()(BIO* p) const { BIO_free(p); }
};
using key_ptr = std::unique_ptr<EVP_PKEY, deleter>;
using certificate_ptr = std::unique_ptr<X509, deleter>;

template <class Write>
std::string pem(Write write) {
    const std::unique_ptr<BIO, deleter> bio(BIO_new(BIO_s_mem()));
    write(bio.get());
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

certificate_ptr certify(EVP_PKEY* subject_key, const char* name, X509* issuer, EVP_PKEY* issuer_key,
                        bool expired) {
    static long serial = 1;
    certificate_ptr certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -7200);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), expired ? -3600 : 3600);
    X509_set_pubkey(certificate.get(), subject_key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    X509_set_issuer_name(certificate.get(),
                         X509_get_subject_name(issuer ? issuer : certificate.get()));
    if (!issuer)
        extend(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    if (!issuer) X509_sign(certificate.get(), issuer_key, EVP_sha256());
    return certificate;
}

using tls_socket = asio::ssl::stream<tcp::socket>;

class tls_peer_stream final : public wire::stream {
  public:
    explicit tls_peer_stream(std::unique_ptr<tls_socket> socket) : socket_(std::move(socket)) {}
    awaitable<io_result> read_some(asio::mutable_buffer into) override {
        return socket_->async_read_some(into, asio::as_tuple(asio::use_awaitable));
    }
    awaitable<io_result> write_some(std::span<const asio::const_buffer> from) override {
        return socket_->async_write_some(from, asio::as_tuple(asio::use_awaitable));
    }
    bool is_quiet() noexcept override { return true; }
    void shutdown() noexcept override {
        error_code ignored;
        socket_->lowest_layer().shutdown(tcp::socket::shutdown_both, ignored);
    }

  private:
    std::unique_ptr<tls_socket> socket_;
};

}  // namespace

struct authority::state {
    key_ptr key{EVP_EC_gen("P-256")};
    certificate_ptr certificate = certify(key.get(), "cairn test CA", nullptr, key.get(), false);
};

authority::authority() : state_(std::make_unique<state>()) {
    std::string path = (std::filesystem::temp_directory_path() / "cairn-ca-XXXXXX").string();
    const int fd = ::mkstemp(path.data());
    ::close(fd);
    file_ = path;
    std::ofstream(file_) << pem(
        [this](BIO* b) { PEM_write_bio_X509(b, state_->certificate.get()); });
}

authority::~authority() {
    std::filesystem::remove(file_);
}

authority::identity authority::issue(const std::string& names, bool expired) const {
    const key_ptr key(EVP_EC_gen("P-256"));
    const auto certificate = certify(key.get(), "cairn test server", state_->certificate.get(),
                                     state_->key.get(), expired);
    extend(certificate.get(), state_->certificate.get(), NID_subject_alt_name, names);
    X509_sign(certificate.get(), state_->key.get(), EVP_sha256());
    identity issued;
    issued.key = pem([&](BIO* b) {
        PEM_write_bio_PrivateKey(b, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    issued.certificate = pem([&](BIO* b) { PEM_write_bio_X509(b, certificate.get()); });
    return issued;
}

struct tls_server::state {
    state(asio::io_context& context, script s)
        : server(std::move(s)),
          tls(asio::ssl::context::tls_server),
          acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {}

    static awaitable<void> serve(std::shared_ptr<state> self) {
        for (int n = 0;; ++n) {
            auto accepted =
                co_await self->acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
            if (std::get<0>(accepted)) co_return;
            asio::co_spawn(self->acceptor.get_executor(),
                           talk(self, std::move(std::get<1>(accepted)), n), asio::detached);
        }
    }
    static awaitable<void> talk(std::shared_ptr<state> self, tcp::socket socket, int n) {
        auto secured = std::make_unique<tls_socket>(std::move(socket), self->tls);
        const auto shaken = co_await secured->async_handshake(asio::ssl::stream_base::server,
                                                              asio::as_tuple(asio::use_awaitable));
        if (std::get<0>(shaken)) co_return;
        const char* name = SSL_get_servername(secured->native_handle(), TLSEXT_NAMETYPE_host_name);
        self->server_name = name ? name : "";
        self->version = SSL_get_version(secured->native_handle());
        peer at(std::make_unique<tls_peer_stream>(std::move(secured)));
        co_await self->server(at, n);
    }

    script server;
    asio::ssl::context tls;
    tcp::acceptor acceptor;
    std::string server_name;
    std::string version;
};

tls_server::tls_server(asio::io_context& context, script server, const authority::identity& who,
                       int newest)
    : state_(std::make_shared<state>(context, std::move(server))) {
    state_->tls.use_private_key(asio::buffer(who.key), asio::ssl::context::pem);
    state_->tls.use_certificate(asio::buffer(who.certificate), asio::ssl::context::pem);
    SSL_CTX_set_max_proto_version(state_->tls.native_handle(), newest);
    asio::co_spawn(context, state::serve(state_), asio::detached);
}

tls_server::~tls_server() {
    error_code ignored;
    state_->acceptor.close(ignored);
}

std::uint16_t tls_server::port() const {
    return state_->acceptor.local_endpoint().port();
}
std::string tls_server::server_name() const {
    return state_->server_name;
}
std::string tls_server::version() const {
    return state_->version;
}

}  // namespace cairn::test
