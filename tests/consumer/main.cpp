#include <cairn/cairn.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <iostream>

#if defined(CAIRN_VERSION) || defined(BOOST_ASIO_NO_DEPRECATED)
#error "cairn's own definitions have reached its user"
#endif

namespace {

void require(bool held, const char* what) {
    if (held) return;
    std::cerr << "failed: " << what << '\n';
    std::exit(1);
}

void refuse_a_bad_endpoint() {
    cairn::s3::client_config config(cairn::auth::anonymous_credentials());
    config.endpoint = "localhost:9000";
    const auto client = cairn::s3::client::create(config);
    require(!client, "an endpoint without http:// is refused");
    std::cout << client.error() << '\n';
}

cairn::awaitable<void> save_and_load() {
    auto store =
        (co_await cairn::checkpoint::store::open(cairn::checkpoint::memory_backing())).value();
    cairn::checkpoint::draft draft;
    draft.channels["step"] = "1";
    auto writer = store.thread("job");
    const auto saved = (co_await writer.save(std::move(draft))).value();

    auto reader = store.thread("job");
    const auto loaded = (co_await reader.load()).value();
    require(loaded.id == saved.id && loaded.channels.at("step") == "1", "what was saved is loaded");
    std::cout << "loaded " << loaded.id << '\n';
}

// The same coroutines of Asio's as cairn's own code has, compiled with the user's definitions.
cairn::awaitable<void> wait_as_cairn_does() {
    namespace asio = boost::asio;
    for (int i = 0; i < 100; ++i) {
        asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::nanoseconds(1));
        co_await timer.async_wait(asio::use_awaitable);
        const auto clock = cairn::system_clock();
        co_await clock->sleep_until(clock->now());
        co_await asio::post(asio::use_awaitable);
    }
}

}  // namespace

int main() {
    refuse_a_bad_endpoint();
    boost::asio::io_context context;
    boost::asio::co_spawn(context, save_and_load(), [](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
    });
    boost::asio::co_spawn(context, wait_as_cairn_does(), boost::asio::detached);
    context.run();
}
