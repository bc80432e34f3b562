#include <cairn/cairn.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

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

}  // namespace

int main() {
    refuse_a_bad_endpoint();
    boost::asio::io_context context;
    boost::asio::co_spawn(context, save_and_load(), [](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
    });
    context.run();
}
