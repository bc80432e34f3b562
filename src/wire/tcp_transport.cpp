#include "core/completion.hpp"
#include "core/strand.hpp"
#include "wire/connect_errors.hpp"
#include "wire/tcp_stream.hpp"
#include "wire/tls.hpp"

#include <cairn/wire/transport.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <mutex>
#include <sys/socket.h>

namespace cairn::wire {

bool socket_is_quiet(int fd) noexcept {
    char c;
    return ::recv(fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
}

void shut_down(int fd) noexcept {
    ::shutdown(fd, SHUT_RDWR);
}

namespace {

using asio::ip::tcp;

// A look-up that its caller may leave: getaddrinfo(3) can't be interrupted, so the answer outlives
// it.
struct lookup {
    explicit lookup(const asio::any_io_executor& ex) : resolver(ex) {}
    tcp::resolver resolver;
    std::shared_ptr<completion> answered = std::make_shared<completion>();
    error_code failed;
    std::vector<tcp::endpoint> addresses;
};

class tcp_transport final : public transport {
  public:
    explicit tcp_transport(tls_options options) : options_(std::move(options)) {}

    // Made on first use: reading the system's trusted CAs takes longer than many a program lives.
    result<std::shared_ptr<tls_context>> tls() {
        const std::lock_guard lock(mutex_);
        if (!tls_) {
            auto made = tls_context::create(options_);
            if (!made) return made.error();
            tls_ = std::move(*made);
        }
        return tls_;
    }

    awaitable<result<std::vector<tcp::endpoint>>> resolve(std::string host,
                                                          std::uint16_t port) override {
        error_code not_literal;
        const auto literal = asio::ip::make_address(host, not_literal);
        if (!not_literal) co_return std::vector{tcp::endpoint(literal, port)};

        const auto query = std::make_shared<lookup>(co_await asio::this_coro::executor);
        query->resolver.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service,
                                      [query](error_code ec, tcp::resolver::results_type found) {
                                          query->failed = ec;
                                          for (const auto& entry : found)
                                              query->addresses.push_back(entry.endpoint());
                                          query->answered->complete();
                                      });
        const bool answered = co_await query->answered->wait();
        if (!answered) throw boost::system::system_error(asio::error::operation_aborted);
        if (!query->failed && !query->addresses.empty()) co_return std::move(query->addresses);
        co_return resolve_error(host, query->failed);
    }

    awaitable<result<std::unique_ptr<stream>>> connect(tcp::endpoint address) override {
        const auto executor = co_await asio::this_coro::executor;
        tcp::socket socket(off_strands(executor));
        const auto connected =
            co_await socket.async_connect(address, asio::as_tuple(asio::use_awaitable));
        error_code failed = std::get<0>(connected);
        if (failed == asio::error::operation_aborted) throw boost::system::system_error(failed);
        if (!failed) socket.set_option(tcp::no_delay(true), failed);
        if (!failed) socket.native_non_blocking(true, failed);
        if (failed) co_return connect_error(address, failed);
        co_return std::make_unique<tcp_stream>(std::move(socket));
    }

    awaitable<result<std::unique_ptr<stream>>> secure(std::unique_ptr<stream> plain,
                                                      std::string server_name) override {
        const auto context = tls();
        if (!context) co_return context.error();
        auto* connected = dynamic_cast<tcp_stream*>(plain.get());
        if (!connected)
            co_return error(errc::tls_failed,
                            "secure() takes a stream that the same transport has connected");
        auto socket = connected->release();
        co_return co_await (*context)->handshake(std::move(socket), std::move(server_name));
    }

  private:
    const tls_options options_;
    std::mutex mutex_;
    std::shared_ptr<tls_context> tls_;
};

}  // namespace

result<std::shared_ptr<transport>> make_transport(const tls_options& options) {
    auto made = std::make_shared<tcp_transport>(options);
    // CAs that the caller names must be right now, not at the first request.
    const bool named = !options.ca_file.empty() || !options.ca_path.empty();
    if (named) {
        const auto tls = made->tls();
        if (!tls) return tls.error();
    }
    return std::shared_ptr<transport>(std::move(made));
}

}  // namespace cairn::wire
