#include "transfer/local_file.hpp"
#include "unit/transfer/fixture.hpp"

namespace cairn::transfer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::s3_fault;
using ::testing::UnorderedElementsAre;

class downloads : public transfer_test {
  protected:
    void put(const std::string& data) {
        good(transfers.send({source::view(data), "bucket", "key"}));
    }
    download_output get_file() { return good(transfers.download_file("bucket", "key", at("out"))); }
    error bad_file() { return bad(transfers.download_file("bucket", "key", at("out"))); }
    awaitable<void> replace() {
        auto stored = co_await client.put_object("bucket", "key", content(4000));
        stored.value();
    }
    void fail_from_part(std::size_t nth) {
        s3.follow([nth](const testing::s3_call& call) {
            return call.operation == "GetObject" && call.nth >= nth
                       ? s3_fault::refusal(403, "AccessDenied")
                       : s3_fault();
        });
    }
};

TEST_F(downloads, of_every_size_around_parts_arrive_whole_and_verified) {
    for (const std::size_t size : {0, 1, 999, 1000, 1001, 1999, 2000, 2001, 9999}) {
        const auto data = content(size);
        put(data);
        const auto got = get_file();
        EXPECT_EQ(got.size_bytes, size);
        EXPECT_TRUE(read("out") == data) << size;
        EXPECT_TRUE(got.verified) << size;
        EXPECT_EQ(got.resumed_bytes, 0U);
    }
    EXPECT_THAT(files(), ElementsAre("out"));
}

TEST_F(downloads, tell_how_far_they_are) {
    put(content(2500));
    std::vector<std::uint64_t> seen;
    download request("bucket", "key", at("out"));
    request.on_progress = [&](const progress& p) {
        seen.push_back(p.bytes);
        EXPECT_EQ(p.total_bytes, 2500U);
    };
    good(transfers.send(std::move(request)));
    EXPECT_TRUE(std::ranges::is_sorted(seen));
    EXPECT_EQ(seen.back(), 2500U);
}

TEST_F(downloads, replace_a_file_only_by_a_whole_one) {
    put(content(5000));
    write("out", "old");
    fail_from_part(2);
    EXPECT_EQ(bad_file().code(), errc::access_denied);
    EXPECT_EQ(read("out"), "old");
    s3.follow(nullptr);
    get_file();
    EXPECT_TRUE(read("out") == content(5000));
    EXPECT_THAT(files(), ElementsAre("out"));
}

TEST_F(downloads, go_on_with_the_parts_that_are_there) {
    put(content(9500));
    transfers = manager(once, small());
    fail_from_part(4);
    bad_file();
    EXPECT_THAT(files(), UnorderedElementsAre("out.cairn-part", "out.cairn-part.json"));
    s3.follow(nullptr);
    const auto before = asked("GetObject");
    const auto got = get_file();
    EXPECT_EQ(got.resumed_bytes, 4000U);
    EXPECT_EQ(asked("GetObject") - before, 6U);
    EXPECT_TRUE(got.verified);
    EXPECT_TRUE(read("out") == content(9500));
    EXPECT_THAT(files(), ElementsAre("out"));
}

// As if their process had died just there: what it leaves is what there is then.
TEST_F(downloads, go_on_at_every_part) {
    const auto data = content(4500);
    put(data);
    auto o = small();
    o.max_parts_at_once = 1;
    transfers = manager(once, o);
    for (std::size_t done = 0; done < 5; ++done) {
        fail_from_part(asked("GetObject") + done);
        bad_file();
        s3.follow(nullptr);
        const auto before = asked("GetObject");
        EXPECT_EQ(get_file().resumed_bytes, done * part_bytes);
        EXPECT_EQ(asked("GetObject") - before, 5 - done);
        EXPECT_TRUE(read("out") == data) << done;
        EXPECT_THAT(files(), ElementsAre("out"));
        std::filesystem::remove(at("out"));
    }
}

