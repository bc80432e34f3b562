#include "support/peer.hpp"

#include "core/completion.hpp"

#include <cairn/core/ascii.hpp>
#include <cairn/core/bytes.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <list>

namespace cairn::test {

using asio::ip::tcp;
using wire::io_result;

namespace {

// One direction of a simulated connection.
struct pipe {
    std::string data;
    bool closed = false;
    std::shared_ptr<completion> changed;  // who waits

    void wake() {
        if (const auto waiter = std::exchange(changed, nullptr)) waiter->complete();
    }
    awaitable<bool> change() {
        changed = std::make_shared<completion>();
        return wait(changed);
    }
    void close() {
        closed = true;
        wake();
    }

  private:
    static awaitable<bool> wait(std::shared_ptr<completion> what) {
        const bool woken = co_await what->wait();
        co_return woken;
    }
};

// Reading and writing wait on a pipe of their own each, so that both may be pending at once.
class simulated_stream final : public wire::stream {
  public:
    simulated_stream(std::shared_ptr<pipe> in, std::shared_ptr<pipe> out, std::size_t max_transfer,
                     std::size_t window, std::shared_ptr<int> open)
        : in_(std::move(in)),
          out_(std::move(out)),
          max_transfer_(max_transfer),
          window_(window),
          open_(std::move(open)) {
        ++*open_;
    }
    ~simulated_stream() override {
        simulated_stream::shutdown();
        --*open_;
    }

    awaitable<io_result> read_some(asio::mutable_buffer into) override {
        const auto in = in_;
        while (in->data.empty() && !in->closed) {
            const bool changed = co_await in->change();
            if (!changed) co_return io_result(asio::error::operation_aborted, 0);
        }
        if (in->data.empty()) co_return io_result(asio::error::eof, 0);
        const auto n = std::min({into.size(), in->data.size(), max_transfer_});
        std::copy_n(in->data.data(), n, static_cast<char*>(into.data()));
        in->data.erase(0, n);
        in->wake();
        co_return io_result(error_code{}, n);
    }

    awaitable<io_result> write_some(std::span<const asio::const_buffer> from) override {
        const auto out = out_;
        while (out->data.size() >= window_ && !out->closed) {
            const bool changed = co_await out->change();
            if (!changed) co_return io_result(asio::error::operation_aborted, 0);
        }
        if (out->closed) co_return io_result(asio::error::broken_pipe, 0);
        std::size_t n = 0;
        for (const auto& b : from) {
            const auto take = std::min(b.size(), max_transfer_ - n);
            out->data.append(static_cast<const char*>(b.data()), take);
            n += take;
        }
        out->wake();
        co_return io_result(error_code{}, n);
    }

    bool is_quiet() noexcept override { return in_->data.empty() && !in_->closed; }
    void shutdown() noexcept override {
        in_->close();
        out_->close();
    }

  private:
    std::shared_ptr<pipe> in_, out_;
    std::size_t max_transfer_, window_;
    std::shared_ptr<int> open_;
};

class socket_stream final : public wire::stream {
  public:
    explicit socket_stream(tcp::socket socket) : socket_(std::move(socket)) {}
    awaitable<io_result> read_some(asio::mutable_buffer into) override {
        return socket_.async_read_some(into, asio::as_tuple(asio::use_awaitable));
    }
    awaitable<io_result> write_some(std::span<const asio::const_buffer> from) override {
        return socket_.async_write_some(from, asio::as_tuple(asio::use_awaitable));
    }
    bool is_quiet() noexcept override { return true; }
    void shutdown() noexcept override {
        error_code ignored;
        socket_.shutdown(tcp::socket::shutdown_both, ignored);
    }

