#include "support/fault_proxy.hpp"

#include <cairn/core/error.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace cairn::test {

using asio::ip::tcp;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// The bytes of interim replies that `text` starts with; all of it while that can't be told.
std::size_t interim_size(std::string_view text) {
    constexpr std::string_view interim = "HTTP/1.1 1";
    std::size_t at = 0;
    for (;;) {
        const auto rest = text.substr(at);
        if (rest.size() < interim.size()) return text.size();
        if (!rest.starts_with(interim)) return at;
        const auto end = rest.find("\r\n\r\n");
        if (end == rest.npos) return text.size();
        at += end + 4;
    }
}

}  // namespace

struct fault_proxy::state {
    state(asio::io_context& context, std::uint16_t server_port, fault_schedule s)
        : acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          server(asio::ip::address_v4::loopback(), server_port),
          schedule(std::move(s)) {}

    tcp::acceptor acceptor;
    tcp::endpoint server;
    fault_schedule schedule;
    std::vector<event> events;
    std::vector<std::weak_ptr<session>> sessions;
};

/// One client's connection, and the one to the server that goes with it. Requests and replies are
/// passed on by a coroutine each; whatever the server sends belongs to the latest request, since
/// clients don't pipeline.
class fault_proxy::session : public std::enable_shared_from_this<session> {
  public:
    session(tcp::socket client, std::shared_ptr<state> owner)
        : client_(std::move(client)),
          server_(client_.get_executor()),
          timer_(client_.get_executor()),
          owner_(std::move(owner)) {}

    static awaitable<void> run(std::shared_ptr<session> self) {
        error_code ignored;
        const auto connected =
            co_await self->server_.async_connect(self->owner_->server, as_result);
        if (std::get<0>(connected)) co_return self->reset();
        // Pieces go on as they come: Linux would wait 40 ms for more.
        for (auto* const end : {&self->client_, &self->server_})
            end->set_option(tcp::no_delay(true), ignored);
        asio::co_spawn(self->client_.get_executor(), pass_replies(self), asio::detached);
        for (;;) {
            const bool next = co_await self->pass_request();
            if (!next) co_return self->close();
        }
    }

    void close() {
        error_code ignored;
        client_.close(ignored);
        server_.close(ignored);
        timer_.cancel();
    }

  private:
    void reset() {
        error_code ignored;
        client_.set_option(tcp::socket::linger(true, 0), ignored);
        close();
    }
    void strike() { owner_->events[event_].struck = true; }

    void begin(const request_head& head) {
        plan_ = owner_->schedule.next(head);
        request_ = head;
        event_ = owner_->events.size();
        event begun;
        begun.request = head.line;
        begun.what = plan_.what;
        owner_->events.push_back(std::move(begun));
        sent_.clear();
        reply_begin_.clear();
        replied_ = 0;
        cut_at_ = 0;
        in_reply_ = false;
    }

    awaitable<bool> fill() {
        std::array<char, 65536> piece{};
        const auto read = co_await client_.async_read_some(asio::buffer(piece), as_result);
        if (std::get<0>(read)) co_return false;
        in_.append(piece.data(), std::get<1>(read));
        co_return true;
    }

    awaitable<bool> pass_request() {
        while (in_.find("\r\n\r\n") == in_.npos) {
            const bool more = co_await fill();
            if (!more) co_return false;
        }
        const request_head head(in_.substr(0, in_.find("\r\n\r\n") + 4));
        begin(head);
        if (plan_.what == wire_fault::refuse) co_return break_off();
        const bool whole = plan_.what != wire_fault::cut_request;
        const auto part = 1 + plan_.die % (head.total() - 1);
        const bool passed = co_await pass_bytes(whole ? head.total() : part);
        if (!whole) co_return break_off();
        co_return passed;
    }

    bool break_off() {
        strike();
        reset();
        return false;
    }

    awaitable<bool> pass_bytes(std::size_t count) {
        const auto corrupted =
            request_->size + plan_.die % std::max<std::size_t>(request_->body_size, 1);
        for (std::size_t done = 0; done < count;) {
            if (in_.empty()) {
                const bool more = co_await fill();
                if (!more) co_return false;
            }
            std::string piece = in_.substr(0, count - done);
            in_.erase(0, piece.size());
            if (plan_.what == wire_fault::corrupt && corrupted - done < piece.size()) {
                piece[corrupted - done] ^= 1;
                strike();
            }
            done += piece.size();
            if (plan_.what == wire_fault::twice) sent_ += piece;
            const auto written =
                co_await asio::async_write(server_, asio::buffer(piece), as_result);
            if (std::get<0>(written)) co_return false;
        }
        co_return true;
    }

    static awaitable<void> pass_replies(std::shared_ptr<session> self) {
        std::vector<char> piece(65536);
        for (;;) {
            const auto read =
                co_await self->server_.async_read_some(asio::buffer(piece), as_result);
            if (std::get<0>(read)) break;
            std::string text(piece.data(), std::get<1>(read));
            const bool goes_on = co_await self->pass_reply(std::move(text));
            if (!goes_on) break;
        }
        self->close();
    }

