#include "unit/testing/s3_core_fixture.hpp"

namespace cairn::testing::simulated {
namespace {

class s3_regions : public core_test {
  protected:
    s3_regions() { good("PUT", "/far", {}, in("eu-west-1")); }
    static std::string in(const std::string& region) {
        return "<CreateBucketConfiguration><LocationConstraint>" + region +
               "</LocationConstraint></CreateBucketConfiguration>";
    }
    reply send_signed_for(const std::string& region, std::string method, std::string target,
                          const headers& more = {}, std::string body = {}) {
        auto head = head_of(std::move(method), std::move(target), more, body);
        sign(head, secret_key, region);
        return s3.handle(head, std::move(body), now);
    }
};

TEST_F(s3_regions, are_told) {
    EXPECT_EQ(send_signed_for("eu-west-1", "HEAD", "/far").headers["x-amz-bucket-region"],
              "eu-west-1");
    EXPECT_NE(send_signed_for("eu-west-1", "GET", "/far?location").body.find(">eu-west-1<"),
              std::string::npos);
    EXPECT_NE(good("GET", "/bucket?location").body.find("></LocationConstraint>"),
              std::string::npos);
}

TEST_F(s3_regions, that_were_not_signed_for_are_told_in_the_refusal) {
    const auto r = send("GET", "/far/k");
    expect_refused(r, 400, "AuthorizationHeaderMalformed");
    EXPECT_EQ(text(r, "Region"), "eu-west-1");
    EXPECT_EQ(r.headers["x-amz-bucket-region"], "eu-west-1");
}

TEST_F(s3_regions, of_another_endpoint_are_redirected_to) {
    const auto r = send("GET", "/far/k", {{"Host", "s3.us-east-1.amazonaws.com"}});
    expect_refused(r, 301, "PermanentRedirect");
    EXPECT_EQ(text(r, "Endpoint"), "far.s3.eu-west-1.amazonaws.com");
    EXPECT_EQ(r.headers["x-amz-bucket-region"], "eu-west-1");
    EXPECT_EQ(send_signed_for("eu-west-1", "GET", "/", {{"Host", "far.s3.eu-west-1.amazonaws.com"}})
                  .status,
              200u);
    EXPECT_EQ(send_signed_for("eu-west-1", "GET", "/",
                              {{"Host", "far.s3.dualstack.eu-west-1.amazonaws.com"}})
                  .status,
              200u);
}

TEST_F(s3_regions, take_buckets_of_their_own) {
    const headers host{{"Host", "s3.eu-west-1.amazonaws.com"}};
    EXPECT_EQ(send_signed_for("eu-west-1", "PUT", "/near", host, in("eu-west-1")).status, 200u);
    expect_refused(send_signed_for("eu-west-1", "PUT", "/near", host, in("eu-west-1")), 409,
                   "BucketAlreadyOwnedByYou");
    expect_refused(send_signed_for("eu-west-1", "PUT", "/next", host), 400,
                   "IllegalLocationConstraintException");
    expect_refused(send_signed_for("eu-west-1", "PUT", "/next", host, in("us-west-2")), 400,
                   "IllegalLocationConstraintException");
    expect_refused(send("PUT", "/next", {}, in("us-east-1")), 400, "InvalidLocationConstraint");
}

TEST_F(s3_regions, let_the_first_one_create_again) {
    put("k", "v");
    good("PUT", "/bucket");
    EXPECT_EQ(get("k"), "v");
}

}  // namespace
}  // namespace cairn::testing::simulated
