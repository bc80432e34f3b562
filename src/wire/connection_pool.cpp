#include "wire/connection_pool.hpp"

#include "core/completion.hpp"
#include "core/run_until.hpp"
#include "core/saturated.hpp"
#include "core/seconds.hpp"
#include "wire/connect_errors.hpp"

#include <boost/asio/this_coro.hpp>

#include <deque>
#include <map>
#include <mutex>
#include <optional>

namespace cairn::wire {

using asio::ip::tcp;

namespace {

template <class T>
awaitable<void> keep(awaitable<result<T>> work, std::optional<result<T>>& end) {
    end.emplace(co_await std::move(work));
}

}  // namespace

// One of those that a new connection takes.
struct connection_pool::step {
    const char* name;
    const char* words;
    const char* limited_by;
    clock::duration limit;
};

template <class T>
awaitable<result<T>> connection_pool::within(clock& time, step of, std::string peer,
                                             awaitable<result<T>> work, observe::trace told) {
    const auto from = time.now();
    std::optional<result<T>> end;
    auto kept = keep(std::move(work), end);
    bool expired = false;
    if (of.limit <= clock::duration())
        co_await std::move(kept);
    else
        expired = co_await run_until(time, later(from, of.limit), std::move(kept));
    if (!end && !expired) throw boost::system::system_error(asio::error::operation_aborted);
    if (!end || (expired && !*end))
        end.emplace(error(errc::timed_out, of.words + peer + ": no answer for " +
                                               in_seconds(of.limit) +
                                               " (time limit: " + of.limited_by + ")"));
    if (told) {
        const auto failed = *end ? error() : end->error();
        told.tell(
            observe::connection_step{of.name, peer, time.now() - from, *end ? nullptr : &failed});
    }
    co_return std::move(*end);
}

// A caller in the queue: granted a connection, or the right to open one.
struct connection_pool::waiter : completion {
    std::unique_ptr<connection> granted;
};

// All members but `to` are guarded by the pool's mutex.
struct connection_pool::host {
    explicit host(peer p) : to(std::move(p)) {}

    const peer to;
    std::size_t open = 0;
    std::vector<std::unique_ptr<connection>> idle;  // oldest first
    std::deque<std::shared_ptr<waiter>> waiting;
    std::vector<tcp::endpoint> addresses;
    clock::time_point resolved{};

