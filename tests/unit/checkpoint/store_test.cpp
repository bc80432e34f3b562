#include "support/checkpoint_faults.hpp"
#include "support/io.hpp"

#include <cairn/checkpoint.hpp>

#include <set>

namespace cairn::checkpoint {
namespace {

using test::fault;

// A backing on which one thing is different.
class altered : public backing {
  public:
    awaitable<result<create_outcome>> create(std::string key, bytes data) override {
        return inner_->create(std::move(key), std::move(data));
    }
    awaitable<result<void>> put(std::string key, bytes data) override {
        return inner_->put(std::move(key), std::move(data));
    }
    awaitable<result<bytes>> get(std::string key, std::size_t limit) override {
        return inner_->get(std::move(key), limit);
    }
    awaitable<result<std::vector<std::string>>> list(std::string prefix, std::string start_after,
                                                     std::size_t limit) override {
        return inner_->list(std::move(prefix), std::move(start_after), limit);
    }
    awaitable<result<std::vector<result<void>>>> remove(std::vector<std::string> keys) override {
        return inner_->remove(std::move(keys));
    }
    std::string location(std::string_view key) const override { return inner_->location(key); }

  protected:
    std::shared_ptr<backing> inner_ = memory_backing();
};

// Garage, for example.
class ignores_conditions final : public altered {
  public:
    awaitable<result<create_outcome>> create(std::string key, bytes data) override {
        const auto written = co_await inner_->put(std::move(key), std::move(data));
        if (!written) co_return written.error();
        co_return create_outcome::created;
    }
};

class refuses_everything_new final : public altered {
  public:
    awaitable<result<create_outcome>> create(std::string, bytes) override {
        co_return create_outcome::exists;
    }
};

class always_contended final : public altered {
  public:
    awaitable<result<create_outcome>> create(std::string, bytes) override {
        co_return create_outcome::contended;
    }
};

class keeps_some_blobs final : public altered {
  public:
    awaitable<result<std::vector<result<void>>>> remove(std::vector<std::string> keys) override {
        auto outcomes = (co_await inner_->remove(keys)).value();
        for (std::size_t i = 0; i < keys.size(); ++i)
            if (keys[i].find("/locked/") != std::string::npos)
                outcomes[i] = error(errc::access_denied, keys[i]);
        co_return outcomes;
    }
};

draft with_state(bytes state) {
    draft d;
    d.channels["state"] = std::move(state);
    return d;
}

class store_test : public test::io {
  protected:
    store_options options() {
        store_options o;
        o.clock = time;
        return o;
    }
};

TEST_F(store_test, opens_with_defaults) {
    const auto opened = run(store::open(memory_backing()));
    ASSERT_TRUE(opened) << opened.error();
}

TEST_F(store_test, does_not_open_where_conditions_are_ignored) {
    const auto opened = run(store::open(std::make_shared<ignores_conditions>(), options()));
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), errc::conditional_writes_unsupported);
    EXPECT_NE(opened.error().what().find("single_writer"), std::string::npos) << opened.error();
}

TEST_F(store_test, opens_for_a_single_writer_where_conditions_are_ignored) {
    auto o = options();
    o.single_writer = true;
    const auto opened = run(store::open(std::make_shared<ignores_conditions>(), o));
    ASSERT_TRUE(opened) << opened.error();
    auto t = opened->thread("job");
    auto late = opened->thread("job");
    ASSERT_TRUE(run(t.save(with_state("1"))));
    ASSERT_TRUE(run(late.load()));
    ASSERT_TRUE(run(t.save(with_state("2"))));
    EXPECT_EQ(run(late.save(with_state("2b"))).error().code(), errc::checkpoint_conflict);
    EXPECT_EQ(run(late.load())->channels.at("state"), "2");
}

TEST_F(store_test, does_not_open_where_new_keys_are_taken_or_contended_for_ever) {
    const auto taken = run(store::open(std::make_shared<refuses_everything_new>(), options()));
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code(), errc::conditional_writes_unsupported);
    const auto contended = run(store::open(std::make_shared<always_contended>(), options()));
    ASSERT_FALSE(contended);
    EXPECT_EQ(contended.error().code(), errc::conditional_writes_unsupported);
}

