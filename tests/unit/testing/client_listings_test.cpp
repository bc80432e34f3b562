#include "unit/testing/simulated_s3_fixture.hpp"

#include <cairn/testing/simulated_network.hpp>

#include <algorithm>
#include <functional>
#include <stdexcept>

// A listing is a page at a time, each of its own moment, while others write.
namespace cairn::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

class client_listings_test : public simulated_s3_test {
  protected:
    void put_all(const std::vector<std::string>& keys) {
        for (const auto& key : keys) good(client.put_object("bucket", key, "v"));
    }
    void put(const std::string& key) { good(client.put_object("bucket", key, "v")); }
    void remove(const std::string& key) { good(client.delete_object("bucket", key)); }
    struct seen {
        std::vector<std::string> keys;
        std::vector<std::string> prefixes;
    };
    /// All pages, with `write` after the first.
    seen list(s3::list_objects_v2 request, const std::function<void()>& write) {
        seen s;
        auto pages = s3::paginator<s3::list_objects_v2>(client, std::move(request));
        for (int n = 0;; ++n) {
            const auto page = good(pages.next());
            if (!page) return s;
            for (const auto& each : page->contents) s.keys.push_back(each.key);
            for (const auto& each : page->common_prefixes) s.prefixes.push_back(each.prefix);
            if (n == 0) write();
        }
    }
    static s3::list_objects_v2 in_pages_of(std::int64_t size) {
        s3::list_objects_v2 request("bucket");
        request.max_keys = size;
        return request;
    }
};

TEST_F(client_listings_test, WhatIsWrittenBehindThePageIsSeenAndBeforeItIsNot) {
    put_all({"a", "c", "e", "g"});
    const auto all = list(in_pages_of(2), [&] {
        put("b");
        put("cc");
        put("f");
    });
    EXPECT_THAT(all.keys, ElementsAre("a", "c", "cc", "e", "f", "g"));
}

TEST_F(client_listings_test, TheKeyThatAPageEndedWithMayGo) {
    put_all({"a", "c", "e", "g"});
    EXPECT_THAT(list(in_pages_of(2), [&] { remove("c"); }).keys, ElementsAre("a", "c", "e", "g"));
}

TEST_F(client_listings_test, TheKeyThatAPageEndedWithMayBeWrittenAnew) {
    put_all({"a", "c", "e"});
    const auto all = list(in_pages_of(2), [&] {
        remove("c");
        put("c");
    });
    EXPECT_THAT(all.keys, ElementsAre("a", "c", "e"));
}

TEST_F(client_listings_test, TheKeysThatWereToComeMayGo) {
    put_all({"a", "c", "e", "g"});
    EXPECT_THAT(list(in_pages_of(2), [&] { remove("e"); }).keys, ElementsAre("a", "c", "g"));
    EXPECT_THAT(list(in_pages_of(2), [&] { remove("g"); }).keys, ElementsAre("a", "c"));
}

TEST_F(client_listings_test, APrefixIsGivenOnceWhateverComesIntoIt) {
    put_all({"a/1", "b/1", "c"});
    auto request = in_pages_of(1);
    request.delimiter = "/";
    const auto all = list(request, [&] {
        put("a/2");
        remove("b/1");
        put("b/2");
    });
    EXPECT_THAT(all.prefixes, ElementsAre("a/", "b/"));
    EXPECT_THAT(all.keys, ElementsAre("c"));
}

// --- Worlds in which all this happens at once ---

constexpr int keys = 60;

std::string key_of(std::uint64_t n) {
    const auto digits = std::to_string(n);
    return "log/" + std::string(3 - digits.size(), '0') + digits;
}

// Every third key is left alone.
bool stays(std::uint64_t n) {
    return n % 3 == 1;
}

awaitable<void> write_until(s3::client s3, std::shared_ptr<seeded_random> chance,
                            std::shared_ptr<const bool> over) {
    while (!*over) {
        const auto n = chance->below(keys);
        if (stays(n)) continue;
        const auto key = key_of(n);
        if (chance->chance(0.5))
            co_await s3.put_object("bucket", key, "v");
        else
            co_await s3.delete_object("bucket", key);
    }
}

