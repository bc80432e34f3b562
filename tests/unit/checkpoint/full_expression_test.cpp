#include "support/io.hpp"
#include "support/peer.hpp"
#include "support/scratch.hpp"

#include <cairn/auth/providers.hpp>
#include <cairn/checkpoint.hpp>

// GCC 12 destroys some temporaries of a co_await expression twice. Each public awaitable is called
// here with temporaries that own memory, in one full expression; ASan tells whether that was safe.

namespace cairn::checkpoint {
namespace {

std::string long_text(char c) {
    return std::string(100, c);  // beyond the small-string buffer
}

draft full() {
    draft d;
    d.channels[long_text('a')] = bytes(200, 'x');
    d.channels[long_text('b')] = bytes(200'000, 'y');
    d.metadata[long_text('k')] = long_text('v');
    return d;
}

store_options under_a_prefix() {
    store_options o;
    o.prefix = long_text('p');
    o.compression = codec::zstd_options(1);
    return o;
}

list_options before(std::string id) {
    list_options o;
    o.before = std::move(id);
    o.limit = 10;
    return o;
}

class full_expression_test : public test::io {
  protected:
    template <class T>
    static void succeeded(const result<T>& r) {
        EXPECT_TRUE(r.has_value()) << r.error().what();
    }
    template <class T>
    static void failed(const result<T>& r) {
        EXPECT_TRUE(r.has_error());
    }
    s3::client connect() {
        s3::client_config config(auth::anonymous_credentials());
        config.endpoint = "http://s3.example";
        config.transport =
            std::make_shared<test::simulated_transport>(test::replies({test::reply(403)}));
        config.clock = time;
        return s3::client::create(std::move(config)).value();
    }
    // Whatever the outcome, it was reached.
    template <class T>
    static void reached(const result<T>& r) {
        EXPECT_TRUE(r.has_value() || !r.error().what().empty());
    }
    static awaitable<void> use(std::shared_ptr<backing> on) {
        reached(co_await on->create(long_text('k'), bytes(200, 'x')));
        reached(co_await on->put(long_text('k'), bytes(200, 'y')));
        reached(co_await on->get(long_text('k'), 1000));
        reached(co_await on->list(long_text('k'), long_text('a'), 10));
        reached(co_await on->remove(std::vector<std::string>(3, long_text('k'))));
    }
};

TEST_F(full_expression_test, Stores) {
    const auto all = []() -> awaitable<void> {
        succeeded(co_await store::open(memory_backing()));
        const auto opened = co_await store::open(memory_backing(), under_a_prefix());
        succeeded(opened);
        auto s = *opened;
        failed(co_await s.thread(long_text('t')).load());
        const auto saved = co_await s.thread(long_text('t'), long_text('n')).save(full());
        succeeded(saved);
        succeeded(co_await s.thread(long_text('t'), long_text('n')).load());
        succeeded(co_await s.thread(long_text('t'), long_text('n')).load(std::string(saved->id)));
        succeeded(co_await s.thread(long_text('t'), long_text('n')).list().next());
        succeeded(co_await s.thread(long_text('t'), long_text('n'))
                      .list(before(std::string(saved->id)))
                      .next());
        succeeded(co_await s.thread(long_text('t'), long_text('n'))
                      .history(std::string(saved->id))
                      .next());
        succeeded(co_await s.delete_thread(long_text('t')));
    };
    run(all());
}

TEST_F(full_expression_test, Backings) {
    const test::scratch_directory root;
    run(use(memory_backing()));
    run(use(file_backing(root.path()).value()));
    run(use(s3_backing(connect(), "bucket-" + std::string(40, 'b'))));
}

}  // namespace
}  // namespace cairn::checkpoint
