// cairn's own client: signed requests, one io_context, one thread, a coroutine a connection.

#include "../common/content.hpp"
#include "../common/run.hpp"

#include <cairn/auth/providers.hpp>
#include <cairn/s3/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace cairn::bench;
namespace asio = boost::asio;
namespace s3 = cairn::s3;

s3::client_config configure(const workload& load) {
    cairn::auth::credentials keys("AKIAIOSFODNN7EXAMPLE",
                                  cairn::secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));
    s3::client_config config(cairn::auth::static_credentials(std::move(keys)));
    config.endpoint = (load.tls() ? "https://" : "http://") + load.authority();
    config.addressing = s3::addressing::path;
    config.pool.max_connections_per_host = load.connections;
    config.tls.ca_file = load.ca_file;
    return config;
}

class cairn_client {
  public:
    explicit cairn_client(const workload& load)
        : load_(load),
          client_(s3::client::create(configure(load)).value()),
          buffers_(load.connections, std::string(load.read_buffer_bytes(), '\0')) {
        if (load.operation == operation::put) upload_ = make_content(load.object_bytes);
    }

    tally run(std::uint64_t count) {
        tickets queue(load_, count);
        for (std::string& buffer : buffers_) {
            asio::co_spawn(context_, work(queue, buffer), [](const std::exception_ptr& failure) {
                if (failure) std::rethrow_exception(failure);
            });
        }
        context_.restart();
        context_.run();
        return queue.settled();
    }

  private:
    asio::awaitable<void> work(tickets& queue, std::string& buffer) {
        while (const auto ticket = queue.take()) {
            if (load_.operation == operation::get) {
                co_await get(*ticket, buffer);
            } else {
                co_await put();
            }
            queue.settle(*ticket);
        }
    }

    asio::awaitable<void> get(slice part, std::string& buffer) {
        s3::get_object request(load_.bucket, load_.key);
        if (load_.ranged()) request.range = "bytes=" + part.range();
        auto reply = co_await client_.send(std::move(request));
        content_check check(part);
        for (;;) {
            const auto got = co_await reply.value().body.read_some(asio::buffer(buffer));
            if (got.value() == 0) break;
            check.feed(std::span(buffer.data(), *got));
        }
        check.finish();
    }

    asio::awaitable<void> put() {
        s3::put_object request(load_.bucket, load_.key);
        request.body = cairn::body::view(upload_);
        const auto reply = co_await client_.send(std::move(request));
        reply.value();
    }

    workload load_;
    asio::io_context context_{1};
    s3::client client_;
    std::string upload_;
    std::vector<std::string> buffers_;
};

}  // namespace

int main(int argc, char** argv) {
    return benchmark_main<cairn_client>(argc, argv);
}
