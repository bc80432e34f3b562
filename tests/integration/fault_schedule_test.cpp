#include "support/fault_schedule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace cairn::test {
namespace {

request_head request(const std::string& line, const std::string& headers = {}) {
    return request_head(line + " HTTP/1.1\r\nHost: here\r\n" + headers + "\r\n");
}

request_head upload(const std::string& hash, const std::string& headers = {}) {
    return request("PUT /bucket/key",
                   "Content-Length: 5\r\nX-Amz-Content-SHA256: " + hash + "\r\n" + headers);
}

/// The kinds that a request which comes again and again meets, and how many break it.
struct fate {
    std::set<wire_fault> kinds;
    int breaks = 0;
};

fate fate_of(fault_schedule schedule, const request_head& head) {
    fate met;
    for (int i = 0; i < 1000; ++i) {
        const auto what = schedule.next(head).what;
        met.kinds.insert(what);
        if (breaks(what)) ++met.breaks;
    }
    return met;
}

fault_schedule mendable(std::uint64_t seed = 1) {
    fault_schedule made(seed, 40);
    made.keep_to_mendable();
    return made;
}

const std::string signed_hash(64, '0');

TEST(fault_schedule, leaves_a_third_attempt_to_get_through) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        EXPECT_EQ(fate_of(mendable(seed), request("GET /bucket/key")).breaks, 2) << seed;
        EXPECT_EQ(fate_of(mendable(seed), upload(signed_hash)).breaks, 2) << seed;
    }
}

TEST(fault_schedule, breaks_nothing_that_is_sent_only_once) {
    using ::testing::IsSubsetOf;
    const auto harmless = IsSubsetOf({wire_fault::none, wire_fault::twice, wire_fault::delay});
    for (const auto& once :
         {upload(signed_hash, "If-None-Match: *\r\n"), upload(signed_hash, "If-Match: \"x\"\r\n"),
          upload("UNSIGNED-PAYLOAD"), request("PUT /bucket"), request("DELETE /bucket"),
          request("DELETE /bucket/key", "x-amz-if-match-size: 1\r\n"),
          request("POST /bucket/key?uploadId=u"), request("DELETE /bucket/key?uploadId=u")})
        EXPECT_THAT(fate_of(mendable(), once).kinds, harmless) << once.line;
}

TEST(fault_schedule, breaks_what_is_like_once_when_it_is_done_twice) {
    for (const auto& again :
         {upload(signed_hash), request("DELETE /bucket/key"), request("POST /bucket?delete"),
          request("GET /bucket?list-type=2"), request("HEAD /bucket"),
          request("GET /bucket/key", "If-None-Match: \"x\"\r\n")})
        EXPECT_GT(fate_of(mendable(), again).breaks, 0) << again.line;
}

TEST(fault_schedule, corrupts_signed_bodies_only) {
    const fault_schedule any(1, 100);
    EXPECT_TRUE(fate_of(any, upload(signed_hash)).kinds.contains(wire_fault::corrupt));
    EXPECT_FALSE(fate_of(any, upload("UNSIGNED-PAYLOAD")).kinds.contains(wire_fault::corrupt));
    EXPECT_FALSE(fate_of(any, request("PUT /bucket/key")).kinds.contains(wire_fault::corrupt));
}

TEST(fault_schedule, cuts_what_the_caller_reads_only_when_let) {
    const auto reading = request("GET /bucket/key");
    auto schedule = mendable();
    EXPECT_FALSE(fate_of(schedule, reading).kinds.contains(wire_fault::cut_body));
    schedule.let_in(wire_fault::cut_body);
    bool cut = false;
    for (int i = 0; i < 100; ++i) {
        schedule.restart(std::to_string(i));
        cut = cut || fate_of(schedule, reading).kinds.contains(wire_fault::cut_body);
    }
    EXPECT_TRUE(cut);
}

TEST(fault_schedule, cuts_replies_where_a_client_misses_the_rest) {
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n";
    const std::string refusal = "HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\n";
    const auto schedule = mendable();
    const auto longest_cut = [&](wire_fault what, const request_head& of,
                                 const std::string& reply) {
        std::size_t longest = 0;
        fault_schedule::choice drawn;
        drawn.what = what;
        for (drawn.die = 0; drawn.die < 1000; ++drawn.die) {
            const auto cut = schedule.cut_of(drawn, of, reply_head(reply));
            EXPECT_GT(cut, 0u);
            longest = std::max(longest, cut);
        }
        return longest;
    };
    const auto object = request("GET /bucket/key");
    const auto listing = request("GET /bucket?list-type=2");
    EXPECT_EQ(longest_cut(wire_fault::cut_reply, listing, head), head.size() + 99);
    EXPECT_EQ(longest_cut(wire_fault::cut_reply, object, head), head.size() - 1);
    EXPECT_EQ(longest_cut(wire_fault::cut_reply, request("HEAD /bucket/key"), head),
              head.size() - 1);
    EXPECT_EQ(longest_cut(wire_fault::cut_reply, listing, refusal), refusal.size() - 1);
    EXPECT_EQ(longest_cut(wire_fault::cut_body, object, head), head.size() + 99);
}

TEST(fault_schedule, is_the_same_for_a_seed_and_a_name) {
    const auto kinds = [](std::uint64_t seed, const std::string& name, const std::string& bucket) {
        auto schedule = mendable(seed);
        schedule.next(request("GET /another"));
        schedule.restart(name);
        std::vector<wire_fault> met;
        for (int i = 0; i < 100; ++i)
            met.push_back(schedule.next(request("GET /" + bucket + "/key")).what);
        return met;
    };
    EXPECT_EQ(kinds(1, "test", "bucket"), kinds(1, "test", "tub"));
    EXPECT_NE(kinds(1, "test", "bucket"), kinds(1, "taste", "bucket"));
    EXPECT_NE(kinds(1, "test", "bucket"), kinds(2, "test", "bucket"));
}

}  // namespace
}  // namespace cairn::test
