#include "integration/local_transport.hpp"

namespace cairn::test {
namespace {

using asio::ip::tcp;
using wire::io_result;

class counted_stream final : public wire::stream {
  public:
    counted_stream(std::unique_ptr<wire::stream> inner,
                   std::shared_ptr<local_transport::counts> counts)
        : inner_(std::move(inner)), counts_(std::move(counts)) {
        ++counts_->made;
        const int now = ++counts_->open;
        int most = counts_->most_open;
        while (most < now && !counts_->most_open.compare_exchange_weak(most, now)) {
        }
    }
    ~counted_stream() override { --counts_->open; }

    awaitable<io_result> read_some(asio::mutable_buffer into) override {
        return inner_->read_some(into);
    }
    awaitable<io_result> write_some(std::span<const asio::const_buffer> from) override {
        return inner_->write_some(from);
    }
    bool is_quiet() noexcept override { return inner_->is_quiet(); }
    void shutdown() noexcept override { inner_->shutdown(); }
    std::unique_ptr<wire::stream> release() { return std::move(inner_); }
    void wrap(std::unique_ptr<wire::stream> inner) { inner_ = std::move(inner); }

  private:
    std::unique_ptr<wire::stream> inner_;
    std::shared_ptr<local_transport::counts> counts_;
};

}  // namespace

local_transport::local_transport(const wire::tls_options& tls)
    : inner_(wire::make_transport(tls).value()) {}

awaitable<result<std::vector<tcp::endpoint>>> local_transport::resolve(std::string,
                                                                       std::uint16_t port) {
    co_return std::vector{tcp::endpoint(asio::ip::address_v4::loopback(), port)};
}

awaitable<result<std::unique_ptr<wire::stream>>> local_transport::connect(tcp::endpoint address) {
    auto connected = co_await inner_->connect(address);
    if (!connected) co_return connected.error();
    co_return std::make_unique<counted_stream>(std::move(*connected), counts_);
}

awaitable<result<std::unique_ptr<wire::stream>>> local_transport::secure(
    std::unique_ptr<wire::stream> plain, std::string server_name) {
    auto& counted = dynamic_cast<counted_stream&>(*plain);
    auto secured = co_await inner_->secure(counted.release(), std::move(server_name));
    if (!secured) co_return secured.error();
    counted.wrap(std::move(*secured));
    co_return std::move(plain);
}

}  // namespace cairn::test
