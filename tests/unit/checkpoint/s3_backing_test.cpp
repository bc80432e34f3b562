#include "support/io.hpp"
#include "support/peer.hpp"

#include <cairn/auth/providers.hpp>
#include <cairn/checkpoint/s3_backing.hpp>

namespace cairn::checkpoint {
namespace {

class s3_backing_test : public test::io {
  protected:
    std::shared_ptr<backing> answering(std::string answer) {
        s3::client_config config(auth::anonymous_credentials());
        config.endpoint = "http://s3.example";
        config.clock = time;
        config.transport =
            std::make_shared<test::simulated_transport>(test::replies({std::move(answer)}));
        return s3_backing(s3::client::create(std::move(config)).value(), "bucket");
    }
    result<bytes> get(std::string answer) {
        const auto on = answering(std::move(answer));
        return run(on->get("key", 1000));
    }
    result<std::vector<std::string>> list(std::string answer) {
        const auto on = answering(std::move(answer));
        return run(on->list("", "", 10));
    }
    static std::string missing(const std::string& code) {
        return test::reply(404, "<Error><Code>" + code + "</Code></Error>");
    }
};

TEST_F(s3_backing_test, AMissingKeyIsNotFound) {
    EXPECT_EQ(get(missing("NoSuchKey")).error().code(), errc::not_found);
}

// `not_found` would have the commit protocol take a slot for free, and a load take an old
// checkpoint for the latest.
TEST_F(s3_backing_test, NoOther404IsAFreeSlot) {
    EXPECT_EQ(get(missing("NoSuchBucket")).error().code(), errc::invalid_configuration);
    EXPECT_EQ(get(missing("XAdminUserNotFound")).error().code(), errc::access_denied);
    EXPECT_EQ(get(missing("SomethingElse")).error().code(), errc::bad_request);
    EXPECT_EQ(get(test::reply(404)).error().code(), errc::bad_request);
    EXPECT_EQ(get(test::reply(404, "<html>no such page</html>")).error().code(), errc::not_s3);
}

TEST_F(s3_backing_test, KeysOutOfOrderAreRefused) {
    const auto listed = list(test::reply(200,
                                         "<ListBucketResult><Contents><Key>b</Key></Contents>"
                                         "<Contents><Key>a</Key></Contents></ListBucketResult>"));
    EXPECT_EQ(listed.error().code(), errc::malformed_reply);
    EXPECT_NE(listed.error().what().find("lists a after b"), std::string::npos) << listed.error();
}

}  // namespace
}  // namespace cairn::checkpoint
