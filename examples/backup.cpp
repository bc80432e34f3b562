// Brings a file of any size to S3 and back. Ctrl-C, a crash or a lost network cost little: started
// again, it goes on where it stopped.
//
//     backup save FILE BUCKET KEY
//     backup restore FILE BUCKET KEY
//
// S3 is found as every AWS tool finds it: AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL_S3, ~/.aws/config,
// ...

#include <cairn/s3.hpp>
#include <cairn/transfer.hpp>

#include <boost/asio.hpp>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <string>

namespace asio = boost::asio;
namespace transfer = cairn::transfer;

namespace {

struct arguments {
    explicit arguments(char** argv) : what(argv[1]), file(argv[2]), bucket(argv[3]), key(argv[4]) {}
    std::string what;
    std::filesystem::path file;
    std::string bucket;
    std::string key;
};

void show(const transfer::progress& now) {
    std::cerr << '\r' << now.bytes << " of " << now.total_bytes.value_or(0) << " bytes";
}

cairn::awaitable<cairn::result<std::string>> save(transfer::manager transfers, arguments to) {
    transfer::upload request(transfer::source::file(to.file), to.bucket, to.key);
    request.resume_file = to.file.string() + ".upload";
    request.on_progress = show;
    auto stored = co_await transfers.send(std::move(request));
    if (!stored) co_return stored.error();
    co_return "saved " + std::to_string(stored->size_bytes) + " bytes";
}

cairn::awaitable<cairn::result<std::string>> restore(transfer::manager transfers, arguments from) {
    transfer::download request(from.bucket, from.key, from.file);
    request.on_progress = show;
    auto fetched = co_await transfers.send(std::move(request));
    if (!fetched) co_return fetched.error();
    co_return "restored " + std::to_string(fetched->size_bytes) + " bytes, " +
        std::to_string(fetched->resumed_bytes) + " of them there before" +
        (fetched->verified ? ", verified" : "");
}

int run(const arguments& all) {
    auto client = cairn::s3::client::create(cairn::s3::load_config().value()).value();
    asio::io_context context;
    asio::cancellation_signal stop;
    asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&](boost::system::error_code failed, int) {
        if (!failed) stop.emit(asio::cancellation_type::terminal);
    });

    int status = 1;
    const auto ended = [&](const std::exception_ptr& thrown, cairn::result<std::string> said) {
        signals.cancel();
        if (thrown || (!said && said.error().code() == cairn::errc::canceled))
            std::cerr << "\nstopped: run it again to go on\n";
        else if (!said)
            std::cerr << '\n' << said.error().what() << '\n';
        else
            std::cout << *said << '\n';
        status = !thrown && said ? 0 : 1;
    };
    const transfer::manager transfers(std::move(client));
    auto work = all.what == "save" ? save(transfers, all) : restore(transfers, all);
    asio::co_spawn(context, std::move(work), asio::bind_cancellation_slot(stop.slot(), ended));
    context.run();
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string what = argc == 5 ? argv[1] : "";
    if (what != "save" && what != "restore") {
        std::cerr << "usage: backup save|restore FILE BUCKET KEY\n";
        return 2;
    }
    try {
        return run(arguments(argv));
    } catch (const std::exception& e) {
        std::cerr << "backup: " << e.what() << '\n';
        return 1;
    }
}
