#include "unit/transfer/fixture.hpp"

// Downloads that go on with what an earlier one has left.
namespace cairn::transfer {
namespace {

using ::testing::HasSubstr;
using testing::s3_fault;

class resumed_downloads : public transfer_test {
  protected:
    /// Leaves four parts of ten.
    resumed_downloads() {
        good(transfers.send({source::view(data), "bucket", "key"}));
        transfers = manager(once, small());
        s3.follow([](const testing::s3_call& call) {
            return call.operation == "GetObject" && call.nth >= 4
                       ? s3_fault::refusal(403, "AccessDenied")
                       : s3_fault();
        });
        bad(transfers.download_file("bucket", "key", at("out")));
        s3.follow(nullptr);
    }

    const std::string data = content(9500);
};

TEST_F(resumed_downloads, count_what_is_there_as_progress) {
    download request("bucket", "key", at("out"));
    std::vector<std::uint64_t> seen;
    request.on_progress = [&](const progress& p) { seen.push_back(p.bytes); };
    const auto got = good(transfers.send(std::move(request)));
    EXPECT_EQ(got.resumed_bytes, 4000U);
    EXPECT_EQ(seen.front(), 0U);
    EXPECT_EQ(seen.back(), 9500U);
    EXPECT_TRUE(std::ranges::is_sorted(seen));
}

// What was written before a machine died may not be on its disk.
TEST_F(resumed_downloads, believe_no_note_of_another_start_of_the_machine) {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string this_start;
    std::getline(file, this_start);
    auto note = read("out.cairn-part.json").value();
    ASSERT_THAT(note, HasSubstr('"' + this_start + '"'));
    note.replace(note.find(this_start), this_start.size(), "another");
    write("out.cairn-part.json", note);
    EXPECT_EQ(good(transfers.download_file("bucket", "key", at("out"))).resumed_bytes, 0U);
    EXPECT_TRUE(read("out") == data);
}

}  // namespace
}  // namespace cairn::transfer
