#include "unit/transfer/fixture.hpp"

#include <cairn/codec/stream.hpp>

namespace cairn::transfer {
namespace {

using ::testing::HasSubstr;
using testing::s3_fault;

class object_streams : public transfer_test {
  protected:
    void put(const std::string& data) {
        good(transfers.send({source::view(data), "bucket", "key"}));
    }
    opened_object open() { return good(transfers.open("bucket", "key")); }
    static options with_memory(std::uint64_t bytes) {
        auto o = small();
        o.download_memory_bytes = bytes;
        return o;
    }
};

TEST_F(object_streams, bring_objects_of_every_size_in_order) {
    for (const std::size_t size : {0, 1, 999, 1000, 1001, 2000, 9999}) {
        put(content(size));
        for (const std::uint64_t memory : {0, 1000, 100'000}) {
            transfers = manager(client, with_memory(memory));
            auto opened = open();
            EXPECT_EQ(opened.object.content_length, static_cast<std::int64_t>(size));
            EXPECT_TRUE(good(opened.body.read_all(100'000)) == content(size)) << size;
        }
    }
}

TEST_F(object_streams, can_be_decompressed) {
    upload request(source::bytes(content(2500)), "bucket", "key");
    request.compression = codec::zstd_options();
    good(transfers.send(std::move(request)));
    auto opened = open();
    EXPECT_TRUE(opened.is_verified);
    auto plain = codec::decompressed(opened.body.release(), *opened.object.content_encoding,
                                     codec::decompression_options(), std::make_shared<workers>(0));
    EXPECT_EQ(good(opened.body.read_all(100)), "");
    body::reader body(std::move(plain.value()));
    EXPECT_TRUE(good(body.read_all(100'000)) == content(2500));
}

TEST_F(object_streams, read_ahead_as_far_as_memory_and_places_go) {
    put(content(9500));
    auto opened = open();
    std::string piece(10, '\0');
    good(opened.body.read_some(asio::buffer(piece)));
    settle();
    EXPECT_EQ(asked("GetObject"), 3U);
    transfers = manager(client, with_memory(1500));
    auto narrow = open();
    good(narrow.body.read_some(asio::buffer(piece)));
    settle();
    EXPECT_EQ(asked("GetObject"), 3U + 2U);
}

// Each reader's first part would be all the memory that there is.
TEST_F(object_streams, never_wait_for_each_other) {
    put(content(5000));
    auto o = with_memory(1000);
    o.max_parts_at_once = 1;
    transfers = manager(client, o);
    std::vector<opened_object> all;
    std::vector<std::string> got(8);
    for (std::size_t i = 0; i < got.size(); ++i) all.push_back(open());
    std::string piece(100, '\0');
    for (int step = 0; step < 50; ++step)
        for (std::size_t i = got.size(); i-- > 0;) {
            const auto n = good(all[i].body.read(asio::buffer(piece)));
            got[i] += piece.substr(0, n);
        }
    for (const auto& each : got) EXPECT_TRUE(each == content(5000));
}

TEST_F(object_streams, hold_nobody_up_while_they_are_not_read) {
    put(content(5000));
    transfers = manager(client, with_memory(2000));
    auto paused = open();
    std::string piece(10, '\0');
    good(paused.body.read_some(asio::buffer(piece)));
    auto read = open();
    EXPECT_TRUE(good(read.body.read_all(100'000)) == content(5000));
    for (const auto bytes : {5000, 500}) {
        good(client.put_object("bucket", "other", content(bytes)));
        good(transfers.download_file("bucket", "other", at("out")));
    }
}

TEST_F(object_streams, go_on_where_a_connection_was_lost) {
    put(content(4500));
    s3.follow([](const testing::s3_call& call) {
        return call.operation == "GetObject" && call.nth % 2 == 0 ? s3_fault::truncated_body(300)
                                                                  : s3_fault();
    });
    EXPECT_TRUE(good(open().body.read_all(10'000)) == content(4500));
}

TEST_F(object_streams, end_with_an_error_when_damaged) {
    for (const std::size_t size : {500, 4500}) {
        put(content(size));
        const auto from = asked("GetObject");
        s3.follow([from](const testing::s3_call& call) {
            return call.operation == "GetObject" && call.nth == from ? s3_fault::corrupted_body(7)
                                                                     : s3_fault();
        });
        auto opened = open();
        const auto e = bad(opened.body.read_all(10'000));
        EXPECT_EQ(e.code(), errc::checksum_mismatch) << size;
        EXPECT_THAT(e.what(), HasSubstr("s3://bucket/key"));
        std::string piece(10, '\0');
        EXPECT_EQ(bad(opened.body.read_some(asio::buffer(piece))).code(), errc::checksum_mismatch);
    }
}

TEST_F(object_streams, end_with_an_error_when_the_object_is_replaced) {
    put(content(9500));
    auto opened = open();
    std::string piece(10, '\0');
    good(opened.body.read_some(asio::buffer(piece)));
    good(client.put_object("bucket", "key", "new"));
    EXPECT_EQ(bad(opened.body.read_all(10'000)).code(), errc::precondition_failed);
}

TEST_F(object_streams, may_be_dropped_at_any_time) {
    put(content(9500));
    {
        auto opened = open();
        std::string piece(10, '\0');
        good(opened.body.read_some(asio::buffer(piece)));
    }
    settle();
    EXPECT_TRUE(good(open().body.read_all(10'000)) == content(9500));
}

// What is ahead is asked for first.
TEST_F(object_streams, that_are_dropped_end_what_they_read_ahead) {
    put(content(9500));
    s3.follow([](const testing::s3_call& call) {
        return call.operation == "GetObject" && call.nth < 2
                   ? s3_fault::slow_reply(std::chrono::seconds(20))
                   : s3_fault();
    });
    auto opened = open();
    std::string piece(10, '\0');
    good(opened.body.read_some(asio::buffer(piece)));
    good(client.head_object("bucket", "key"));
    const auto reading = net->open();
    {
        const auto dropped = std::move(opened);
    }
    good(client.head_object("bucket", "key"));
    EXPECT_EQ(reading, 4);
    EXPECT_EQ(net->open(), 1);
}

TEST_F(object_streams, can_be_cancelled_everywhere) {
    put(content(3500));
    const auto read_it = [&]() -> awaitable<void> {
        auto opened = co_await transfers.open("bucket", "key");
        if (!opened) co_return;
        std::string all(3500, '\0');
        co_await opened->body.read(asio::buffer(all));
    };
    EXPECT_GT(cancel_everywhere(read_it, [](int) {}), 10);
}

}  // namespace
}  // namespace cairn::transfer
