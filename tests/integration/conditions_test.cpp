#include "integration/server.hpp"

#include <algorithm>

namespace cairn::test {
namespace {

constexpr auto stale_etag = "\"00000000000000000000000000000000\"";

class conditions : public server_test {
  protected:
    void SetUp() override {
        server_test::SetUp();
        etag = put("k", "first").etag.value();
        modified = good(s3.head_object(bucket, "k")).last_modified.value();
    }
    s3::put_object replacing(const std::string& key, const std::string& text) {
        s3::put_object request(bucket, key);
        request.body = text;
        return request;
    }

    std::string etag;
    s3::timestamp modified;
};

// Reads and descriptions take the same conditions.
template <class Operation>
class conditional_read : public conditions {
  protected:
    Operation request() { return Operation(bucket, "k"); }
    void expect_given(Operation r) { good(s3.send(std::move(r))); }
    void expect_refused(Operation r, errc code) {
        const auto e = bad(s3.send(std::move(r)));
        EXPECT_TRUE(is_error(e, code, effect::none, {path_of(bucket, "k")}));
        EXPECT_EQ(e.http_status(), code == errc::not_modified ? 304u : 412u);
        EXPECT_EQ(get("k"), "first") << "after it";
    }
};

class operation_names {
  public:
    template <class Operation>
    static std::string GetName(int) {
        return std::is_same_v<Operation, s3::get_object> ? "get" : "head";
    }
};
using reading_operations = ::testing::Types<s3::get_object, s3::head_object>;
TYPED_TEST_SUITE(conditional_read, reading_operations, operation_names);

TYPED_TEST(conditional_read, wants_this_etag) {
    auto right = this->request();
    right.if_match = this->etag;
    this->expect_given(std::move(right));
    auto wrong = this->request();
    wrong.if_match = stale_etag;
    this->expect_refused(std::move(wrong), errc::precondition_failed);
}

TYPED_TEST(conditional_read, wants_another_etag) {
    auto other = this->request();
    other.if_none_match = stale_etag;
    this->expect_given(std::move(other));
    auto same = this->request();
    same.if_none_match = this->etag;
    this->expect_refused(std::move(same), errc::not_modified);
}

TYPED_TEST(conditional_read, wants_a_change_since) {
    auto changed = this->request();
    changed.if_modified_since = this->modified - std::chrono::hours(1);
    this->expect_given(std::move(changed));
    auto unchanged = this->request();
    unchanged.if_modified_since = this->modified;
    this->expect_refused(std::move(unchanged), errc::not_modified);
}

TYPED_TEST(conditional_read, wants_no_change_since) {
    auto unchanged = this->request();
    unchanged.if_unmodified_since = this->modified;
    this->expect_given(std::move(unchanged));
    auto changed = this->request();
    changed.if_unmodified_since = this->modified - std::chrono::hours(1);
    this->expect_refused(std::move(changed), errc::precondition_failed);
}

TEST_F(conditions, create_but_never_replace) {
    auto replacement = replacing("k", "second");
    replacement.if_none_match = "*";
    const auto e = bad(s3.send(std::move(replacement)));
    EXPECT_TRUE(is_error(e, errc::precondition_failed, effect::not_applied,
                         {"PutObject " + path_of(bucket, "k"), "PreconditionFailed", "HTTP 412"}));
    EXPECT_EQ(get("k"), "first");

    auto creation = replacing("new", "created");
    creation.if_none_match = "*";
    good(s3.send(std::move(creation)));
    EXPECT_EQ(get("new"), "created");
}

TEST_F(conditions, create_again_what_was_deleted) {
    good(s3.delete_object(bucket, "k"));
    auto creation = replacing("k", "second");
    creation.if_none_match = "*";
    good(s3.send(std::move(creation)));
    EXPECT_EQ(get("k"), "second");
}

TEST_F(conditions, replace_what_is_as_expected) {
    auto right = replacing("k", "second");
    right.if_match = etag;
    good(s3.send(std::move(right)));
    EXPECT_EQ(get("k"), "second");
}

TEST_F(conditions, keep_what_is_not_as_expected) {
    auto stale = replacing("k", "second");
    stale.if_match = stale_etag;
    EXPECT_TRUE(is_error(bad(s3.send(std::move(stale))), errc::precondition_failed,
                         effect::not_applied, {path_of(bucket, "k"), "PreconditionFailed"}));
    EXPECT_EQ(get("k"), "first");
}

TEST_F(conditions, never_create_what_was_to_be_replaced) {
    auto request = replacing("missing", "second");
    request.if_match = etag;
    const auto e = bad(s3.send(std::move(request)));
    EXPECT_TRUE(e.code() == errc::not_found || e.code() == errc::precondition_failed) << e;
    EXPECT_EQ(e.effect(), effect::not_applied) << e;
    EXPECT_EQ(bad(s3.get_object(bucket, "missing")).code(), errc::not_found);
}

class conditions_of_large_uploads : public conditions {
  protected:
    /// A refused upload; gives how much of it was asked for.
    int pieces_of_refused_upload() {
        constexpr int pieces = 32;
        const std::string piece(1024 * 1024, 'x');
        int given = 0;
        s3::put_object request(bucket, "k");
        request.body =
            body::generator(pieces * piece.size(), [&]() -> awaitable<result<asio::const_buffer>> {
                co_return given == pieces ? asio::const_buffer() : (++given, asio::buffer(piece));
            });
        request.if_none_match = "*";
        EXPECT_TRUE(is_error(bad(s3.send(std::move(request))), errc::precondition_failed,
                             effect::not_applied, {path_of(bucket, "k")}));
        EXPECT_EQ(get("k"), "first");
        return given;
    }
};

TEST_F(conditions_of_large_uploads, hold_all_the_same) {
    pieces_of_refused_upload();
}

TEST_F(conditions_of_large_uploads, cost_no_upload) {
    EXPECT_EQ(pieces_of_refused_upload(), 0);
}

TEST_F(conditions, delete_what_is_as_expected_only) {
    s3::delete_object stale(bucket, "k");
    stale.if_match = stale_etag;
    EXPECT_TRUE(is_error(bad(s3.send(std::move(stale))), errc::precondition_failed,
                         effect::not_applied, {path_of(bucket, "k")}));
    EXPECT_EQ(get("k"), "first");
    s3::delete_object right(bucket, "k");
    right.if_match = etag;
    good(s3.send(std::move(right)));
    EXPECT_EQ(bad(s3.get_object(bucket, "k")).code(), errc::not_found);
}

TEST_F(conditions, of_fifty_racers_let_one_win) {
    constexpr int racers = 50;
    std::vector<awaitable<result<s3::put_object_output>>> race;
    for (int i = 0; i < racers; ++i) {
        auto creation = replacing("prize", "racer " + std::to_string(i));
        creation.if_none_match = "*";
        race.push_back(s3.send(std::move(creation)));
    }
    const auto ends = all(std::move(race));
    std::vector<std::string> winners;
    for (int i = 0; i < racers; ++i) {
        const auto& end = ends[static_cast<std::size_t>(i)];
        if (end) {
            winners.push_back("racer " + std::to_string(i));
        } else {
            const auto& e = end.error();
            EXPECT_TRUE(e.code() == errc::precondition_failed || e.code() == errc::conflict) << e;
            EXPECT_EQ(e.effect(), effect::not_applied) << e;
        }
    }
    ASSERT_EQ(winners.size(), 1u);
    EXPECT_EQ(get("prize"), winners.front());
}

}  // namespace
}  // namespace cairn::test
