#pragma once

#include "wire/connection_pool.hpp"
#include "wire/exchange.hpp"

#include <cairn/wire/body.hpp>

#include <string>

namespace cairn::s3 {

/// One exchange and the connection it has to itself; the reply's body, once the caller reads it.
class conversation final : public wire::body_stream {
  public:
    conversation(wire::lease on, std::shared_ptr<clock> time, const wire::head_limits& heads,
                 const wire::time_limits& times)
        : clock_(std::move(time)),
          lease_(std::move(on)),
          exchange_(lease_.connection(), *clock_, heads, times) {}

    wire::exchange& exchange() noexcept { return exchange_; }
    /// The connection, for another conversation.
    wire::lease take_lease() noexcept { return std::move(lease_); }
    /// What errors say has failed.
    void name(std::string operation) { operation_ = std::move(operation); }

    std::optional<std::uint64_t> remaining() const noexcept override {
        return exchange_.remaining();
    }
    awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override;
    std::string operation() const override { return operation_; }
    /// All of the reply's body, at most `limit` bytes.
    awaitable<result<std::string>> read_document(std::size_t limit);
    /// Gives a connection that can go on back to its pool, as soon as the reply is complete.
    void finish() noexcept;

  private:
    error named(error failed) const;

    std::shared_ptr<clock> clock_;
    wire::lease lease_;
    wire::exchange exchange_;
    std::string operation_;
    bool finished_ = false;  ///< The connection is another's.
};

}  // namespace cairn::s3
