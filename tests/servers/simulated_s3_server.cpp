#include <cairn/testing/simulated_s3.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdio>
#include <fstream>

// Serves the simulated S3 on a loopback port until it is told to stop.
int main(int argc, char** argv) {
    if (argc != 6) {
        std::fprintf(stderr, "usage: %s ACCESS_KEY SECRET_KEY REGION DOMAIN PORT_FILE\n", argv[0]);
        return 2;
    }
    cairn::testing::simulated_s3_options options;
    options.credentials = {cairn::auth::credentials(argv[1], cairn::secret(argv[2]))};
    options.region = argv[3];
    options.domains = {argv[4]};
    const cairn::testing::simulated_s3 s3(options);

    boost::asio::io_context context;
    auto listener = s3.listen(context.get_executor());
    boost::asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&](const boost::system::error_code&, int) { listener.stop(); });
    const auto endpoint = listener.endpoint();
    std::ofstream(argv[5]) << endpoint.substr(endpoint.rfind(':') + 1) << std::endl;
    context.run();
}
