#include "support/io.hpp"

#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

namespace cairn::test {
namespace {

// Far beyond what loopback needs; only a test that has failed waits for it.
constexpr auto real_network_patience = std::chrono::seconds(20);

awaitable<void> note_when_begun(awaitable<void> work, bool& begun) {
    begun = true;
    co_await std::move(work);
}

}  // namespace

// One handler; else the next sleeper; else, with real sockets, whatever the kernel brings.
bool io::step() {
    context.restart();
    if (context.poll_one() > 0) return true;
    if (time->advance_to_next()) return true;
    if (!real_network || context.stopped()) return false;
    return context.run_one_for(real_network_patience) > 0;
}

void io::run_until(const std::function<bool()>& ended) {
    while (!ended())
        if (!step()) throw std::logic_error("the coroutine waits for something that never happens");
}

void io::run(awaitable<void> work) {
    bool ended = false;
    std::exception_ptr failed;
    asio::co_spawn(context, std::move(work), [&](std::exception_ptr e) {
        failed = e;
        ended = true;
    });
    run_until([&] { return ended; });
    if (failed) std::rethrow_exception(failed);
}

void io::settle() {
    while (step()) {
    }
}

bool io::cancel_after(int handlers, awaitable<void> work) {
    asio::cancellation_signal cancel;
    bool begun = false;
    bool ended = false;
    std::exception_ptr failed;
    asio::co_spawn(context, note_when_begun(std::move(work), begun),
                   asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr e) {
                       failed = e;
                       ended = true;
                   }));
    // Asio 1.26 throws a cancellation that comes before a coroutine's first step out of the
    // context.
    run_until([&] { return begun; });
    for (int i = 0; i < handlers && !ended; ++i)
        if (!step()) throw std::logic_error("the coroutine waits for something that never happens");
    const bool in_time = !ended;
    if (in_time) cancel.emit(asio::cancellation_type::terminal);
    run_until([&] { return ended; });
    // The cancellation is on its way by a bare pointer to the signal (also Asio 1.26).
    bool delivered = false;
    asio::post(context, [&] { delivered = true; });
    run_until([&] { return delivered; });
    if (!real_network) settle();
    if (!failed) return in_time;
    try {
        std::rethrow_exception(failed);
    } catch (const boost::system::system_error& e) {
        if (!in_time || e.code() != asio::error::operation_aborted) throw;
    }
    return in_time;
}

void io::TearDown() {
    settle();
    EXPECT_TRUE(context.stopped()) << "the io_context is left with work";
}

}  // namespace cairn::test
