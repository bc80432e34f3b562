#include "unit/transfer/fixture.hpp"

// A server that is gone for a while, under transfers with a client's default guards.
namespace cairn::transfer {
namespace {

using namespace std::chrono_literals;
using testing::s3_call;
using testing::s3_fault;

class outages : public transfer_test {
  protected:
    outages() {
        auto c = config(net, time);
        c.random = std::make_shared<test::constant_random>(test::constant_random::side::greatest);
        guarded = s3::client::create(std::move(c)).value();
        transfers = manager(guarded, small());
    }
    // Not before their connections are closed.
    void TearDown() override {
        guarded = client;
        transfer_test::TearDown();
    }

    /// No request arrives for so long from the n-th one of an operation on.
    void begin_at(std::size_t n, std::string operation, clock::duration length) {
        std::optional<clock::time_point> until;
        std::size_t seen = 0;
        s3.follow([=, this](const s3_call& call) mutable {
            if (call.operation == operation && ++seen == n) until = time->now() + length;
            return until && time->now() < *until ? s3_fault::lost_request() : s3_fault();
        });
    }
    /// Uploads a hundred small files, sixteen at once; gives how many arrived.
    std::size_t send_many() {
        const auto path = write("small", "data");
        std::function<awaitable<result<void>>(std::size_t)> one =
            [&](std::size_t i) -> awaitable<result<void>> {
            upload request(source::file(path), "bucket", "many/" + std::to_string(i));
            const auto sent = co_await transfers.send(std::move(request));
            co_return sent ? result<void>() : sent.error();
        };
        run([](auto step) -> awaitable<void> {
            co_await batch(100, 16, std::move(step));
        }(std::move(one)));
        return s3.keys("bucket").size();
    }

    s3::client guarded = client;
};

TEST_F(outages, of_a_second_fail_no_small_upload) {
    begin_at(20, "PutObject", 1s);
    EXPECT_EQ(send_many(), 100U);
}

TEST_F(outages, fail_uploads_that_have_no_patience) {
    auto o = small();
    o.patience = {};
    transfers = manager(guarded, o);
    begin_at(20, "PutObject", 1s);
    EXPECT_LT(send_many(), 50U);
}

TEST_F(outages, are_waited_out_by_parts) {
    const auto data = content(60'000);
    begin_at(8, "UploadPart", 20s);
    good(transfers.send({source::file(write("source", data)), "bucket", "key"}));
    EXPECT_TRUE(s3.object("bucket", "key") == data);
    begin_at(8, "GetObject", 20s);
    good(transfers.send({"bucket", "key", at("out")}));
    EXPECT_TRUE(read("out") == data);
}

TEST_F(outages, at_the_completion_are_waited_out) {
    const auto data = content(5000);
    begin_at(1, "CompleteMultipartUpload", 2s);
    good(transfers.send({source::file(write("source", data)), "bucket", "key"}));
    EXPECT_TRUE(s3.object("bucket", "key") == data);
    EXPECT_EQ(s3.uploads("bucket"), 0U);
}

TEST_F(outages, that_do_not_end_fail) {
    begin_at(3, "UploadPart", 24h);
    const auto from = time->now();
    const auto e =
        bad(transfers.send({source::file(write("source", content(9000))), "bucket", "k"}));
    EXPECT_EQ(e.effect(), effect::not_applied);
    EXPECT_LT(time->now() - from, 10min);
}

// It may be the wrong address.
TEST_F(outages, from_the_start_are_told_soon) {
    begin_at(1, "PutObject", 1h);
    const auto from = time->now();
    const auto e = bad(transfers.send({source::bytes("data"), "bucket", "key"}));
    EXPECT_EQ(e.attempts(), 3U);
    EXPECT_LT(time->now() - from, 1s);
}

TEST_F(outages, are_not_waited_out_by_clients_without_guards) {
    transfers = manager(guarded.with(s3::resilience::none()), small());
    begin_at(2, "UploadPart", 1s);
    EXPECT_EQ(
        bad(transfers.send({source::file(write("source", content(9000))), "bucket", "k"})).code(),
        errc::connection_lost);
}

}  // namespace
}  // namespace cairn::transfer
