#include "support/io.hpp"
#include "support/peer.hpp"

#include <cairn/auth/providers.hpp>
#include <cairn/s3/client.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cairn::s3 {
namespace {

using cairn::test::reply;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string objects(const std::string& key, const std::string& next) {
    return reply(
        200,
        "<ListBucketResult><IsTruncated>" + std::string(next.empty() ? "false" : "true") +
            "</IsTruncated><Contents><Key>" + key + "</Key></Contents>" +
            (next.empty() ? "" : "<NextContinuationToken>" + next + "</NextContinuationToken>") +
            "</ListBucketResult>");
}

std::string buckets(const std::string& name, const std::string& next) {
    return reply(200,
                 "<ListAllMyBucketsResult><Buckets><Bucket><Name>" + name +
                     "</Name></Bucket></Buckets>" +
                     (next.empty() ? "" : "<ContinuationToken>" + next + "</ContinuationToken>") +
                     "</ListAllMyBucketsResult>");
}

class Paginator : public cairn::test::io {
  protected:
    /// A client of a server that answers with these replies, one after another.
    client client_of(std::vector<std::string> replies) {
        client_config config(auth::anonymous_credentials());
        config.endpoint = "http://s3.test";
        config.clock = time;
        config.resilience = resilience::none();
        config.transport = std::make_shared<cairn::test::simulated_transport>(
            [this, replies](cairn::test::peer& at, int) { return serve(at, replies); });
        return client::create(std::move(config)).value();
    }

    awaitable<void> serve(cairn::test::peer& at, std::vector<std::string> replies) {
        for (const auto& answer : replies) {
            const auto request = co_await at.read_request();
            if (request.empty()) co_return;
            asked_.push_back(request.substr(0, request.find(" HTTP/")));
            co_await at.send(answer);
        }
    }

    template <class Operation>
    auto next(paginator<Operation>& pages) {
        return run(pages.next());
    }

    std::vector<std::string> asked_;
};

TEST_F(Paginator, PullsEveryPageOfAListing) {
    auto pages = client_of({objects("a", "t 1"), objects("b", "t2"), objects("c", "")})
                     .list_objects("photos", "p");
    std::vector<std::string> keys;
    for (auto page = next(pages).value(); page; page = next(pages).value())
        keys.push_back(page->contents.at(0).key);
    EXPECT_THAT(keys, ElementsAre("a", "b", "c"));
    const std::string first = "GET /photos?list-type=2&encoding-type=url&prefix=p";
    EXPECT_THAT(asked_, ElementsAre(first, first + "&continuation-token=t%201",
                                    first + "&continuation-token=t2"));
}

TEST_F(Paginator, StaysAtTheEnd) {
    auto pages = client_of({objects("a", "")}).list_objects("photos");
    EXPECT_TRUE(next(pages).value());
    EXPECT_FALSE(next(pages).value());
    EXPECT_FALSE(next(pages).value());
    EXPECT_EQ(asked_.size(), 1u);
}

TEST_F(Paginator, PullsEveryPageOfTheBuckets) {
    paginator<list_buckets> pages(client_of({buckets("a", "t"), buckets("b", "")}), list_buckets());
    EXPECT_EQ(next(pages).value()->buckets.at(0).name, "a");
    EXPECT_EQ(next(pages).value()->buckets.at(0).name, "b");
    EXPECT_FALSE(next(pages).value());
    EXPECT_THAT(asked_, ElementsAre("GET /", "GET /?continuation-token=t"));
}

TEST_F(Paginator, AsksForTheSamePageAgainAfterAnError) {
    auto pages =
        client_of({objects("a", "t"), reply(500), objects("b", "")}).list_objects("photos");
    EXPECT_TRUE(next(pages).value());
    EXPECT_EQ(next(pages).error().code(), errc::service_failed);
    EXPECT_EQ(next(pages).value()->contents.at(0).key, "b");
    EXPECT_EQ(asked_.at(1), asked_.at(2));
}

TEST_F(Paginator, EndsAListingThatGoesInCircles) {
    auto pages =
        client_of({objects("a", "t"), objects("a", "t"), objects("a", "t")}).list_objects("photos");
    EXPECT_TRUE(next(pages).value());
    const auto e = next(pages).error();
    EXPECT_EQ(e.code(), errc::malformed_reply);
    EXPECT_EQ(e.operation(), "ListObjectsV2");
    EXPECT_THAT(e.detail(), HasSubstr("would never end"));
}

TEST_F(Paginator, StartsWhereItsOperationDoes) {
    list_objects_v2 request("photos");
    request.continuation_token = "here";
    paginator<list_objects_v2> pages(client_of({objects("a", "")}), std::move(request));
    EXPECT_TRUE(next(pages).value());
    EXPECT_THAT(asked_.at(0), HasSubstr("continuation-token=here"));
}

TEST_F(Paginator, MayBeMoved) {
    auto pages = client_of({objects("a", "t"), objects("b", "")}).list_objects("photos");
    EXPECT_TRUE(next(pages).value());
    auto moved = std::move(pages);
    EXPECT_EQ(next(moved).value()->contents.at(0).key, "b");
}

TEST_F(Paginator, PullsEveryPageOfAnUploadsParts) {
    const auto page = [](const std::string& number, const std::string& next) {
        return reply(200, "<ListPartsResult><IsTruncated>" +
                              std::string(next.empty() ? "false" : "true") + "</IsTruncated>" +
                              "<NextPartNumberMarker>" + (next.empty() ? "0" : next) +
                              "</NextPartNumberMarker><Part><PartNumber>" + number +
                              "</PartNumber></Part></ListPartsResult>");
    };
    paginator<list_parts> pages(client_of({page("1", "1"), page("9", "9"), page("10", "")}),
                                list_parts("photos", "k", "u"));
    std::vector<std::int64_t> numbers;
    for (auto got = next(pages).value(); got; got = next(pages).value())
        numbers.push_back(got->parts.at(0).part_number);
    EXPECT_THAT(numbers, ElementsAre(1, 9, 10));
    EXPECT_THAT(asked_, ElementsAre("GET /photos/k?uploadId=u",
                                    "GET /photos/k?uploadId=u&part-number-marker=1",
                                    "GET /photos/k?uploadId=u&part-number-marker=9"));
}

TEST_F(Paginator, PullsEveryPageOfTheUnfinishedUploads) {
    const auto page = [](const std::string& markers) {
        return reply(200, "<ListMultipartUploadsResult><IsTruncated>" +
                              std::string(markers.empty() ? "false" : "true") + "</IsTruncated>" +
                              markers + "</ListMultipartUploadsResult>");
    };
    const std::string key = "<NextKeyMarker>a b</NextKeyMarker>";
    paginator<list_multipart_uploads> pages(
        client_of({page(key + "<NextUploadIdMarker>u1</NextUploadIdMarker>"),
                   page(key + "<NextUploadIdMarker>u2</NextUploadIdMarker>"),
                   page("<NextKeyMarker>c</NextKeyMarker>"), page("")}),
        list_multipart_uploads("photos"));
    while (next(pages).value()) continue;
    const std::string first = "GET /photos?uploads&encoding-type=url";
    EXPECT_THAT(asked_, ElementsAre(first, first + "&key-marker=a%20b&upload-id-marker=u1",
                                    first + "&key-marker=a%20b&upload-id-marker=u2",
                                    first + "&key-marker=c"));
}

}  // namespace
}  // namespace cairn::s3
