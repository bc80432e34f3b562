#include "wire/tcp_stream.hpp"

#include <cairn/testing/simulated_s3.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <set>

namespace cairn::testing {

using asio::ip::tcp;

namespace {

using namespace std::chrono_literals;

constexpr auto accept_pause = 50ms;

/// Streams that can be shut down all at once. Used on one strand.
class open_streams {
  public:
    void add(wire::stream& one) { all_.insert(&one); }
    void remove(wire::stream& one) noexcept { all_.erase(&one); }
    void shutdown_all() {
        for (auto* each : all_) each->shutdown();
    }

  private:
    std::set<wire::stream*> all_;
};

class listed_stream final : public wire::tcp_stream {
  public:
    listed_stream(tcp::socket socket, std::shared_ptr<open_streams> all)
        : tcp_stream(std::move(socket)), all_(std::move(all)) {
        all_->add(*this);
    }
    listed_stream(const listed_stream&) = delete;
    listed_stream& operator=(const listed_stream&) = delete;
    ~listed_stream() override { all_->remove(*this); }

  private:
    std::shared_ptr<open_streams> all_;
};

}  // namespace

struct s3_listener::state {
    state(const asio::any_io_executor& executor, simulated_s3 served)
        : s3(std::move(served)),
          strand(asio::make_strand(executor)),
          acceptor(strand, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          pause(strand),
          port(acceptor.local_endpoint().port()) {}

    static awaitable<void> accept_all(std::shared_ptr<state> s) {
        for (;;) {
            auto accepted = co_await s->acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
            if (!s->acceptor.is_open()) co_return;
            if (std::get<0>(accepted)) {  // out of file descriptors, say
                s->pause.expires_after(accept_pause);
                co_await s->pause.async_wait(asio::as_tuple(asio::use_awaitable));
            } else {
                s->serve(std::move(std::get<1>(accepted)));
            }
        }
    }
    void serve(tcp::socket socket) {
        error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        auto stream = std::make_unique<listed_stream>(std::move(socket), streams);
        asio::co_spawn(strand, s3.serve(std::move(stream)), asio::detached);
    }

    simulated_s3 s3;
    asio::strand<asio::any_io_executor> strand;
    tcp::acceptor acceptor;
    asio::steady_timer pause;
    const std::uint16_t port;
    std::shared_ptr<open_streams> streams = std::make_shared<open_streams>();
};

s3_listener simulated_s3::listen(asio::any_io_executor executor) const {
    auto made = std::make_shared<s3_listener::state>(executor, *this);
    asio::co_spawn(made->strand, s3_listener::state::accept_all(made), asio::detached);
    return s3_listener(std::move(made));
}

s3_listener& s3_listener::operator=(s3_listener&& other) noexcept {
    if (this == &other) return *this;
    stop();
    state_ = std::move(other.state_);
    return *this;
}

s3_listener::~s3_listener() {
    stop();
}

std::string s3_listener::endpoint() const {
    return "http://127.0.0.1:" + std::to_string(state_->port);
}

// Without memory for it, connections end with their context.
void s3_listener::stop() noexcept try {
    if (!state_) return;
    asio::dispatch(state_->strand, [s = state_] {
        error_code ignored;
        s->acceptor.close(ignored);
        s->pause.cancel();
        s->streams->shutdown_all();
    });
} catch (const std::exception&) {
    return;
}

}  // namespace cairn::testing