// S3 keeps no checksum of it, so that no look at the parts would tell.
TEST_F(downloads, believe_no_note_of_a_file_that_is_gone_or_damaged) {
    const auto data = content(4500);
    auto unsummed = config(net, time);
    unsummed.checksums.verify_downloads = false;
    transfers = manager(s3::client::create(unsummed).value().with(s3::resilience::none()), small());
    put(data);
    for (const bool gone : {true, false}) {
        fail_from_part(asked("GetObject") + 3);
        bad_file();
        s3.follow(nullptr);
        std::filesystem::remove(at("out.cairn-part"));
        if (!gone) write("out.cairn-part", "");
        EXPECT_EQ(get_file().resumed_bytes, 0U);
        EXPECT_TRUE(read("out") == data);
    }
    fail_from_part(asked("GetObject") + 3);
    bad_file();
    s3.follow(nullptr);
    auto damaged = *read("out.cairn-part");
    damaged[1] = '!';
    write("out.cairn-part", damaged);
    EXPECT_LT(get_file().resumed_bytes, 3000U);
    EXPECT_TRUE(read("out") == data);
}

TEST_F(downloads, begin_afresh_when_told_so_or_when_the_object_is_another) {
    put(content(9500));
    transfers = manager(once, small());
    fail_from_part(4);
    bad_file();
    s3.follow(nullptr);
    download request("bucket", "key", at("out"));
    request.resume = false;
    fail_from_part(asked("GetObject") + 4);
    bad(transfers.send(std::move(request)));
    s3.follow(nullptr);
    put("x" + content(9499));
    EXPECT_EQ(get_file().resumed_bytes, 0U);
    EXPECT_TRUE(read("out") == "x" + content(9499));
}

TEST_F(downloads, of_what_is_small_by_now_leave_no_note_of_earlier_ones) {
    transfers = manager(once, small());
    for (const bool fails : {false, true}) {
        put(content(9500));
        fail_from_part(asked("GetObject") + 4);
        bad_file();
        s3.follow(nullptr);
        EXPECT_THAT(files(), UnorderedElementsAre("out.cairn-part", "out.cairn-part.json"));
        put(content(500));
        if (fails) fail_from_part(0);
        EXPECT_EQ(run(transfers.download_file("bucket", "key", at("out"))).has_error(), fails);
        std::filesystem::remove(at("out"));
        EXPECT_THAT(files(), ElementsAre());
    }
}

TEST_F(downloads, find_a_part_that_was_damaged_on_the_disk) {
    put(content(9500));
    transfers = manager(once, small());
    fail_from_part(4);
    bad_file();
    s3.follow(nullptr);
    auto part = *read("out.cairn-part");
    part[1500] = static_cast<char>(part[1500] ^ 1);
    write("out.cairn-part", part);
    EXPECT_EQ(get_file().resumed_bytes, 3000U);
    EXPECT_TRUE(read("out") == content(9500));
}

TEST_F(downloads, go_on_where_a_connection_was_lost) {
    put(content(2500));
    s3.follow([](const testing::s3_call& call) {
        return call.operation == "GetObject" && call.nth < 4 ? s3_fault::truncated_body(300)
                                                             : s3_fault();
    });
    const auto got = get_file();
    EXPECT_TRUE(got.verified);
    EXPECT_TRUE(read("out") == content(2500));
}

TEST_F(downloads, give_up_where_no_byte_comes_any_more) {
    put(content(2500));
    s3.follow([](const testing::s3_call& call) {
        return call.operation == "GetObject" ? s3_fault::truncated_body(0) : s3_fault();
    });
    EXPECT_EQ(bad_file().code(), errc::connection_lost);
}

TEST_F(downloads, never_accept_damaged_bytes) {
    put(content(2500));
    s3.follow([](const testing::s3_call& call) {
        return call.operation == "GetObject" && call.nth == 1 ? s3_fault::corrupted_body(7)
                                                              : s3_fault();
    });
    const auto e = bad_file();
    EXPECT_EQ(e.code(), errc::checksum_mismatch);
    EXPECT_THAT(e.what(), HasSubstr("s3://bucket/key"));
    EXPECT_THAT(files(), ElementsAre());
}

TEST_F(downloads, of_an_object_that_is_replaced_meanwhile_fail_or_begin_again) {
    const auto replacing = [this](download request) {
        put(content(9500));
        bool replaced = false;
        request.on_progress = [this, replaced](const progress&) mutable {
            if (!std::exchange(replaced, true)) world.spawn(replace());
        };
        return run(transfers.send(std::move(request)));
    };
    download strict("bucket", "key", at("out"));
    const auto failed = replacing(std::move(strict));
    ASSERT_TRUE(failed.has_error());
    EXPECT_EQ(failed.error().code(), errc::precondition_failed);
    EXPECT_THAT(failed.error().hint(), HasSubstr("replaced while it was read"));
    download patient("bucket", "key", at("out"));
    patient.on_change = on_change::restart;
    const auto got = replacing(std::move(patient));
    EXPECT_EQ(got.value().size_bytes, 4000U);
    EXPECT_TRUE(read("out") == content(4000));
}

