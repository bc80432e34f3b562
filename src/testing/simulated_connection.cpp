#include "testing/simulated_connection.hpp"

#include "core/completion.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace cairn::testing {

using wire::io_result;

namespace {

side other(side s) {
    return s == side::machine ? side::host : side::machine;
}

void wake(std::shared_ptr<completion>& waiting) {
    if (const auto who = std::exchange(waiting, nullptr)) who->complete();
}

// False: cancelled.
awaitable<bool> wait_on(std::shared_ptr<completion> what) {
    const bool woken = co_await what->wait();
    co_return woken;
}

std::uint64_t narrower(std::uint64_t a, std::uint64_t b) {
    return a == 0 || b == 0 ? std::max(a, b) : std::min(a, b);
}

// Rounded up; without overflow for what one call can send at any bandwidth.
clock::duration time_on_line(std::size_t bytes, std::uint64_t bytes_per_second) {
    if (bytes_per_second == 0) return {};
    constexpr std::uint64_t second = 1'000'000'000;
    const auto whole = bytes / bytes_per_second;
    const auto rest = bytes % bytes_per_second * second;
    return clock::duration(whole * second + (rest + bytes_per_second - 1) / bytes_per_second);
}

}  // namespace

class simulated_connection::end_stream final : public wire::stream {
  public:
    end_stream(std::shared_ptr<simulated_connection> on, side of, std::shared_ptr<int> open)
        : on_(std::move(on)), of_(of), open_(std::move(open)) {
        ++*open_;
    }
    end_stream(const end_stream&) = delete;
    end_stream& operator=(const end_stream&) = delete;
    ~end_stream() override {
        end_stream::shutdown();
        --*open_;
    }

    awaitable<io_result> read_some(asio::mutable_buffer into) override {
        return simulated_connection::read_some(on_, of_, into);
    }
    awaitable<io_result> write_some(std::span<const asio::const_buffer> from) override {
        return simulated_connection::write_some(on_, of_, from);
    }
    bool is_quiet() noexcept override {
        const auto& mine = on_->at(of_);
        return !mine.closed && !mine.ended && !mine.dead && mine.unread.empty();
    }
    // NOLINTNEXTLINE(bugprone-exception-escape): it throws where there is no memory, as in a test.
    void shutdown() noexcept override { on_->close(of_); }

  private:
    std::shared_ptr<simulated_connection> on_;
    side of_;
    std::shared_ptr<int> open_;
};

simulated_connection::simulated_connection(surroundings in, terms of)
    : in_(std::move(in)), terms_(std::move(of)) {}

std::unique_ptr<wire::stream> simulated_connection::stream(side of, std::shared_ptr<int> open) {
    return std::make_unique<end_stream>(shared_from_this(), of, std::move(open));
}

// As with a socket, a call that could go ahead at once lets others have their turn all the same.
awaitable<io_result> simulated_connection::read_some(std::shared_ptr<simulated_connection> self,
                                                     side of, asio::mutable_buffer into) {
    auto& mine = self->at(of);
    if (mine.closed) co_return io_result(asio::error::eof, 0);
    if (of == side::host) self->end_reply();
    co_await asio::post(asio::use_awaitable);
    while (mine.unread.empty() && into.size() > 0) {
        if (mine.closed) break;
        if (mine.dead || mine.ended) co_return io_result(tell(mine, asio::error::eof), 0);
        mine.reader = std::make_shared<completion>();
        const bool woken = co_await wait_on(mine.reader);
        if (!woken) co_return io_result(asio::error::operation_aborted, 0);
    }
    if (mine.closed) co_return io_result(asio::error::eof, 0);
    const auto n = self->transfer_limit(of, std::min(into.size(), mine.unread.size()));
    std::copy_n(mine.unread.data(), n, static_cast<char*>(into.data()));
    mine.unread.erase(0, n);
    if (of == side::host) self->owes_reply_ = n > 0;
    auto& theirs = self->at(other(of));
    theirs.unread_there -= n;
    wake(theirs.writer);
    co_return io_result(error_code{}, n);
}