TEST_F(store_test, tells_why_it_does_not_open) {
    const auto faulty = std::make_shared<test::faulty_backing>(memory_backing());
    faulty->follow([](std::size_t, const auto&) { return fault::refused; });
    const auto opened = run(store::open(faulty, options()));
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), errc::connect_failed);
    EXPECT_NE(opened.error().what().find("open the checkpoint store at memory:"), std::string::npos)
        << opened.error();
}

TEST_F(store_test, does_not_open_with_a_prefix_that_is_none) {
    auto o = options();
    o.prefix = "a//b";
    const auto opened = run(store::open(memory_backing(), o));
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), errc::invalid_argument);
}

TEST_F(store_test, survives_senseless_options) {
    auto o = options();
    o.page_size = 0;
    o.max_parallel = 0;
    o.commit.max_attempts = 0;
    o.inline_limit_bytes = 0;
    const auto opened = run(store::open(memory_backing(), o));
    ASSERT_TRUE(opened) << opened.error();
    auto t = opened->thread("job");
    ASSERT_TRUE(run(t.save(with_state("1"))));
    ASSERT_TRUE(run(t.save(with_state("2"))));
    auto listing = t.list();
    EXPECT_EQ((*run(listing.next()))->sequence, 2U);
    EXPECT_EQ((*run(listing.next()))->sequence, 1U);
    EXPECT_FALSE(*run(listing.next()));
    EXPECT_FALSE(*run(listing.next()));
}

TEST_F(store_test, reports_objects_that_cannot_be_removed) {
    auto o = options();
    o.inline_limit_bytes = 0;
    const auto opened = run(store::open(std::make_shared<keeps_some_blobs>(), o));
    ASSERT_TRUE(opened) << opened.error();
    auto t = opened->thread("job");
    draft d;
    d.channels = {{"free", "1"}, {"locked", "2"}, {"other", "3"}};
    ASSERT_TRUE(run(t.save(d)));
    const auto deleted = run(opened->delete_thread("job"));
    ASSERT_FALSE(deleted);
    EXPECT_EQ(deleted.error().code(), errc::access_denied);
    EXPECT_EQ(deleted.error().effect(), effect::unknown);
    EXPECT_NE(deleted.error().what().find("1 of 3 objects could not be removed"), std::string::npos)
        << deleted.error();
}

TEST_F(store_test, puts_the_smallest_channels_into_the_record) {
    auto o = options();
    o.inline_limit_bytes = 10;
    const auto faulty = std::make_shared<test::faulty_backing>(memory_backing());
    const auto opened = run(store::open(faulty, o));
    ASSERT_TRUE(opened) << opened.error();
    draft d;
    d.channels = {{"a", bytes(6, 'a')}, {"b", bytes(4, 'b')}, {"c", bytes(7, 'c')}, {"d", ""}};
    faulty->heal();
    auto t = opened->thread("job");
    ASSERT_TRUE(run(t.save(d)));
    std::set<std::string> blobs;
    for (const auto& call : faulty->calls())
        if (call.name == "put") blobs.insert(call.key.substr(call.key.find("/blob/")).substr(0, 8));
    EXPECT_EQ(blobs, std::set<std::string>({"/blob/c/"}));
    EXPECT_EQ(run(t.load())->channels, d.channels);
}

TEST_F(store_test, does_not_open_with_a_compression_that_is_none) {
    const auto refused = [&](codec::compression how) {
        auto o = options();
        o.compression = std::move(how);
        const auto opened = run(store::open(memory_backing(), o));
        return opened ? errc() : static_cast<errc>(opened.error().code().value());
    };
    EXPECT_EQ(refused(codec::gzip_options(9)), errc());
    EXPECT_EQ(refused(codec::gzip_options(10)), errc::invalid_argument);
    codec::zstd_options how(19);
    how.long_window_bytes = 128U << 20U;
    EXPECT_EQ(refused(how), errc());
    how.long_window_bytes *= 2;
    EXPECT_EQ(refused(how), errc::invalid_argument);
    codec::zstd_options with_dictionary;
    with_dictionary.dictionary = "needed for ever";
    EXPECT_EQ(refused(with_dictionary), errc::invalid_argument);
}