  private:
    tcp::socket socket_;
};

awaitable<void> play(script server, std::unique_ptr<wire::stream> stream, int n) {
    peer at(std::move(stream));
    co_await server(at, n);
}

std::size_t content_length(std::string_view head) {
    const auto lowered = ascii::lower(head);
    const auto at = lowered.find("\r\ncontent-length:");
    if (at == lowered.npos) return 0;
    const auto begin = at + 17;
    const auto value =
        ascii::trim(std::string_view(lowered).substr(begin, lowered.find("\r\n", begin) - begin));
    return static_cast<std::size_t>(parse_u64(value).value_or(0));
}

}  // namespace

awaitable<bool> peer::fill() {
    std::array<char, 4096> piece;
    const auto moved = co_await stream_->read_some(asio::buffer(piece));
    if (std::get<0>(moved)) co_return false;
    in_.append(piece.data(), std::get<1>(moved));
    co_return true;
}

awaitable<std::string> peer::read_head() {
    for (;;) {
        const auto end = in_.find("\r\n\r\n");
        if (end != in_.npos) {
            auto head = in_.substr(0, end + 4);
            in_.erase(0, end + 4);
            co_return head;
        }
        const bool more = co_await fill();
        if (!more) co_return std::string();
    }
}

awaitable<std::string> peer::read(std::size_t n) {
    while (in_.size() < n) {
        const bool more = co_await fill();
        if (!more) break;
    }
    auto data = in_.substr(0, n);
    in_.erase(0, data.size());
    co_return data;
}

awaitable<std::string> peer::read_request() {
    auto request = co_await read_head();
    if (request.empty()) co_return request;
    request += co_await read(content_length(request));
    co_return request;
}

awaitable<void> peer::read_to_end() {
    for (;;) {
        in_.clear();
        const bool more = co_await fill();
        if (!more) co_return;
    }
}

awaitable<void> peer::send(std::string data) {
    std::string_view left = data;
    while (!left.empty()) {
        const std::array<asio::const_buffer, 1> piece{asio::buffer(left)};
        const auto moved = co_await stream_->write_some(piece);
        if (std::get<0>(moved)) co_return;
        left.remove_prefix(std::get<1>(moved));
    }
}

script replies(std::vector<std::string> list) {
    return [list = std::move(list), next = std::make_shared<std::size_t>(0)](
               peer& at, int) -> awaitable<void> {
        for (;;) {
            const auto request = co_await at.read_request();
            if (request.empty()) co_return;
            const auto i = std::min((*next)++, list.size() - 1);
            co_await at.send(list[i]);
        }
    };
}

std::string reply(int status, const std::string& body, const std::string& more_headers) {
    return "HTTP/1.1 " + std::to_string(status) +
           " Status\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more_headers +
           "\r\n" + body;
}

awaitable<result<std::vector<tcp::endpoint>>> simulated_transport::resolve(std::string,
                                                                           std::uint16_t port) {
    co_await asio::post(asio::use_awaitable);
    co_return std::vector{tcp::endpoint(asio::ip::make_address("192.0.2.1"), port)};
}

awaitable<result<std::unique_ptr<wire::stream>>> simulated_transport::connect(tcp::endpoint) {
    co_await asio::post(asio::use_awaitable);
    if (refuse > 0) {
        --refuse;
        co_return error(errc::connect_failed, "connect to 192.0.2.1:80");
    }
    const auto to_server = std::make_shared<pipe>();
    const auto to_client = std::make_shared<pipe>();
    auto theirs = std::make_unique<simulated_stream>(to_server, to_client, max_transfer, window,
                                                     std::make_shared<int>(0));
    auto ours =
        std::make_unique<simulated_stream>(to_client, to_server, max_transfer, window, open_);
    asio::co_spawn(co_await asio::this_coro::executor,
                   play(server_, std::move(theirs), connections_++), asio::detached);
    co_return ours;
}

awaitable<result<std::unique_ptr<wire::stream>>> simulated_transport::secure(
    std::unique_ptr<wire::stream> plain, std::string) {
    co_return std::move(plain);
}

struct scripted_server::state {
    state(asio::io_context& context, script s)
        : server(std::move(s)),
          acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {}
    script server;
    tcp::acceptor acceptor;
    int connections = 0;
};

scripted_server::scripted_server(asio::io_context& context, script server)
    : state_(std::make_shared<state>(context, std::move(server))) {
    const auto serve = [](std::shared_ptr<state> s) -> awaitable<void> {
        for (;;) {
            auto accepted = co_await s->acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
            if (std::get<0>(accepted)) co_return;
            auto stream = std::make_unique<socket_stream>(std::move(std::get<1>(accepted)));
            asio::co_spawn(s->acceptor.get_executor(),
                           play(s->server, std::move(stream), s->connections++), asio::detached);
        }
    };
    asio::co_spawn(context, serve(state_), asio::detached);
}

scripted_server::~scripted_server() {
    stop();
}
std::uint16_t scripted_server::port() const {
    return state_->acceptor.local_endpoint().port();
}
int scripted_server::connections() const noexcept {
    return state_->connections;
}
void scripted_server::stop() {
    error_code ignored;
    state_->acceptor.close(ignored);
}

}  // namespace cairn::test
