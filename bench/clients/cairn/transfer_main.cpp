// One upload or download by cairn's transfer manager, its options as they are by default.

#include <cairn/s3/config.hpp>
#include <cairn/transfer/manager.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

namespace s3 = cairn::s3;

// Over plain HTTP as over TLS: the checksum guards the body, and the peers hash none either.
s3::client make_client() {
    auto config = s3::load_config().value();
    config.payload_signing = s3::payload_signing::never;
    return s3::client::create(std::move(config)).value();
}

cairn::awaitable<cairn::result<void>> move(std::string_view operation, std::string file,
                                           std::string bucket, std::string key) {
    const cairn::transfer::manager transfers(make_client());
    if (operation == "put") {
        const auto sent =
            co_await transfers.upload_file(std::move(file), std::move(bucket), std::move(key));
        if (!sent) co_return sent.error();
    } else {
        const auto got =
            co_await transfers.download_file(std::move(bucket), std::move(key), std::move(file));
        if (!got) co_return got.error();
        if (!got->verified) co_return cairn::error(cairn::errc::checksum_mismatch, "not verified");
    }
    co_return cairn::result<void>();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::fprintf(stderr, "usage: %s put|get FILE BUCKET KEY\n", argv[0]);
        return EXIT_FAILURE;
    }
    boost::asio::io_context context(1);
    auto moving = move(argv[1], argv[2], argv[3], argv[4]);
    auto moved = boost::asio::co_spawn(context, std::move(moving), boost::asio::use_future);
    context.run();
    const auto done = moved.get();
    if (done) return EXIT_SUCCESS;
    std::fprintf(stderr, "%s\n", done.error().what().c_str());
    return EXIT_FAILURE;
}