TEST_F(store_test, compresses_on_its_workers_alike) {
    wait_for_the_kernel();
    auto o = options();
    o.inline_limit_bytes = 0;
    o.compression = codec::zstd_options(1);
    const auto places = {memory_backing(), memory_backing()};
    draft d;
    for (const char c : {'a', 'b', 'c'}) d.channels[std::string(1, c)] = bytes(300'000, c) + "end";
    std::vector<std::vector<std::string>> blobs;
    for (const auto& place : places) {
        const auto opened = run(store::open(place, o));
        ASSERT_TRUE(opened) << opened.error();
        auto t = opened->thread("job");
        ASSERT_TRUE(run(t.save(d)));
        EXPECT_EQ(run(t.load())->channels, d.channels);
        auto keys = run(place->list("", "", 1000)).value();
        std::erase_if(keys,
                      [](const auto& key) { return key.find("/blob/") == std::string::npos; });
        blobs.push_back(std::move(keys));
        o.workers = std::make_shared<workers>(2);
    }
    EXPECT_EQ(blobs[0].size(), 3U);
    EXPECT_EQ(blobs[0], blobs[1]);
}

TEST_F(store_test, needs_a_backing) {
    const auto opened = run(store::open(nullptr));
    EXPECT_EQ(opened.error().code(), errc::invalid_argument);
}

TEST_F(store_test, says_that_it_was_never_opened) {
    store s;
    auto t = s.thread("job");
    const auto saved = run(t.save(with_state("1")));
    EXPECT_EQ(saved.error().code(), errc::invalid_argument);
    EXPECT_EQ(saved.error().effect(), effect::not_applied);
    EXPECT_NE(saved.error().what().find("store::open"), std::string::npos) << saved.error();
    EXPECT_EQ(run(t.load()).error().code(), errc::invalid_argument);
    EXPECT_EQ(run(t.list().next()).error().code(), errc::invalid_argument);
    EXPECT_EQ(run(s.delete_thread("job")).error().code(), errc::invalid_argument);
}

// As the S3 client does: a value, and the next co_await throws.
class cancelled_at_the_mark final : public altered {
  public:
    awaitable<result<bytes>> get(std::string key, std::size_t limit) override {
        const bool mark = armed && key.find("~deleted") != std::string::npos;
        seen_mark = seen_mark || mark;
        if (mark) co_return error(errc::canceled);
        auto got = co_await inner_->get(std::move(key), limit);
        co_return got;
    }

    bool armed = false;
    bool seen_mark = false;
};

TEST_F(store_test, a_first_save_cancelled_at_its_end_is_canceled) {
    const auto on = std::make_shared<cancelled_at_the_mark>();
    const auto opened = run(store::open(on, options()));
    on->armed = true;
    const auto saved = run(opened->thread("job").save(with_state("1")));
    ASSERT_TRUE(on->seen_mark);
    EXPECT_EQ(saved.error().code(), errc::canceled);
    EXPECT_EQ(saved.error().effect(), effect::unknown);
}

TEST_F(store_test, waits_on_its_clock_between_attempts) {
    const auto faulty = std::make_shared<test::faulty_backing>(memory_backing());
    auto o = options();
    o.commit.base = std::chrono::seconds(10);
    const auto opened = run(store::open(faulty, o));
    ASSERT_TRUE(opened) << opened.error();
    auto t = opened->thread("job");
    ASSERT_TRUE(run(t.save(with_state("1"))));
    faulty->follow([](std::size_t, const auto&) { return fault::refused; });
    const auto before = time->now();
    const auto failed = run(t.save(with_state("2")));
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().attempts(), 5U);
    EXPECT_EQ(faulty->calls().size(), 5U);
    EXPECT_GT(time->now(), before);
    EXPECT_LE(time->now(), before + std::chrono::seconds(10 + 20 + 20 + 20));
}

/// --- Every public call in one full expression, with arguments made in it ---

awaitable<store> open_in_one_expression(std::shared_ptr<cairn::clock> clock) {
    store_options o;
    o.clock = std::move(clock);
    co_return (co_await store::open(memory_backing(), o)).value();
}

