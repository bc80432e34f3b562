#pragma once

#include <cairn/wire/transport.hpp>

#include <atomic>
#include <memory>
#include <string>

namespace cairn::test {

/// The real network, where every name and address means this machine, and connections are counted.
/// TLS still verifies the name that was asked for.
class local_transport final : public wire::transport {
  public:
    explicit local_transport(const wire::tls_options& tls);

    awaitable<result<std::vector<asio::ip::tcp::endpoint>>> resolve(std::string host,
                                                                    std::uint16_t port) override;
    awaitable<result<std::unique_ptr<wire::stream>>> connect(
        asio::ip::tcp::endpoint address) override;
    awaitable<result<std::unique_ptr<wire::stream>>> secure(std::unique_ptr<wire::stream> plain,
                                                            std::string server_name) override;

    /// Connections made so far.
    int connections() const noexcept { return counts_->made; }
    /// Those that exist.
    int open() const noexcept { return counts_->open; }
    /// The most that existed at once.
    int most_open() const noexcept { return counts_->most_open; }

    struct counts {
        std::atomic<int> made = 0;
        std::atomic<int> open = 0;
        std::atomic<int> most_open = 0;
    };

  private:
    std::shared_ptr<wire::transport> inner_;
    std::shared_ptr<counts> counts_ = std::make_shared<counts>();
};

}  // namespace cairn::test