TEST_F(downloads, of_what_a_listing_has_told_spare_the_look) {
    put(content(500));
    const auto page = good(client.send(s3::list_objects_v2("bucket")));
    const auto& listed = page.contents.at(0);
    download request("bucket", "key", at("out"));
    request.known.emplace(static_cast<std::uint64_t>(*listed.size), *listed.etag);
    const auto before = s3.log().size();
    EXPECT_TRUE(good(transfers.send(std::move(request))).verified);
    EXPECT_EQ(s3.log().size() - before, 1U);
    EXPECT_TRUE(read("out") == content(500));
}

TEST_F(downloads, go_by_an_etag_that_a_listing_tells_without_quotes_or_not_at_all) {
    put("data");
    const auto etag = good(client.head_object("bucket", "key")).etag.value();
    for (const auto& told : {etag.substr(1, etag.size() - 2), std::string()}) {
        download request("bucket", "key", at("out"));
        request.known.emplace(4, told);
        EXPECT_EQ(good(transfers.send(std::move(request))).etag, etag);
    }
}

TEST_F(downloads, are_of_the_state_that_is_asked_for_whatever_a_listing_has_told) {
    put(content(400));
    const auto now = *good(client.head_object("bucket", "key")).etag;
    const auto ask = [&](const std::string& wanted, const std::string& listed) {
        download request("bucket", "key", at("out"));
        request.object.if_match = wanted;
        request.known.emplace(400, listed);
        return run(transfers.send(std::move(request)));
    };
    EXPECT_EQ(ask("\"another\"", now).error().code(), errc::precondition_failed);
    EXPECT_EQ(read("out"), std::nullopt);
    EXPECT_EQ(ask(now, "\"another\"").value().etag, now);
    EXPECT_EQ(ask(now, now).value().etag, now);
}

TEST_F(downloads, to_one_path_exclude_each_other) {
    put(content(2500));
    const auto other = local_file::open(at("out.cairn-part"), local_file::mode::write,
                                        std::make_shared<workers>(0));
    ASSERT_TRUE(other.value()->lock().has_value());
    const auto e = bad_file();
    EXPECT_EQ(e.code(), errc::body_failed);
    EXPECT_THAT(e.hint(), HasSubstr("another download"));
    EXPECT_EQ(read("out"), std::nullopt);
}

// Whoever opened it before it got its name would write into what is whole.
TEST_F(downloads, hold_no_lock_of_a_file_that_has_another_name_by_now) {
    const auto late = local_file::open(at("out.cairn-part"), local_file::mode::write,
                                       std::make_shared<workers>(0));
    std::filesystem::rename(at("out.cairn-part"), at("out"));
    EXPECT_EQ(late.value()->lock().error().code(), errc::body_failed);
    write("out.cairn-part", "another");
    EXPECT_EQ(late.value()->lock().error().code(), errc::body_failed);
}

TEST_F(downloads, into_a_directory_that_is_not_there_say_so) {
    put(content(10));
    const auto e = bad(transfers.download_file("bucket", "key", at("none") / "out"));
    EXPECT_EQ(e.code(), errc::body_failed);
    EXPECT_THAT(e.what(), HasSubstr(at("none").string()));
}

TEST_F(downloads, that_fail_name_their_object) {
    put(content(2500));
    const auto expect_named = [&](download request) {
        const auto e = bad(transfers.send(std::move(request)));
        EXPECT_THAT(e.operation(), ::testing::EndsWith(" s3://bucket/key")) << e;
    };
    for (const bool decodes : {false, true}) {
        const auto to = [&](const std::filesystem::path& path) {
            download request("bucket", "key", path);
            if (decodes) request.decompression.emplace();
            return request;
        };
        expect_named(to(at("none") / "out"));
        auto stretch = to(at("out"));
        stretch.object.range = "bytes=0-9";
        expect_named(std::move(stretch));
        auto another = to(at("out"));
        another.object.if_match = "\"another\"";
        expect_named(std::move(another));
        s3.follow([from = asked("GetObject")](const testing::s3_call& call) {
            return call.operation == "GetObject" && call.nth == from + 1
                       ? s3_fault::corrupted_body(7)
                       : s3_fault();
        });
        expect_named(to(at("out")));
        s3.follow(nullptr);
    }
}