awaitable<void> use_temporaries(std::shared_ptr<cairn::clock> clock) {
    const store s = co_await open_in_one_expression(clock);
    const auto saved =
        (co_await s.thread("job", "space").save(with_state("a state that needs the heap"))).value();
    EXPECT_EQ((co_await s.thread("job", "space").load()).value().id, saved.id);
    EXPECT_EQ((co_await s.thread("job", "space").load(std::string(saved.id))).value().id, saved.id);
    EXPECT_EQ((co_await s.thread("job", "space").list().next()).value()->id, saved.id);
    EXPECT_EQ((co_await s.thread("job", "space").list(list_options()).next()).value()->id,
              saved.id);
    EXPECT_EQ((co_await s.thread("job", "space").history(saved.id).next()).value()->id, saved.id);
    EXPECT_TRUE(co_await s.delete_thread("a thread with a name that needs the heap"));
    EXPECT_TRUE(co_await store::open(memory_backing()));
}

TEST_F(store_test, takes_temporaries) {
    run(use_temporaries(time));
}

/// --- Cancellation, at every suspension point ---

class cancellation : public store_test {
  protected:
    void SetUp() override {
        auto o = options();
        o.inline_limit_bytes = 100;
        o.max_parallel = 2;
        o.page_size = 2;
        opened = run(store::open(faulty, o)).value();
    }

    // A thread with two checkpoints.
    thread fresh() {
        auto t = opened.thread("job " + std::to_string(count++));
        EXPECT_TRUE(run(t.save(large("1"))));
        EXPECT_TRUE(run(t.save(large("2"))));
        return t;
    }
    static draft large(const bytes& name) {
        draft d;
        d.channels = {{"a", name + bytes(1000, 'a')},
                      {"b", name + bytes(1000, 'b')},
                      {"c", name + bytes(1000, 'c')}};
        return d;
    }
    std::size_t listed(const thread& t) {
        auto listing = t.list();
        std::size_t n = 0;
        for (auto one = run(listing.next()); one && *one; one = run(listing.next())) ++n;
        return n;
    }

    std::shared_ptr<test::faulty_backing> faulty =
        std::make_shared<test::faulty_backing>(memory_backing());
    store opened;
    int count = 0;
    std::shared_ptr<std::optional<error>> failed = std::make_shared<std::optional<error>>();
};

template <class T>
awaitable<void> note(awaitable<result<T>> work, std::shared_ptr<std::optional<error>> failed) {
    failed->reset();
    const auto ended = co_await std::move(work);
    if (!ended) *failed = ended.error();
}

TEST_F(cancellation, of_a_save_leaves_it_done_or_not_done_and_tells) {
    std::optional<thread> t;
    std::set<effect> effects;
    const auto begin = [&] {
        t = fresh();
        return note(t->save(large("3")), failed);
    };
    const auto check = [&](int n) {
        const auto found = listed(*t);
        if (!*failed) return;
        EXPECT_EQ((*failed)->code(), errc::canceled) << **failed;
        effects.insert((*failed)->effect());
        EXPECT_TRUE((*failed)->effect() == effect::unknown || found == 2U) << n;
        EXPECT_TRUE(run(t->load()));
        EXPECT_TRUE(run(t->save(large("4"))));
        EXPECT_EQ(listed(*t), found + 1);
    };
    EXPECT_GT(cancel_everywhere(begin, check), 8);
    EXPECT_EQ(effects, std::set<effect>({effect::not_applied, effect::unknown}));
}

TEST_F(cancellation, of_a_first_save_leaves_it_done_or_not_done_and_tells) {
    std::optional<thread> t;
    const auto begin = [&] {
        t = opened.thread("first " + std::to_string(count++));
        return note(t->save(with_state("1")), failed);
    };
    const auto check = [&](int n) {
        if (!*failed) return;
        EXPECT_EQ((*failed)->code(), errc::canceled) << **failed;
        EXPECT_TRUE((*failed)->effect() == effect::unknown || listed(*t) == 0U) << n;
        EXPECT_TRUE(run(t->save(with_state("2"))));
    };
    EXPECT_GT(cancel_everywhere(begin, check), 5);
}

