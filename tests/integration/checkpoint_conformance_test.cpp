#include "support/checkpoint_conformance.hpp"

#include "integration/server.hpp"

namespace cairn::test {
namespace {

// Connections stay with the io_context that they were opened on, so making and deleting the bucket
// takes one of its own.
template <class T>
T run_aside(awaitable<result<T>> work) {
    asio::io_context aside;
    std::optional<result<T>> ended;
    asio::co_spawn(aside, std::move(work), [&](std::exception_ptr e, result<T> r) {
        if (e) std::rethrow_exception(e);
        ended.emplace(std::move(r));
    });
    aside.run();
    return ended.value().value();
}

awaitable<result<void>> make_bucket(std::string name) {
    const auto s3 = s3::client::create(server_config()).value();
    const auto made = co_await s3.create_bucket(name);
    if (!made) co_return made.error();
    co_return result<void>();
}

awaitable<result<void>> empty_bucket(s3::client s3, std::string name) {
    auto pages = s3.list_objects(name);
    for (;;) {
        const auto page = co_await pages.next();
        if (!page) co_return page.error();
        if (!*page) co_return result<void>();
        std::vector<std::string> keys;
        for (const auto& object : (*page)->contents) keys.push_back(object.key);
        const auto deleted = co_await s3.delete_objects(name, std::move(keys));
        if (!deleted) co_return deleted.error();
    }
}

awaitable<result<void>> delete_bucket(std::string name) {
    const auto s3 = s3::client::create(server_config()).value();
    const auto emptied = co_await empty_bucket(s3, name);
    if (!emptied) co_return emptied.error();
    const auto deleted = co_await s3.delete_bucket(name);
    if (!deleted) co_return deleted.error();
    co_return result<void>();
}

class in_bucket final : public checkpoint_place {
  public:
    in_bucket() { run_aside(make_bucket(bucket_)); }
    ~in_bucket() override {
        try {
            run_aside(delete_bucket(bucket_));
        } catch (const std::exception& e) {
            ADD_FAILURE() << e.what();
        }
    }

    std::shared_ptr<checkpoint::backing> open() override {
        return checkpoint::s3_backing(s3::client::create(server_config()).value(), bucket_);
    }

    bool on_network() const override { return true; }

  private:
    std::string bucket_ = new_bucket_name();
};

INSTANTIATE_TEST_SUITE_P(on, checkpoint_conformance,
                         ::testing::Values(checkpoint_place_maker{
                             "s3", [] { return std::make_unique<in_bucket>(); }}),
                         name_of_place);

}  // namespace
}  // namespace cairn::test