awaitable<void> put_those_that_stay(s3::client s3) {
    for (int n = 0; n < keys; ++n) {
        if (!stays(n)) continue;
        const auto put = co_await s3.put_object("bucket", key_of(n), "v");
        EXPECT_TRUE(put) << put.error();
    }
}

// A page that can't be had is asked for again.
awaitable<std::vector<std::string>> list_all(s3::client s3, std::int64_t page_size) {
    s3::list_objects_v2 request("bucket");
    request.prefix = "log/";
    request.max_keys = page_size;
    s3::paginator<s3::list_objects_v2> pages(s3, std::move(request));
    std::vector<std::string> listed;
    for (int failures = 0;;) {
        const auto page = co_await pages.next();
        if (!page && ++failures > keys) throw std::runtime_error(page.error().what());
        if (!page) continue;
        if (!*page) co_return listed;
        for (const auto& each : (*page)->contents) listed.push_back(each.key);
    }
}

struct racing_world {
    racing_world(std::uint64_t seed, double faults) : world(seed) {
        s3.create_bucket("bucket");
        net.add_host("s3.example", [this](std::unique_ptr<wire::stream> stream) {
            return s3.serve(std::move(stream));
        });
        s3.follow(s3_faults_by_seed(seed, faults));
    }
    s3::client client(const std::string& name) {
        link_options link;
        link.latency_out = link.latency_in = 5ms;
        link.jitter = 20ms;
        s3::client_config c(auth::static_credentials(
            auth::credentials("simulated-access-key", secret("simulated-secret-key"))));
        c.endpoint = "http://s3.example";
        c.transport = net.add_machine(name, link).transport();
        c.clock = world.clock();
        c.random = world.random();
        c.resilience.retry->max_attempts = 10;
        return s3::client::create(std::move(c)).value();
    }
    static simulated_s3_options on(simulation& world) {
        simulated_s3_options options;
        options.clock = world.clock();
        return options;
    }

    simulation world;
    simulated_network net{world};
    simulated_s3 s3{on(world)};
};

std::vector<std::string> listed_while_others_write(std::uint64_t seed, double faults) {
    racing_world in(seed, faults);
    in.world.run(put_those_that_stay(in.client("first")));
    const auto over = std::make_shared<bool>(false);
    for (const auto* name : {"one", "two"})
        in.world.spawn(write_until(in.client(name), in.world.random(), over));
    const auto page_size = static_cast<std::int64_t>(1 + seed % 7);
    auto listed = in.world.run(list_all(in.client("lister"), page_size));
    *over = true;
    in.world.settle();
    return listed;
}

void expect_whole_and_in_order(const std::vector<std::string>& listed, std::uint64_t seed) {
    EXPECT_TRUE(std::is_sorted(listed.begin(), listed.end())) << "seed " << seed;
    EXPECT_EQ(std::adjacent_find(listed.begin(), listed.end()), listed.end()) << "seed " << seed;
    for (int n = 0; n < keys; ++n) {
        if (!stays(n)) continue;
        EXPECT_EQ(std::count(listed.begin(), listed.end(), key_of(n)), 1)
            << key_of(n) << ", seed " << seed;
    }
}

TEST(client_listings, HaveWhatIsThereThroughoutOnceAndInOrder) {
    std::size_t others = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto listed = listed_while_others_write(seed, 0);
        expect_whole_and_in_order(listed, seed);
        others += listed.size() - keys / 3;
    }
    EXPECT_GT(others, 50U) << "nothing was written meanwhile";
}

TEST(client_listings, GoOnAfterWhateverFails) {
    for (std::uint64_t seed = 0; seed < 20; ++seed)
        expect_whole_and_in_order(listed_while_others_write(seed, 0.2), seed);
}

}  // namespace
}  // namespace cairn::testing