TEST_F(downloads, replace_nothing_unless_they_may) {
    for (const std::size_t size : {500, 5000}) {
        put(content(size));
        download request("bucket", "key", at("out"));
        request.replace = false;
        auto late = request;
        late.on_progress = [&](const progress&) { write("out", "mine"); };
        for (auto* each : {&late, &request}) {
            const auto e = bad(transfers.send(std::move(*each)));
            EXPECT_EQ(e.code(), errc::precondition_failed);
            EXPECT_THAT(e.what(), HasSubstr("exists"));
            EXPECT_EQ(read("out"), "mine");
        }
        std::filesystem::remove(at("out"));
        download again("bucket", "key", at("out"));
        again.replace = false;
        good(transfers.send(std::move(again)));
        EXPECT_TRUE(read("out") == content(size));
        EXPECT_THAT(files(), ElementsAre("out"));
        std::filesystem::remove(at("out"));
    }
}

TEST_F(downloads, write_to_no_file_that_somebody_has_linked_there) {
    put(content(5000));
    for (const std::string suffix : {".cairn-part", ".cairn-part.json"}) {
        write("victim", "mine");
        for (const bool symbolic : {true, false}) {
            if (symbolic)
                std::filesystem::create_symlink("victim", at("out" + suffix));
            else
                std::filesystem::create_hard_link(at("victim"), at("out" + suffix));
            const auto e = bad_file();
            EXPECT_EQ(e.code(), errc::body_failed);
            EXPECT_THAT(e.what(), HasSubstr("out" + suffix));
            EXPECT_EQ(read("victim"), "mine") << suffix << symbolic;
            std::filesystem::remove(at("out" + suffix));
        }
    }
    get_file();
}

// Threads take time to compare what is there.
TEST_F(downloads, keep_what_is_there_wherever_they_are_cancelled_once_more) {
    wait_for_the_kernel();
    const auto data = content(5000);
    put(data);
    auto o = small();
    o.file_threads = 1;
    transfers = manager(client, o);
    fail_from_part(3);
    bad_file();
    s3.follow(nullptr);
    const auto part = read("out.cairn-part").value();
    const auto note = read("out.cairn-part.json").value();
    const auto go_on = [&]() -> awaitable<void> {
        std::filesystem::remove(at("out"));
        write("out.cairn-part", part);
        write("out.cairn-part.json", note);
        return [](const manager& m, std::filesystem::path to) -> awaitable<void> {
            co_await m.download_file("bucket", "key", to);
        }(transfers, at("out"));
    };
    const int runs = cancel_everywhere(go_on, [&](int n) {
        const bool whole = read("out").has_value();
        const auto got = get_file();
        EXPECT_TRUE(read("out") == data) << n;
        if (!whole) {
            EXPECT_GT(got.resumed_bytes, 0U) << n;
        }
    });
    EXPECT_GT(runs, 10);
}

TEST_F(downloads, can_be_gone_on_with_wherever_they_were_cancelled) {
    const auto data = content(2500);
    put(data);
    std::optional<result<download_output>> ended;
    const auto bring = [&]() -> awaitable<void> {
        auto outcome = co_await transfers.download_file("bucket", "key", at("out"));
        ended.emplace(std::move(outcome));
    };
    int named = 0;
    const int runs = cancel_everywhere(bring, [&](int n) {
        if (ended && !*ended) {
            EXPECT_EQ(ended->error().code(), errc::canceled) << n;
            EXPECT_THAT(ended->error().operation(), HasSubstr("s3://bucket/key")) << n;
            ++named;
        }
        ended.reset();
        EXPECT_TRUE(!read("out") || read("out") == data) << n;
        const auto got = get_file();
        EXPECT_TRUE(got.verified);
        EXPECT_TRUE(read("out") == data) << n;
        EXPECT_THAT(files(), ElementsAre("out")) << n;
        std::filesystem::remove(at("out"));
    });
    EXPECT_GT(runs, 20);
    EXPECT_GT(named, 20);
}

}  // namespace
}  // namespace cairn::transfer
