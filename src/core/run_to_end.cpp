#include "core/run_to_end.hpp"

#include "core/saturated.hpp"
#include "core/strand.hpp"
#include "core/task.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cairn {

awaitable<void> run_to_end(clock& time, clock::duration grace, awaitable<void> work) {
    const auto executor = on_a_strand(co_await asio::this_coro::executor);
    const auto alone = std::make_shared<task>(executor, std::move(work));
    const auto bell = time.make_alarm(off_strands(executor), [alone] { alone->cancel(); });
    auto initiate = [&](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected())
            slot.assign([&](asio::cancellation_type) { bell->set(later(time.now(), grace)); });
        alone->start(std::move(handler));
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(
        std::move(initiate), asio::use_awaitable);
}

}  // namespace cairn