awaitable<io_result> simulated_connection::write_some(std::shared_ptr<simulated_connection> self,
                                                      side of,
                                                      std::span<const asio::const_buffer> from) {
    auto& mine = self->at(of);
    if (mine.closed) co_return io_result(asio::error::broken_pipe, 0);
    const auto window =
        std::min(self->terms_.links[0].window_bytes, self->terms_.links[1].window_bytes);
    const auto wanted = asio::buffer_size(from);
    co_await asio::post(asio::use_awaitable);
    for (;;) {
        if (mine.closed) co_return io_result(asio::error::broken_pipe, 0);
        if (mine.dead) co_return io_result(tell(mine, asio::error::broken_pipe), 0);
        if (mine.unread_there < window || wanted == 0) break;
        mine.writer = std::make_shared<completion>();
        const bool woken = co_await wait_on(mine.writer);
        if (!woken) co_return io_result(asio::error::operation_aborted, 0);
    }
    if (wanted == 0) co_return io_result(error_code{}, 0);
    const bool goes = of == side::machine || self->begin_reply();
    if (!goes) co_return io_result(tell(mine, asio::error::broken_pipe), 0);
    std::string bytes(self->transfer_limit(of, std::min(wanted, window - mine.unread_there)), '\0');
    asio::buffer_copy(asio::buffer(bytes), from);
    const auto n = bytes.size();
    self->send_data(of, std::move(bytes));
    co_return io_result(error_code{}, n);
}

// A reset is told once; later calls find the connection gone.
error_code simulated_connection::tell(socket& to, error_code later) {
    const auto untold = std::exchange(to.untold, {});
    return untold ? untold : later;
}

std::size_t simulated_connection::transfer_limit(side of, std::size_t most) {
    const auto n = std::min(most, link(of).max_transfer_bytes);
    const bool partial = n > 1 && in_.random->chance(link(of).faults.partial);
    return partial ? static_cast<std::size_t>(1 + in_.random->below(n - 1)) : n;
}

void simulated_connection::close(side of) {
    auto& mine = at(of);
    if (mine.closed) return;
    if (of == side::host) end_reply();
    mine.closed = true;
    wake(mine.writer);
    wake(mine.reader);
    if (mine.dead) return;
    // Bytes that nobody will read are answered with a reset, as Linux does.
    mine.dead = !mine.unread.empty();
    send(of, {mine.dead ? segment::kind::reset : segment::kind::end, {}});
}

clock::duration simulated_connection::latency_from(side of) const {
    return link(of).latency_out + link(other(of)).latency_in;
}

// --- On the way ---

void simulated_connection::send_data(side from, std::string bytes) {
    auto& mine = at(from);
    const auto limit = from == side::host ? terms_.fate.reset_after_sent : std::nullopt;
    const bool last = limit && bytes.size() >= *limit - mine.sent;
    if (last) bytes.resize(static_cast<std::size_t>(*limit - mine.sent));
    mine.sent += bytes.size();
    mine.unread_there += bytes.size();
    if (from == side::host && repeats_) repeated_ += bytes;
    if (!bytes.empty()) send(from, {segment::kind::data, std::move(bytes)});
    if (last) reset_by_host();
}

void simulated_connection::send(side from, segment s) {
    if (vanished_ && from == side::host) return;
    auto& mine = at(from);
    const auto now = in_.clock->now();
    const auto bandwidth =
        narrower(link(from).out_bytes_per_second, link(other(from)).in_bytes_per_second);
    const auto jitter = static_cast<std::uint64_t>((link(from).jitter).count());
    auto latency = latency_from(from);
    if (jitter > 0) latency += clock::duration(in_.random->below(jitter + 1));
    mine.line_free = std::max(now, mine.line_free) + time_on_line(s.bytes.size(), bandwidth);
    mine.last_arrival = s.arrival = std::max(mine.last_arrival, mine.line_free + latency);
    if (!mine.carried && s.arrival <= now && !terms_.is_cut())
        return arrive(other(from), std::move(s));
    mine.on_its_way.push_back(std::move(s));
    if (!std::exchange(mine.carried, true))
        spawn_beside(in_.executor, carry(shared_from_this(), from));
}

