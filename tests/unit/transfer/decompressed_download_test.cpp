#include "transfer/local_file.hpp"
#include "unit/transfer/fixture.hpp"

namespace cairn::transfer {
namespace {

using ::testing::HasSubstr;

class decompressed_downloads : public transfer_test {};

TEST_F(decompressed_downloads, to_one_path_exclude_each_other) {
    good(transfers.send({source::bytes("data"), "bucket", "key"}));
    const auto other = local_file::open(at("out.cairn-part"), local_file::mode::write,
                                        std::make_shared<workers>(0));
    ASSERT_TRUE(other.value()->lock().has_value());
    download request("bucket", "key", at("out"));
    request.decompression.emplace();
    const auto e = bad(transfers.send(std::move(request)));
    EXPECT_EQ(e.code(), errc::body_failed);
    EXPECT_THAT(e.hint(), HasSubstr("another download"));
    EXPECT_EQ(read("out"), std::nullopt);
    EXPECT_TRUE(read("out.cairn-part"));
}

}  // namespace
}  // namespace cairn::transfer