TEST_F(cancellation, while_workers_compress_leaves_a_save_done_or_not_done) {
    wait_for_the_kernel();
    auto o = options();
    o.compression = codec::zstd_options(1);
    o.workers = std::make_shared<workers>(2);
    opened = run(store::open(faulty, o)).value();
    draft d;
    for (const char c : {'a', 'b', 'c'}) d.channels[std::string(1, c)] = bytes(100'000, c);
    std::optional<thread> t;
    const auto save = [&] {
        t = fresh();
        return note(t->save(d), failed);
    };
    const auto check_save = [&](int) {
        const auto found = listed(*t);
        EXPECT_TRUE(!*failed || (*failed)->effect() == effect::unknown || found == 2U);
    };
    EXPECT_GT(cancel_everywhere(save, check_save), 5);
    EXPECT_EQ(run(t->load())->channels, d.channels);
    const auto check_load = [&](int) {
        EXPECT_TRUE(!*failed || (*failed)->code() == errc::canceled) << **failed;
    };
    EXPECT_GT(cancel_everywhere([&] { return note(t->load(), failed); }, check_load), 5);
}

TEST_F(cancellation, while_waiting_to_try_again_tells_what_is_known) {
    for (const auto f : {fault::refused, fault::lost_reply}) {
        const auto t = std::make_shared<thread>(fresh());
        std::set<effect> effects;
        const auto begin = [&] {
            *t = fresh();
            faulty->follow(
                [f](std::size_t, const auto& c) { return c.name == "create" ? f : fault::none; });
            return note(t->save(with_state("3")), failed);
        };
        const auto check = [&](int) {
            faulty->heal();
            if (*failed && (*failed)->code() == errc::canceled) effects.insert((*failed)->effect());
        };
        EXPECT_GT(cancel_everywhere(begin, check), 8);
        EXPECT_EQ(effects, std::set{f == fault::refused ? effect::not_applied : effect::unknown});
    }
}

TEST_F(cancellation, of_reads_changes_nothing) {
    auto t = fresh();
    const auto id = run(t.load())->id;
    const auto expect_canceled = [&](int) {
        if (!*failed) return;
        EXPECT_EQ((*failed)->code(), errc::canceled) << **failed;
        EXPECT_EQ((*failed)->effect(), effect::none);
    };
    EXPECT_GT(cancel_everywhere([&] { return note(opened.thread(t.name()).load(), failed); },
                                expect_canceled),
              5);
    EXPECT_GT(cancel_everywhere([&] { return note(t.load(), failed); }, expect_canceled), 5);
    EXPECT_GT(cancel_everywhere([&] { return note(t.load(id), failed); }, expect_canceled), 5);
    EXPECT_GT(cancel_everywhere([&] { return note(t.list().next(), failed); }, expect_canceled), 3);
    EXPECT_GT(
        cancel_everywhere([&] { return note(t.history(id).next(), failed); }, expect_canceled), 1);
}

TEST_F(cancellation, of_a_listing_lets_it_go_on) {
    const auto t = fresh();
    std::optional<listing> l;
    const auto begin = [&] {
        l = t.list();
        return note(l->next(), failed);
    };
    const auto check = [&](int) {
        if (!*failed) return;
        EXPECT_EQ((*run(l->next()))->sequence, 2U);
        EXPECT_EQ((*run(l->next()))->sequence, 1U);
    };
    cancel_everywhere(begin, check);
}

TEST_F(cancellation, of_a_delete_can_be_made_good) {
    std::optional<thread> t;
    const auto begin = [&] {
        t = fresh();
        return note(opened.delete_thread(t->name()), failed);
    };
    const auto check = [&](int) {
        if (*failed) {
            EXPECT_EQ((*failed)->code(), errc::canceled) << **failed;
            EXPECT_EQ((*failed)->effect(), effect::unknown);
        }
        EXPECT_TRUE(run(opened.delete_thread(t->name())));
        EXPECT_EQ(run(t->load()).error().code(), errc::thread_deleted);
    };
    EXPECT_GT(cancel_everywhere(begin, check), 15);
}

TEST_F(cancellation, of_opening_ends_it) {
    const auto begin = [&] { return note(store::open(faulty, options()), failed); };
    const auto check = [&](int) {
        if (!*failed) return;
        EXPECT_EQ((*failed)->code(), errc::canceled) << **failed;
    };
    EXPECT_GT(cancel_everywhere(begin, check), 4);
}

}  // namespace
}  // namespace cairn::checkpoint
