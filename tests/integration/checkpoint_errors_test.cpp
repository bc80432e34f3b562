#include "integration/server.hpp"

#include <cairn/checkpoint.hpp>

namespace cairn::test {
namespace {

class checkpoints : public server_test {
  protected:
    checkpoint::store open() {
        return good(checkpoint::store::open(checkpoint::s3_backing(s3, bucket)));
    }
    static checkpoint::draft some_state() {
        checkpoint::draft d;
        d.channels["state"] = "some";
        return d;
    }
};

TEST_F(checkpoints, are_stored_where_they_say) {
    auto thread = open().thread("job");
    const auto saved = good(thread.save(some_state()));
    const auto start = path_of(bucket, "");
    ASSERT_TRUE(saved.location.starts_with(start)) << saved.location;
    EXPECT_TRUE(get(saved.location.substr(start.size())).starts_with("cairnrec"));
}

TEST_F(checkpoints, need_a_bucket) {
    const auto nowhere = new_bucket_name();
    const auto e = bad(checkpoint::store::open(checkpoint::s3_backing(s3, nowhere)));
    EXPECT_EQ(e.code(), errc::not_found) << e;
    EXPECT_NE(e.what().find(nowhere), std::string::npos) << e;
}

TEST_F(checkpoints, are_not_current_because_their_bucket_has_gone) {
    auto thread = open().thread("job");
    good(thread.save(some_state()));
    good(s3.delete_objects(bucket, keys_of(bucket)));
    good(s3.delete_bucket(bucket));
    const auto loading = bad(thread.load());
    EXPECT_NE(loading.code(), errc::checkpoint_not_found) << loading;
    const auto saving = bad(thread.save(some_state()));
    EXPECT_EQ(saving.effect(), effect::not_applied) << saving;
}

}  // namespace
}  // namespace cairn::test
