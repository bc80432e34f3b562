#include "support/checkpoint_conformance.hpp"

#include "checkpoint/digest.hpp"
#include "checkpoint/keys.hpp"
#include "checkpoint/record.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <set>

namespace cairn::test {

using namespace std::string_literals;
using checkpoint::list_options;
using checkpoint::log_keys;
using checkpoint::thread_keys;

std::string name_of_place(const ::testing::TestParamInfo<checkpoint_place_maker>& info) {
    return info.param.name;
}
void PrintTo(const checkpoint_place_maker& maker, std::ostream* out) {
    *out << maker.name;
}

void checkpoint_conformance::SetUp() {
    place = GetParam().make();
    if (place->on_network()) wait_for_the_kernel();
    options.prefix = "conformance";
    options.clock = time;
    options.page_size = 3;
    options.max_parallel = 2;
    options.inline_limit_bytes = 1000;
    store = open_store();
    backing->heal();
}

// What serves a place on a simulated network does so as long as there are connections.
void checkpoint_conformance::TearDown() {
    store = {};
    backing.reset();
    place.reset();
    io::TearDown();
}

checkpoint::store checkpoint_conformance::open_store() {
    backing = std::make_shared<faulty_backing>(place->open());
    return run(checkpoint::store::open(backing, options)).value();
}

checkpoint::draft checkpoint_conformance::with_state(bytes state) {
    draft d;
    d.channels["state"] = std::move(state);
    return d;
}

checkpoint::info checkpoint_conformance::save(session& t, bytes state) {
    const auto saved = run(t.save(with_state(std::move(state))));
    if (saved) return *saved;
    ADD_FAILURE() << saved.error();
    return {};
}

std::vector<checkpoint::info> checkpoint_conformance::list_all(checkpoint::listing l) {
    std::vector<info> all;
    for (;;) {
        const auto one = run(l.next());
        if (!one) ADD_FAILURE() << one.error();
        if (!one || !*one) return all;
        all.push_back(**one);
    }
}

std::vector<std::string> checkpoint_conformance::ids_of(const std::vector<info>& checkpoints) {
    std::vector<std::string> ids;
    for (const auto& c : checkpoints) ids.push_back(c.id);
    return ids;
}

std::vector<std::string> checkpoint_conformance::keys_below(const std::string& part) {
    return run(backing->list(part, {}, 1000)).value();
}

std::string checkpoint_conformance::key_of(const info& c) {
    return c.location.substr(c.location.find("conformance/"));
}

bytes checkpoint_conformance::object_at(const std::string& key) {
    return run(backing->get(key, 100'000'000)).value();
}

void checkpoint_conformance::put_object_at(const std::string& key, bytes data) {
    run(backing->put(key, std::move(data))).value();
}

namespace {

constexpr std::size_t large = 10'000;  // over the suite's inline limit

std::string text_of(const result<checkpoint::snapshot>& s) {
    return s ? s->channels.at("state") : s.error().what();
}

/// --- Saving and loading ---

TEST_P(checkpoint_conformance, loads_what_was_saved) {
    auto t = store.thread("job");
    const auto saved = save(t, "one");
    EXPECT_EQ(saved.sequence, 1U);
    EXPECT_EQ(saved.parent, "");
    EXPECT_EQ(saved.created, time->utc_now());
    const auto loaded = run(t.load());
    ASSERT_TRUE(loaded) << loaded.error();
    EXPECT_EQ(loaded->id, saved.id);
    EXPECT_EQ(loaded->created, saved.created);
    EXPECT_EQ(loaded->location, saved.location);
    EXPECT_EQ(loaded->channels, with_state("one").channels);
}

TEST_P(checkpoint_conformance, loads_the_latest) {
    auto writer = store.thread("job");
    for (int i = 1; i <= 11; ++i) {
        save(writer, std::to_string(i));
        EXPECT_EQ(text_of(run(store.thread("job").load())), std::to_string(i));
    }
}

TEST_P(checkpoint_conformance, follows_other_writers_with_a_warm_cursor) {
    auto reader = store.thread("job");
    auto writer = store.thread("job");
    save(writer, "1");
    EXPECT_EQ(text_of(run(reader.load())), "1");
    EXPECT_EQ(text_of(run(reader.load())), "1");
    save(writer, "2");
    EXPECT_EQ(text_of(run(reader.load())), "2");
    for (const auto* state : {"3", "4", "5"}) save(writer, state);
    EXPECT_EQ(text_of(run(reader.load())), "5");
}

TEST_P(checkpoint_conformance, loads_by_id) {
    auto t = store.thread("job");
    const auto first = save(t, "1");
    const auto second = save(t, "2");
    EXPECT_EQ(text_of(run(store.thread("job").load(first.id))), "1");
    EXPECT_EQ(text_of(run(store.thread("job").load(second.id))), "2");
}

TEST_P(checkpoint_conformance, tells_ids_that_are_none) {
    auto t = store.thread("job");
    const auto first = save(t, "1");
    EXPECT_TRUE(fails_with(run(t.load("2" + first.id.substr(1))), errc::checkpoint_not_found));
    EXPECT_TRUE(fails_with(run(t.load("1-" + std::string(32, '0'))), errc::checkpoint_not_found));
    EXPECT_TRUE(fails_with(run(t.load("")), errc::invalid_argument));
    EXPECT_TRUE(fails_with(run(t.load("../1")), errc::invalid_argument));
    EXPECT_TRUE(fails_with(run(store.thread("other").load(first.id)), errc::checkpoint_not_found));
}

TEST_P(checkpoint_conformance, tells_an_empty_thread) {
    auto t = store.thread("job");
    EXPECT_TRUE(fails_with(run(t.load()), errc::checkpoint_not_found));
    EXPECT_TRUE(list_all(t).empty());
    EXPECT_TRUE(fails_with(run(t.load()), errc::checkpoint_not_found));
    save(t, "1");
    EXPECT_EQ(text_of(run(t.load())), "1");
}

TEST_P(checkpoint_conformance, keeps_an_empty_state) {
    auto t = store.thread("job");
    const auto saved = run(t.save(draft()));
    ASSERT_TRUE(saved) << saved.error();
    const auto loaded = run(store.thread("job").load());
    ASSERT_TRUE(loaded) << loaded.error();
    EXPECT_TRUE(loaded->channels.empty());
    EXPECT_TRUE(loaded->metadata.empty());
}

TEST_P(checkpoint_conformance, keeps_any_bytes) {
    draft d;
    d.metadata = {{"", ""}, {"nul\0"s, "a\0b\r\n\xff"s}, {"step", "1"}, {"ключ", "значение"}};
    d.channels = {{"", "no name"},
                  {"nul\0"s, "\0\0"s},
                  {"a/b", "slash"},
                  {"..", "dots"},
                  {"large/\xff", bytes(large, '\0')}};
    auto t = store.thread("job");
    const auto saved = run(t.save(d));
    ASSERT_TRUE(saved) << saved.error();
    EXPECT_EQ(saved->metadata, d.metadata);
    const auto loaded = run(open_store().thread("job").load());
    ASSERT_TRUE(loaded) << loaded.error();
    EXPECT_EQ(loaded->metadata, d.metadata);
    EXPECT_EQ(loaded->channels, d.channels);
    EXPECT_EQ(loaded->channel_sizes.at("large/\xff"), large);
}

TEST_P(checkpoint_conformance, keeps_a_large_state) {
    draft d;
    for (const char c : {'a', 'b', 'c', 'd', 'e'})
        d.channels[std::string(1, c)] = bytes(1'000'000 + c, c);
    auto t = store.thread("job");
    const auto saved = run(t.save(d));
    ASSERT_TRUE(saved) << saved.error();
    const auto loaded = run(open_store().thread("job").load(saved->id));
    ASSERT_TRUE(loaded) << loaded.error();
    EXPECT_EQ(loaded->channels, d.channels);
}

TEST_P(checkpoint_conformance, uploads_what_has_changed_only) {
    draft d;
    d.channels = {{"constant", bytes(large, 'c')}, {"changing", bytes(large, '1')}, {"small", "s"}};
    auto t = store.thread("job");
    ASSERT_TRUE(run(t.save(d)));
    d.channels["changing"] = bytes(large, '2');
    backing->heal();
    ASSERT_TRUE(run(t.save(d)));
    EXPECT_EQ(backing->log(), "put create");
    EXPECT_EQ(run(open_store().thread("job").load())->channels, d.channels);
}

TEST_P(checkpoint_conformance, asks_for_no_more_than_it_needs) {
    auto t = store.thread("job");
    save(t, "1");
    EXPECT_EQ(backing->log(), "list create get");  // a thread's first checkpoint
    backing->heal();
    const auto second = save(t, "2");
    EXPECT_EQ(backing->log(), "create");
    backing->heal();
    EXPECT_EQ(text_of(run(t.load())), "2");
    EXPECT_EQ(backing->log(), "get");
    backing->heal();
    EXPECT_EQ(text_of(run(store.thread("job").load())), "2");
    EXPECT_EQ(backing->log(), "list get");
    backing->heal();
    EXPECT_EQ(text_of(run(store.thread("job").load(second.id))), "2");
    EXPECT_EQ(backing->log(), "get");
}

TEST_P(checkpoint_conformance, survives_the_process) {
    auto t = store.thread("job");
    save(t, "1");
    const auto second = save(t, bytes(large, '2'));
    store = open_store();
    auto again = store.thread("job");
    EXPECT_EQ(text_of(run(again.load())), bytes(large, '2'));
    const auto third = save(again, "3");
    EXPECT_EQ(third.sequence, 3U);
    EXPECT_EQ(third.parent, second.id);
}

TEST_P(checkpoint_conformance, appends_without_having_loaded) {
    auto first = store.thread("job");
    const auto one = save(first, "1");
    auto second = store.thread("job");
    const auto two = save(second, "2");
    EXPECT_EQ(two.sequence, 2U);
    EXPECT_EQ(two.parent, one.id);
}

TEST_P(checkpoint_conformance, refuses_a_thread_without_a_name) {
    auto t = store.thread("", "namespace");
    EXPECT_TRUE(fails_with(run(t.load()), errc::invalid_argument));
    EXPECT_TRUE(fails_with(run(t.save(draft())), errc::invalid_argument, effect::not_applied));
    EXPECT_TRUE(fails_with(run(t.list().next()), errc::invalid_argument));
    EXPECT_TRUE(
        fails_with(run(store.delete_thread("")), errc::invalid_argument, effect::not_applied));
}

TEST_P(checkpoint_conformance, refuses_a_record_beyond_its_limit) {
    draft d;
    d.metadata["novel"] = std::string(checkpoint::max_record_bytes, 'x');
    EXPECT_TRUE(
        fails_with(run(store.thread("job").save(d)), errc::invalid_argument, effect::not_applied));
    EXPECT_TRUE(list_all(store.thread("job")).empty());
}

/// --- Names ---

TEST_P(checkpoint_conformance, keeps_namespaces_apart) {
    const std::vector<std::string> spaces = {
        "", "a", "a/b", "b", "~", "log", "blob", "..", std::string(300, 'n')};
    for (const auto& space : spaces) {
        auto t = store.thread("job", space);
        save(t, "in " + space);
        save(t, bytes(large, 'x'));
        save(t, "still in " + space);
    }
    for (const auto& space : spaces) {
        auto t = store.thread("job", space);
        EXPECT_EQ(text_of(run(t.load())), "still in " + space);
        EXPECT_EQ(list_all(t).size(), 3U) << space;
    }
}

TEST_P(checkpoint_conformance, takes_any_name_for_a_thread) {
    const std::vector<std::string> names = {".",
                                            "..",
                                            "../../etc/passwd",
                                            "/",
                                            "//",
                                            "a",
                                            "a/",
                                            "/a",
                                            "a/b",
                                            "a b",
                                            "A",
                                            "%",
                                            "%41",
                                            "~",
                                            "~deleted",
                                            "log",
                                            "naïve",
                                            "🪨",
                                            "\xff\xfe",
                                            "nul\0"s,
                                            "\r\n",
                                            "?x=y&z#f",
                                            std::string(255, 'x'),
                                            std::string(256, 'x'),
                                            std::string(2000, '/'),
                                            std::string(1999, '/') + "x"};
    for (const auto& name : names) {
        auto t = store.thread(name);
        save(t, "of " + name);
    }
    store = open_store();
    for (const auto& name : names) {
        auto t = store.thread(name);
        EXPECT_EQ(text_of(run(t.load())), "of " + name);
        EXPECT_EQ(list_all(t).size(), 1U) << name;
    }
}

TEST_P(checkpoint_conformance, keeps_prefixes_apart) {
    auto t = store.thread("job");
    save(t, "here");
    options.prefix += "/deeper";
    auto there = open_store().thread("job");
    EXPECT_TRUE(fails_with(run(there.load()), errc::checkpoint_not_found));
}

TEST_P(checkpoint_conformance, leaves_no_probe_behind) {
    EXPECT_TRUE(keys_below(options.prefix).empty());
}

/// --- Listing and history ---

TEST_P(checkpoint_conformance, lists_the_newest_first) {
    auto t = store.thread("job");
    std::vector<std::string> newest_first;
    for (int i = 1; i <= 10; ++i) {
        draft d = with_state(std::to_string(i));
        d.metadata["step"] = std::to_string(i);
        newest_first.insert(newest_first.begin(), run(t.save(d)).value().id);
    }
    const auto all = list_all(t);
    EXPECT_EQ(ids_of(all), newest_first);
    EXPECT_EQ(all.front().metadata.at("step"), "10");
    EXPECT_EQ(all.front().parent, all[1].id);
    EXPECT_EQ(all.front().channel_sizes.at("state"), 2U);
}

TEST_P(checkpoint_conformance, lists_a_part) {
    auto t = store.thread("job");
    for (int i = 1; i <= 10; ++i) save(t, std::to_string(i));
    const auto ids = ids_of(list_all(t));
    const auto part = [&](std::string before, std::optional<std::size_t> limit) {
        list_options o;
        o.before = std::move(before);
        o.limit = limit;
        return ids_of(list_all(t.list(o)));
    };
    using list = std::vector<std::string>;
    EXPECT_EQ(part({}, 0), list());
    EXPECT_EQ(part({}, 1), list(ids.begin(), ids.begin() + 1));
    EXPECT_EQ(part({}, 4), list(ids.begin(), ids.begin() + 4));
    EXPECT_EQ(part({}, 100), ids);
    EXPECT_EQ(part(ids[0], {}), list(ids.begin() + 1, ids.end()));
    EXPECT_EQ(part(ids[3], 3), list(ids.begin() + 4, ids.begin() + 7));
    EXPECT_EQ(part(ids[9], {}), list());
    list_options bad;
    bad.before = "yesterday";
    EXPECT_TRUE(fails_with(run(t.list(bad).next()), errc::invalid_argument));
}

TEST_P(checkpoint_conformance, goes_on_listing_after_a_failure) {
    auto t = store.thread("job");
    for (int i = 1; i <= 7; ++i) save(t, std::to_string(i));
    const auto expected = ids_of(list_all(t));
    backing->follow(
        [](std::size_t i, const auto&) { return i % 3 == 0 ? fault::refused : fault::none; });
    auto listing = t.list();
    std::vector<std::string> ids;
    int failures = 0;
    while (ids.size() < expected.size() && failures < 100) {
        const auto one = run(listing.next());
        if (one)
            ids.push_back((*one)->id);
        else
            ++failures;
    }
    EXPECT_EQ(ids, expected);
    EXPECT_GT(failures, 0);
}

TEST_P(checkpoint_conformance, walks_forks) {
    auto t = store.thread("job");
    const auto root = save(t, "root");
    const auto left = save(t, "left");
    auto fork = with_state("right");
    fork.parent = root.id;
    const auto right = run(t.save(fork)).value();
    EXPECT_EQ(right.sequence, 3U);
    EXPECT_EQ(right.parent, root.id);
    const auto tip = save(t, "tip");
    const auto line = [&](const std::string& id) {
        std::vector<std::string> ids;
        auto walk = t.history(id);
        for (auto one = run(walk.next()).value(); one; one = run(walk.next()).value())
            ids.push_back(one->id);
        return ids;
    };
    EXPECT_EQ(line(tip.id), (std::vector{tip.id, right.id, root.id}));
    EXPECT_EQ(line(left.id), (std::vector{left.id, root.id}));
    EXPECT_TRUE(
        fails_with(run(t.history("9-" + std::string(32, 'a')).next()), errc::checkpoint_not_found));
}

TEST_P(checkpoint_conformance, refuses_a_parent_that_is_none) {
    auto t = store.thread("job");
    save(t, "1");
    auto orphan = with_state("2");
    orphan.parent = "1-" + std::string(32, 'a');
    EXPECT_TRUE(fails_with(run(t.save(orphan)), errc::checkpoint_not_found, effect::not_applied));
    orphan.parent = "mother";
    EXPECT_TRUE(fails_with(run(t.save(orphan)), errc::invalid_argument, effect::not_applied));
    EXPECT_EQ(list_all(t).size(), 1U);
}

/// --- Races ---

TEST_P(checkpoint_conformance, lets_one_of_fifty_writers_win) {
    auto first = store.thread("job");
    save(first, "common");
    std::vector<session> writers;
    std::vector<std::optional<result<info>>> ends(50);
    for (std::size_t i = 0; i < ends.size(); ++i) {
        writers.push_back(store.thread("job"));
        ASSERT_TRUE(run(writers.back().load()));
    }
    for (std::size_t i = 0; i < ends.size(); ++i)
        asio::co_spawn(context, writers[i].save(with_state(std::to_string(i))),
                       [&ends, i](std::exception_ptr, result<info> r) { ends[i] = std::move(r); });
    settle();
    std::string winner;
    int winners = 0;
    for (std::size_t i = 0; i < ends.size(); ++i) {
        ASSERT_TRUE(ends[i]) << i;
        if (*ends[i]) {
            ++winners;
            winner = std::to_string(i);
        } else {
            EXPECT_TRUE(fails_with(*ends[i], errc::checkpoint_conflict, effect::not_applied));
        }
    }
    EXPECT_EQ(winners, 1);
    EXPECT_EQ(text_of(run(store.thread("job").load())), winner);
    EXPECT_EQ(list_all(first).size(), 2U);
}

TEST_P(checkpoint_conformance, tells_a_writer_that_it_is_late) {
    auto slow = store.thread("job");
    save(slow, "1");
    auto quick = store.thread("job");
    save(quick, "2");
    save(quick, "3");
    for (int i = 0; i < 2; ++i) {
        const auto late = run(slow.save(with_state("2b")));
        EXPECT_TRUE(fails_with(late, errc::checkpoint_conflict, effect::not_applied));
        const auto line = late.error().what();
        EXPECT_NE(line.find("save checkpoint 2 of thread \"job\" at "), std::string::npos) << line;
    }
    EXPECT_EQ(text_of(run(slow.load())), "3");
    EXPECT_EQ(save(slow, "4").sequence, 4U);
}

TEST_P(checkpoint_conformance, does_not_overtake_after_loading_an_old_checkpoint) {
    auto t = store.thread("job");
    const auto first = save(t, "1");
    save(t, "2");
    auto other = store.thread("job");
    ASSERT_TRUE(run(other.load(first.id)));
    EXPECT_TRUE(fails_with(run(other.save(with_state("2b"))), errc::checkpoint_conflict,
                           effect::not_applied));
}

/// --- Deleting ---

TEST_P(checkpoint_conformance, deletes_a_thread_for_good) {
    auto t = store.thread("job");
    std::vector<info> saved;
    for (int i = 0; i < 8; ++i) saved.push_back(save(t, bytes(large, static_cast<char>('a' + i))));
    auto elsewhere = store.thread("job", "elsewhere");
    save(elsewhere, bytes(large, 'e'));
    auto other = store.thread("job2");
    save(other, "untouched");

    const auto deleted = run(store.delete_thread("job"));
    ASSERT_TRUE(deleted) << deleted.error();
    for (const auto& space : {"", "elsewhere", "never there"}) {
        auto fresh = store.thread("job", space);
        EXPECT_TRUE(fails_with(run(fresh.load()), errc::thread_deleted)) << space;
        EXPECT_TRUE(fails_with(run(fresh.list().next()), errc::thread_deleted)) << space;
        EXPECT_TRUE(fails_with(run(fresh.save(with_state("late"))), errc::thread_deleted,
                               effect::not_applied))
            << space;
        EXPECT_TRUE(fails_with(run(fresh.load()), errc::thread_deleted)) << space;
    }
    for (const auto& one : saved) {
        EXPECT_TRUE(fails_with(run(t.load(one.id)), errc::thread_deleted));
        EXPECT_TRUE(fails_with(run(t.history(one.id).next()), errc::thread_deleted));
    }
    EXPECT_EQ(text_of(run(other.load())), "untouched");
    for (const auto& key : keys_below(thread_keys(options.prefix + '/', "job").root()))
        EXPECT_EQ(key.find("/blob/"), std::string::npos) << key;
}

TEST_P(checkpoint_conformance, never_lets_a_late_writer_resurrect_a_thread) {
    // A writer for every place that a cursor can be at.
    std::vector<session> late = {store.thread("job"), store.thread("job")};
    EXPECT_TRUE(fails_with(run(late[1].load()), errc::checkpoint_not_found));
    auto t = store.thread("job");
    for (int i = 0; i < 5; ++i) {
        save(t, std::to_string(i));
        late.push_back(store.thread("job"));
        ASSERT_TRUE(run(late.back().load()));
    }
    ASSERT_TRUE(run(store.delete_thread("job")));
    for (auto& writer : late)
        EXPECT_TRUE(fails_with(run(writer.save(with_state("late"))), errc::thread_deleted,
                               effect::not_applied));
    for (auto& writer : late) EXPECT_TRUE(fails_with(run(writer.load()), errc::thread_deleted));
}

TEST_P(checkpoint_conformance, deletes_again_and_deletes_nothing) {
    auto t = store.thread("job");
    save(t, "1");
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(run(store.delete_thread("job")));
    EXPECT_TRUE(run(store.delete_thread("never there")));
    EXPECT_TRUE(fails_with(run(store.thread("never there").save(draft())), errc::thread_deleted,
                           effect::not_applied));
}

TEST_P(checkpoint_conformance, finishes_an_interrupted_delete) {
    int interrupted = 0;
    for (std::size_t n = 0;; n += stride()) {
        const auto name = "job " + std::to_string(n);
        auto t = store.thread(name);
        for (int i = 0; i < 4; ++i) save(t, bytes(large, static_cast<char>('a' + i)));
        backing->follow(
            [n](std::size_t i, const auto&) { return i >= n ? fault::lost_request : fault::none; });
        const auto first = run(store.delete_thread(name));
        backing->heal();
        if (first) break;
        ++interrupted;
        EXPECT_EQ(first.error().effect(), effect::unknown) << first.error();
        const auto second = run(store.delete_thread(name));
        EXPECT_TRUE(second) << second.error();
        EXPECT_TRUE(fails_with(run(store.thread(name).load()), errc::thread_deleted)) << n;
        EXPECT_TRUE(
            fails_with(run(t.save(with_state("late"))), errc::thread_deleted, effect::not_applied))
            << n;
    }
    EXPECT_GE(interrupted, 2);
}

TEST_P(checkpoint_conformance, deletes_while_others_save) {
    for (const char* space : {"", "new"}) {
        const auto name = "job in "s + space;
        auto t = store.thread(name);
        save(t, "first");
        std::vector<std::optional<result<info>>> saves(10);
        std::optional<result<void>> deletion;
        std::vector<session> writers;
        for (std::size_t i = 0; i < saves.size(); ++i) writers.push_back(store.thread(name, space));
        for (std::size_t i = 0; i < saves.size(); ++i) {
            asio::co_spawn(
                context, writers[i].save(with_state(bytes(large, 'x'))),
                [&saves, i](std::exception_ptr, result<info> r) { saves[i] = std::move(r); });
            if (i == 4)
                asio::co_spawn(
                    context, store.delete_thread(name),
                    [&](std::exception_ptr, result<void> r) { deletion = std::move(r); });
        }
        settle();
        ASSERT_TRUE(deletion);
        EXPECT_TRUE(*deletion) << deletion->error();
        for (const auto& s : {"", "new"}) {
            EXPECT_TRUE(fails_with(run(store.thread(name, s).load()), errc::thread_deleted));
            EXPECT_TRUE(fails_with(run(store.thread(name, s).list().next()), errc::thread_deleted));
        }
    }
}

/// --- What should not be there ---

TEST_P(checkpoint_conformance, tells_a_corrupt_record) {
    auto t = store.thread("job");
    const auto one = save(t, "1");
    const auto two = save(t, "2");
    auto data = object_at(key_of(two));
    data[data.size() / 2] ^= 1;
    put_object_at(key_of(two), data);
    for (const auto& failed : {run(store.thread("job").load()), run(t.load(two.id))}) {
        EXPECT_TRUE(fails_with(failed, errc::checkpoint_corrupt));
        EXPECT_NE(failed.error().what().find(two.location), std::string::npos) << failed.error();
    }
    EXPECT_TRUE(fails_with(run(t.list().next()), errc::checkpoint_corrupt));
    EXPECT_EQ(text_of(run(t.load(one.id))), "1");
}

TEST_P(checkpoint_conformance, tells_a_record_of_a_newer_version) {
    auto t = store.thread("job");
    const auto one = save(t, "1");
    auto content = object_at(key_of(one));
    content.resize(content.size() - checkpoint::digest_bytes);
    content[9] = 9;
    put_object_at(key_of(one), checkpoint::seal(content));
    const auto failed = run(store.thread("job").load());
    EXPECT_TRUE(fails_with(failed, errc::record_version));
    EXPECT_NE(failed.error().what().find(one.location), std::string::npos) << failed.error();
    EXPECT_NE(failed.error().what().find("version 9"), std::string::npos) << failed.error();
    EXPECT_TRUE(fails_with(run(store.thread("job").save(draft())), errc::record_version,
                           effect::not_applied));
}

TEST_P(checkpoint_conformance, tells_a_record_that_belongs_elsewhere) {
    auto t = store.thread("job");
    const auto one = save(t, "1");
    auto other = store.thread("other");
    const auto foreign = save(other, "foreign");
    put_object_at(key_of(one), object_at(key_of(foreign)));
    const auto failed = run(store.thread("job").load());
    EXPECT_TRUE(fails_with(failed, errc::checkpoint_corrupt));
    EXPECT_NE(failed.error().what().find("thread \"other\""), std::string::npos) << failed.error();
}

TEST_P(checkpoint_conformance, tells_a_stranger_in_the_log) {
    auto t = store.thread("job");
    save(t, "1");
    const log_keys keys(thread_keys(options.prefix + '/', "job"), "");
    put_object_at(keys.slots() + "0-notes.txt", "hello");
    EXPECT_TRUE(fails_with(run(store.thread("job").load()), errc::checkpoint_corrupt));
    EXPECT_TRUE(fails_with(run(t.list().next()), errc::checkpoint_corrupt));
}

TEST_P(checkpoint_conformance, tells_a_corrupt_blob) {
    auto t = store.thread("job");
    const auto state = bytes(large, 's');
    const auto one = save(t, state);
    const log_keys keys(thread_keys(options.prefix + '/', "job"), "");
    const auto key = keys.blob("state", checkpoint::sha256(state));
    ASSERT_EQ(object_at(key), state);
    auto flipped = state;
    flipped.back() ^= 1;
    for (const auto& damaged : {flipped, state + "x", state.substr(1), bytes()}) {
        put_object_at(key, damaged);
        const auto failed = run(store.thread("job").load());
        EXPECT_TRUE(fails_with(failed, errc::checkpoint_corrupt)) << damaged.size();
        EXPECT_NE(failed.error().what().find(key), std::string::npos) << failed.error();
    }
    ASSERT_TRUE(run(backing->remove(std::vector<std::string>(1, key))));
    const auto failed = run(t.load(one.id));
    EXPECT_TRUE(fails_with(failed, errc::checkpoint_corrupt));
    EXPECT_NE(failed.error().what().find(key), std::string::npos) << failed.error();
}

/// --- Compression ---

// Compresses to a tenth, but not to nothing.
bytes lines(std::size_t size, int seed) {
    bytes out;
    for (int i = seed; out.size() < size; i = (i * 31 + 7) % 1009)
        out += "position " + std::to_string(i) + '\n';
    return out.substr(0, size);
}

bytes incompressible(std::size_t size) {
    bytes out;
    while (out.size() < size) out += checkpoint::from_hex(checkpoint::sha256(out));
    return out.substr(0, size);
}

std::vector<codec::compression> compressions() {
    return {codec::gzip_options(1), codec::zstd_options(1)};
}

TEST_P(checkpoint_conformance, keeps_compressed_states) {
    draft d;
    d.channels = {{"empty", ""},
                  {"tiny", "x"},
                  {"small", lines(900, 1)},
                  {"large", lines(large, 2)},
                  {"larger", lines(100'000, 3)},
                  {"noise", incompressible(large)}};
    for (const auto& how : compressions()) {
        options.compression = how;
        const auto name = "job in "s + std::string(name_of(encoding_of(how)));
        auto t = open_store().thread(name);
        const auto saved = run(t.save(d));
        ASSERT_TRUE(saved) << saved.error();
        for (const auto& [channel, state] : d.channels)
            EXPECT_EQ(saved->channel_sizes.at(channel), state.size()) << channel;
        const log_keys keys(thread_keys(options.prefix + '/', name), "");
        EXPECT_EQ(keys_below(keys.blobs()).size(), 3U) << "the smaller ones are in the record";

        // What a record says counts, whatever the store has been told.
        options.compression.reset();
        const auto loaded = run(open_store().thread(name).load());
        ASSERT_TRUE(loaded) << loaded.error();
        EXPECT_EQ(loaded->channels, d.channels);
        EXPECT_EQ(loaded->channel_sizes, saved->channel_sizes);
        EXPECT_EQ(list_all(t).front().channel_sizes, saved->channel_sizes);
    }
}

TEST_P(checkpoint_conformance, mixes_compressed_and_other_checkpoints) {
    std::vector<std::optional<codec::compression>> kinds(1);
    for (const auto& how : compressions()) kinds.emplace_back(how);
    std::vector<info> saved;
    for (int i = 0; i < 6; ++i) {
        options.compression = kinds[static_cast<std::size_t>(i) % kinds.size()];
        auto t = open_store().thread("job");
        saved.push_back(save(t, lines(large, i)));
    }
    for (int i = 0; i < 6; ++i)
        EXPECT_EQ(
            text_of(run(open_store().thread("job").load(saved[static_cast<std::size_t>(i)].id))),
            lines(large, i));
}

TEST_P(checkpoint_conformance, uploads_what_has_changed_only_when_compressed) {
    options.inline_limit_bytes = 10;
    for (const auto& how : compressions()) {
        options.compression = how;
        draft d;
        d.channels = {{"constant", lines(large, 1)}, {"changing", lines(large, 2)}};
        auto t = open_store().thread(std::string(name_of(encoding_of(how))));
        ASSERT_TRUE(run(t.save(d)));
        d.channels["changing"] = lines(large, 3);
        backing->heal();
        ASSERT_TRUE(run(t.save(d)));
        EXPECT_EQ(backing->log(), "put create");
        EXPECT_EQ(run(t.load())->channels, d.channels);
    }
}

TEST_P(checkpoint_conformance, tells_a_compressed_state_that_is_not_what_its_record_says) {
    options.compression = codec::zstd_options();
    const auto one = run(open_store().thread("job").save(with_state(lines(900, 1)))).value();
    const auto key = key_of(one);
    const auto good = checkpoint::decode(object_at(key)).value();
    const auto tamper = [&](auto change) {
        auto r = good;
        change(std::get<bytes>(r.channels.at("state")), r.compressed.at("state"));
        put_object_at(key, checkpoint::encode(r));
        const auto failed = run(store.thread("job").load());
        EXPECT_TRUE(fails_with(failed, errc::checkpoint_corrupt));
        EXPECT_NE(failed.error().what().find(one.location), std::string::npos) << failed.error();
        EXPECT_NE(failed.error().what().find("compressed"), std::string::npos) << failed.error();
    };
    tamper([](auto& stored, auto&) { stored.pop_back(); });
    tamper([](auto& stored, auto&) { stored += 'x'; });
    tamper([](auto& stored, auto&) { stored.clear(); });
    tamper([](auto&, auto& how) { --how.size; });
    tamper([](auto&, auto& how) { ++how.size; });
    tamper([](auto&, auto& how) { how.by = codec::encoding::gzip; });
    put_object_at(key, checkpoint::encode(good));
    EXPECT_EQ(text_of(run(store.thread("job").load())), lines(900, 1));
}

/// --- Faults ---

TEST_P(checkpoint_conformance, finds_its_checkpoint_after_a_lost_reply) {
    auto t = store.thread("job");
    save(t, "1");
    backing->follow(
        [](std::size_t i, const auto&) { return i == 0 ? fault::lost_reply : fault::none; });
    const auto two = save(t, "2");
    EXPECT_EQ(backing->log(), "create create get");
    EXPECT_EQ(two.sequence, 2U);
    EXPECT_EQ(ids_of(list_all(t)).front(), two.id);
    EXPECT_EQ(list_all(t).size(), 2U);
}

TEST_P(checkpoint_conformance, tells_when_it_does_not_know_and_knows_after_a_load) {
    for (const auto f : {fault::lost_reply, fault::lost_request}) {
        auto t = store.thread("job " + name_of(f));
        save(t, "1");
        backing->follow([f](std::size_t, const auto&) { return f; });
        const auto failed = run(t.save(with_state("2")));
        EXPECT_TRUE(fails_with(failed, errc::commit_state_unknown, effect::unknown));
        backing->heal();
        EXPECT_EQ(text_of(run(t.load())), f == fault::lost_reply ? "2" : "1");
        save(t, "next");
    }
}

TEST_P(checkpoint_conformance, saves_nothing_when_nothing_can_be_sent) {
    auto t = store.thread("job");
    save(t, "1");
    for (const auto size : {std::size_t{1}, large}) {
        backing->follow([](std::size_t, const auto&) { return fault::refused; });
        EXPECT_TRUE(fails_with(run(t.save(with_state(bytes(size, '2')))), errc::connect_failed,
                               effect::not_applied));
        backing->follow([](std::size_t, const auto& c) {
            return c.name == "put" ? fault::lost_reply : fault::none;
        });
        if (size != large) continue;
        EXPECT_TRUE(fails_with(run(t.save(with_state(bytes(size, '2')))), errc::connection_lost,
                               effect::not_applied));
    }
    backing->heal();
    EXPECT_EQ(text_of(run(t.load())), "1");
    EXPECT_EQ(save(t, "2").sequence, 2U);
}

TEST_P(checkpoint_conformance, asks_again_when_contended) {
    auto t = store.thread("job");
    backing->follow([](std::size_t i, const auto&) {
        return i == 1 || i == 2 ? fault::contended : fault::none;
    });
    save(t, "1");
    EXPECT_EQ(backing->log(), "list create create create get");
}

// What a session has been told about each of its saves.
struct told {
    std::vector<std::pair<std::string, bytes>> acknowledged;  // id, state
    std::vector<bytes> denied;
    std::vector<bytes> unknown;
};

// A session as applications write it: load, save; on an error load again and go on.
awaitable<void> work(checkpoint::store store, std::string name, std::shared_ptr<told> log) {
    auto t = store.thread("job");
    for (int i = 0; i < 4; ++i) {
        checkpoint::draft d;
        const bytes state = name + std::to_string(i) + bytes(i % 2 == 0 ? 10 : large, '.');
        d.channels["state"] = state;
        const auto saved = co_await t.save(d);
        if (saved) {
            log->acknowledged.emplace_back(saved->id, state);
            continue;
        }
        if (saved.error().effect() == effect::unknown)
            log->unknown.push_back(state);
        else
            log->denied.push_back(state);
        const auto loaded = co_await t.load();
        static_cast<void>(loaded);
    }
}

// Every acknowledged save is there, once, as it was; every denied one is not; the log has no hole.
void expect_kept(const std::vector<std::shared_ptr<told>>& logs,
                 const std::vector<checkpoint::info>& all,
                 const std::map<std::string, bytes>& truth) {
    std::multiset<bytes> states;
    for (const auto& [id, state] : truth) states.insert(state);
    for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].sequence, all.size() - i);
    for (const auto& log : logs) {
        for (const auto& [id, state] : log->acknowledged) {
            ASSERT_TRUE(truth.contains(id)) << "lost " << id;
            EXPECT_EQ(truth.at(id), state);
            EXPECT_EQ(states.count(state), 1U);
        }
        for (const auto& state : log->denied)
            EXPECT_EQ(states.count(state), 0U) << state.substr(0, 2);
        for (const auto& state : log->unknown) EXPECT_LE(states.count(state), 1U);
    }
}

}  // namespace

std::size_t checkpoint_conformance::run_two_writers(faulty_backing::plan plan) {
    options.prefix = "conformance/" + std::to_string(++runs_of_two_writers_);
    store = open_store();
    backing->follow(std::move(plan));
    const std::vector logs = {std::make_shared<told>(), std::make_shared<told>()};
    for (std::size_t i = 0; i < logs.size(); ++i)
        asio::co_spawn(context, work(store, i == 0 ? "a" : "b", logs[i]),
                       [](std::exception_ptr e) { EXPECT_FALSE(e); });
    settle();
    const auto calls = backing->calls().size();
    backing->heal();
    const auto all = list_all(store.thread("job"));
    std::map<std::string, bytes> truth;
    for (const auto& one : all) truth[one.id] = text_of(run(store.thread("job").load(one.id)));
    expect_kept(logs, all, truth);
    return calls;
}

namespace {

TEST_P(checkpoint_conformance, keeps_its_word_whichever_call_fails_and_however) {
    for (const auto f : {fault::refused, fault::lost_request, fault::lost_reply, fault::contended})
        for (const std::size_t length : {1U, 3U, 12U})
            for (std::size_t n = 0;; n += stride()) {
                SCOPED_TRACE(name_of(f) + " from call " + std::to_string(n) + " for " +
                             std::to_string(length));
                const auto calls = run_two_writers([=](std::size_t i, const auto&) {
                    return i >= n && i < n + length ? f : fault::none;
                });
                if (calls <= n || HasFailure()) break;
            }
}

}  // namespace
}  // namespace cairn::test