    // Moves connections that are too old out of `idle`, to be closed once the lock is gone.
    void expire(std::vector<std::unique_ptr<connection>>& closing, clock::time_point now,
                const pool_options& o) {
        for (auto& c : idle)
            if (now - c->idle_since > o.idle_expiry || now - c->opened > o.max_age)
                closing.push_back(std::move(c));
        open -= std::erase(idle, nullptr);
    }
};

struct connection_pool::state {
    std::mutex mutex;
    std::map<std::string, std::shared_ptr<host>, std::less<>> hosts;
    clock::time_point swept{};
};

connection_pool::connection_pool(std::shared_ptr<transport> transport, std::shared_ptr<clock> clock,
                                 std::shared_ptr<random> random, const pool_options& options,
                                 const time_limits& limits)
    : transport_(std::move(transport)),
      clock_(std::move(clock)),
      random_(std::move(random)),
      options_(options),
      limits_(limits),
      state_(std::make_unique<state>()) {}

connection_pool::~connection_pool() = default;

// Hosts that are asked no more, such as a deleted bucket's, keep no sockets.
void connection_pool::sweep(std::vector<std::unique_ptr<connection>>& closing,
                            clock::time_point now) {
    if (now - state_->swept <= options_.idle_expiry) return;
    state_->swept = now;
    for (auto& [key, each] : state_->hosts) each->expire(closing, now, options_);
    std::erase_if(state_->hosts, [](const auto& entry) { return entry.second->open == 0; });
}

awaitable<result<lease>> connection_pool::acquire(peer to, observe::trace told) {
    const auto from = told ? told.now() : clock::time_point();
    lease mine;
    mine.told_ = told;
    std::shared_ptr<host> at;
    std::shared_ptr<waiter> queued;
    {
        std::vector<std::unique_ptr<connection>> closing;
        const auto now = clock_->now();
        const std::lock_guard lock(state_->mutex);
        sweep(closing, now);
        auto& entry = state_->hosts[to.key()];
        if (!entry) entry = std::make_shared<host>(std::move(to));
        at = entry;
        at->expire(closing, now, options_);
        if (!at->idle.empty()) {
            mine.connection_ = std::move(at->idle.back());
            at->idle.pop_back();
        } else if (at->open < options_.max_connections_per_host) {
            ++at->open;
        } else {
            queued = std::make_shared<waiter>();
            at->waiting.push_back(queued);
        }
    }
    if (queued) {
        const bool granted = co_await queued->wait();
        if (!granted) {
            const std::lock_guard lock(state_->mutex);
            std::erase(at->waiting, queued);
            throw boost::system::system_error(asio::error::operation_aborted);
        }
        mine.connection_ = std::move(queued->granted);
        if (told) told.tell(observe::call_queued{"connection pool", told.now() - from});
    }
    mine.pool_ = shared_from_this();
    mine.host_ = at;
    const bool usable = mine.connection_ && mine.connection_->stream->is_quiet();
    if (!usable) {
        const auto opened = co_await mine.reconnect();
        if (!opened) co_return opened.error();
    }
    if (told) {
        const auto peer = at->to.key();
        told.tell(observe::connection_acquired{peer, mine.reused(), told.now() - from});
    }
    co_return std::move(mine);
}

awaitable<result<void>> lease::reconnect() {
    connection_.reset();
    auto opened = co_await pool_->open(host_, told_);
    if (!opened) co_return opened.error();
    connection_ = std::move(*opened);
    co_return result<void>();
}

awaitable<result<std::unique_ptr<connection>>> connection_pool::open(std::shared_ptr<host> to,
                                                                     observe::trace told) {
    const auto addresses = co_await addresses_of(to, told);
    if (!addresses) co_return addresses.error();
    const auto start = random_->next_u64();
    error failed;
    for (std::size_t i = 0; i < addresses->size(); ++i) {
        const auto& address = (*addresses)[(start + i) % addresses->size()];
        auto connected = co_await connect(address, to, told);
        if (connected) co_return std::make_unique<connection>(std::move(*connected), clock_);
        if (i == 0)
            failed = connected.error();
        else
            failed.detail(failed.detail() + "; " + connected.error().what());
    }
    {
        // The name may have moved.
        const std::lock_guard lock(state_->mutex);
        to->addresses.clear();
    }
    co_return failed;
}

awaitable<result<std::unique_ptr<stream>>> connection_pool::connect(tcp::endpoint address,
                                                                    std::shared_ptr<host> to,
                                                                    observe::trace told) {
    const step connecting{"connect", "connect to ", "connect", limits_.connect};
    const step securing{"tls_handshake", "TLS handshake with ", "tls_handshake",
                        limits_.tls_handshake};
    auto at = text_of(address);
    auto work = transport_->connect(address);
    auto connected = co_await within(*clock_, connecting, at, std::move(work), told);
    if (!connected || !to->to.tls) co_return connected;
    work = transport_->secure(std::move(*connected), to->to.host);
    at = to->to.host + " (" + at + ")";
    auto secured = co_await within(*clock_, securing, std::move(at), std::move(work), told);
    co_return secured;
}

awaitable<result<std::vector<tcp::endpoint>>> connection_pool::addresses_of(
    std::shared_ptr<host> to, observe::trace told) {
    {
        const std::lock_guard lock(state_->mutex);
        if (!to->addresses.empty() && clock_->now() - to->resolved < options_.resolve_expiry)
            co_return to->addresses;
    }
    const step resolving{"resolve", "resolution of ", "connect", limits_.connect};
    auto work = transport_->resolve(to->to.host, to->to.port);
    auto found = co_await within(*clock_, resolving, to->to.host, std::move(work), told);
    if (!found) co_return found.error();
    if (found->empty())
        co_return error(errc::resolve_failed, "host \"" + to->to.host + "\" has no address");
    const std::lock_guard lock(state_->mutex);
    to->addresses = *found;
    to->resolved = clock_->now();
    co_return std::move(*found);
}

void connection_pool::give_back(const std::shared_ptr<host>& to,
                                std::unique_ptr<connection> kept) noexcept {
    const auto now = clock_->now();
    if (now - kept->opened > options_.max_age) {
        kept.reset();
        free_right(to);
        return;
    }
    kept->used = true;
    kept->idle_since = now;
    const std::lock_guard lock(state_->mutex);
    while (!to->waiting.empty()) {
        const auto next = std::move(to->waiting.front());
        to->waiting.pop_front();
        next->granted = std::move(kept);
        if (next->complete()) return;
        kept = std::move(next->granted);
    }
    to->idle.push_back(std::move(kept));
}

void connection_pool::free_right(const std::shared_ptr<host>& of) noexcept {
    const std::lock_guard lock(state_->mutex);
    while (!of->waiting.empty()) {
        const auto next = std::move(of->waiting.front());
        of->waiting.pop_front();
        if (next->complete()) return;
    }
    if (--of->open == 0) state_->hosts.erase(of->to.key());
}

connection_pool::counts connection_pool::count(const peer& to) const {
    const std::lock_guard lock(state_->mutex);
    const auto at = state_->hosts.find(to.key());
    if (at == state_->hosts.end()) return {};
    return {at->second->open, at->second->idle.size(), at->second->waiting.size()};
}

lease& lease::operator=(lease&& other) noexcept {
    if (this != &other) {
        drop();
        pool_ = std::move(other.pool_);
        host_ = std::move(other.host_);
        connection_ = std::move(other.connection_);
        told_ = other.told_;
    }
    return *this;
}

void lease::keep() noexcept {
    if (!pool_) return;
    pool_->give_back(host_, std::move(connection_));
    pool_.reset();
}

void lease::drop() noexcept {
    if (!pool_) return;
    connection_.reset();
    pool_->free_right(host_);
    pool_.reset();
}

}  // namespace cairn::wire