    awaitable<bool> pass_reply(std::string text) {
        if (!in_reply_) {
            reply_begin_ += text;
            const auto interim = interim_size(reply_begin_);
            text = std::exchange(reply_begin_, {});
            in_reply_ = interim < text.size();
            if (in_reply_) {
                const reply_head head(std::string_view(text).substr(interim));
                const auto cut_of = owner_->schedule.cut_of(plan_, *request_, head);
                if (cut_of > 0) cut_at_ = replied_ + interim + cut_of;
                const bool passes = co_await meet_reply(head.status / 100 == 2);
                if (!passes) co_return false;
            }
        }
        const bool cut = cut_at_ > 0 && replied_ + text.size() >= cut_at_;
        if (cut) text.resize(cut_at_ - replied_);
        replied_ += text.size();
        const auto written = co_await asio::async_write(client_, asio::buffer(text), as_result);
        if (!cut) co_return !std::get<0>(written);
        strike();
        if (!plan_.gently) reset();
        co_return false;
    }

    /// What happens when the server has begun to reply.
    awaitable<bool> meet_reply(bool success) {
        if (plan_.what == wire_fault::lose_reply) co_return break_off();
        if (plan_.what == wire_fault::silence) {
            strike();
            timer_.expires_at(asio::steady_timer::time_point::max());
            co_await timer_.async_wait(as_result);
            co_return false;
        }
        if (plan_.what == wire_fault::delay) {
            strike();
            timer_.expires_after(plan_.pause);
            co_await timer_.async_wait(as_result);
        }
        if (plan_.what == wire_fault::twice && success) co_await send_again();
        co_return client_.is_open();
    }

    awaitable<void> send_again() {
        const auto request = std::move(sent_);
        const auto at = event_;
        tcp::socket again(client_.get_executor());
        const auto connected = co_await again.async_connect(owner_->server, as_result);
        if (std::get<0>(connected)) co_return;
        const auto written = co_await asio::async_write(again, asio::buffer(request), as_result);
        if (std::get<0>(written)) co_return;
        owner_->events[at].struck = true;
        // Until it has been carried out: later, it might undo what the client does next.
        std::string reply;
        std::array<char, 4096> piece{};
        while (interim_size(reply) == reply.size()) {
            const auto read = co_await again.async_read_some(asio::buffer(piece), as_result);
            if (std::get<0>(read)) co_return;
            reply.append(piece.data(), std::get<1>(read));
        }
    }

    tcp::socket client_;
    tcp::socket server_;
    asio::steady_timer timer_;
    std::shared_ptr<state> owner_;
    std::string in_;  ///< What the client has sent and the server has not got.

    // Of the latest request:
    std::optional<request_head> request_;
    fault_schedule::choice plan_;
    std::size_t event_ = 0;
    std::string sent_;         ///< All of it, to be sent again.
    std::string reply_begin_;  ///< Until it is known to be more than interim.
    std::size_t replied_ = 0;
    std::size_t cut_at_ = 0;  ///< How much of the reply is passed on, interim ones before it too.
    bool in_reply_ = false;
};

fault_proxy::fault_proxy(asio::io_context& context, std::uint16_t server_port,
                         fault_schedule schedule)
    : state_(std::make_shared<state>(context, server_port, std::move(schedule))) {
    const auto serve = [](std::shared_ptr<state> s) -> awaitable<void> {
        for (;;) {
            auto accepted = co_await s->acceptor.async_accept(as_result);
            if (std::get<0>(accepted)) co_return;
            const auto opened = std::make_shared<session>(std::move(std::get<1>(accepted)), s);
            s->sessions.push_back(opened);
            asio::co_spawn(s->acceptor.get_executor(), session::run(opened), asio::detached);
        }
    };
    asio::co_spawn(context, serve(state_), asio::detached);
}

fault_proxy::~fault_proxy() {
    stop();
}

fault_schedule& fault_proxy::schedule() noexcept {
    return state_->schedule;
}

std::string fault_proxy::endpoint() const {
    return "http://127.0.0.1:" + std::to_string(state_->acceptor.local_endpoint().port());
}

const std::vector<fault_proxy::event>& fault_proxy::events() const noexcept {
    return state_->events;
}

bool fault_proxy::explains_failure(std::string_view part, std::size_t since) const {
    const auto begin = state_->events.begin() + static_cast<std::ptrdiff_t>(since);
    return std::any_of(begin, state_->events.end(), [&](const event& e) {
        return e.struck && breaks(e.what) && e.request.find(part) != e.request.npos;
    });
}

void fault_proxy::stop() {
    error_code ignored;
    state_->acceptor.close(ignored);
    for (const auto& one : state_->sessions)
        if (const auto open = one.lock()) open->close();
}

}  // namespace cairn::test