awaitable<void> simulated_connection::carry(std::shared_ptr<simulated_connection> self, side from) {
    auto& mine = self->at(from);
    while (!mine.on_its_way.empty()) {
        co_await self->in_.clock->sleep_until(mine.on_its_way.front().arrival);
        while (self->terms_.is_cut()) co_await self->terms_.until_healed();
        auto next = std::move(mine.on_its_way.front());
        mine.on_its_way.pop_front();
        self->arrive(other(from), std::move(next));
    }
    mine.carried = false;
}

void simulated_connection::arrive(side to, segment s) {
    if (vanished_ && to == side::host) return;
    switch (s.what) {
        case segment::kind::data:
            return arrive_data(to, std::move(s.bytes));
        case segment::kind::end:
            note_arrival(to, "end");
            at(to).ended = true;
            return wake(at(to).reader);
        case segment::kind::reset:
            note_arrival(to, "reset");
            return reset(to);
    }
}

void simulated_connection::arrive_data(side to, std::string bytes) {
    auto& mine = at(to);
    if (mine.dead) return;
    if (mine.closed) {
        mine.dead = true;
        return send(to, {segment::kind::reset, {}});
    }
    const auto& fate = terms_.fate;
    const auto until = [&](const std::optional<std::uint64_t>& limit) {
        const bool reached = to == side::host && limit && bytes.size() >= *limit - mine.received;
        if (reached) bytes.resize(static_cast<std::size_t>(*limit - mine.received));
        return reached;
    };
    const bool vanishes = until(fate.vanished_after_received);
    const bool resets = until(fate.reset_after_received);
    mine.received += bytes.size();
    if (!bytes.empty()) note_arrival(to, std::to_string(bytes.size()) + " bytes");
    mine.unread += bytes;
    wake(mine.reader);
    if (resets) return reset_by_host();
    if (vanishes) vanish();
}

// Who waits in both directions is told in the order in which Asio looks at a socket.
void simulated_connection::reset(side to) {
    auto& mine = at(to);
    if (mine.dead) return;
    mine.dead = true;
    if (!mine.ended) mine.untold = asio::error::connection_reset;
    wake(mine.writer);
    wake(mine.reader);
}

void simulated_connection::reset_by_host() {
    if (at(side::host).dead) return;
    note("reset by " + terms_.names[1]);
    reset(side::host);
    send(side::host, {segment::kind::reset, {}});
}

void simulated_connection::vanish() {
    note(terms_.names[1] + " has vanished");
    reset(side::host);
    vanished_ = true;
}

// --- Replies ---

bool simulated_connection::befalls_reply(const std::optional<std::uint64_t>& fated,
                                         double chance) const {
    return fated == replies_ || in_.random->chance(chance);
}

// False: there will be none.
bool simulated_connection::begin_reply() {
    if (!std::exchange(owes_reply_, false)) return true;
    const auto& fate = terms_.fate;
    const auto& chances = link(side::host).faults;
    const auto which = "reply " + std::to_string(replies_);
    const bool lost = befalls_reply(fate.lost_reply, chances.reply_lost);
    const bool delayed = !lost && befalls_reply(fate.delayed_reply, chances.reply_delayed);
    repeats_ = !lost && befalls_reply(fate.repeated_reply, chances.reply_repeated);
    if (lost) {
        note(which + " lost");
        reset_by_host();
    }
    if (delayed) {
        note(which + " delayed");
        auto& line = at(side::host).line_free;
        line = std::max(line, in_.clock->now()) +
               (fate.delayed_reply == replies_ ? fate.reply_delay : chances.reply_delay);
    }
    ++replies_;
    return !lost;
}

void simulated_connection::end_reply() {
    if (!std::exchange(repeats_, false)) return;
    auto again = std::exchange(repeated_, {});
    if (again.empty() || at(side::host).dead) return;
    note("reply " + std::to_string(replies_ - 1) + " repeated");
    send_data(side::host, std::move(again));
}

// --- The trace ---

void simulated_connection::note(const std::string& event) const {
    in_.trace->add(terms_.name + " " + event);
}
void simulated_connection::note_arrival(side to, const std::string& what) const {
    note(what + " to " + terms_.names[static_cast<std::size_t>(to)]);
}

}  // namespace cairn::testing
