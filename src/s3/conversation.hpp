#pragma once

#include "s3/body_check.hpp"
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
    /// Of a body that is now the caller's: what errors say has failed, who hears of its end, and
    /// what it has to be. Fails if it is empty, and must not be.
    result<void> hand_over(std::string operation, observe::trace told,
                           std::shared_ptr<observe::sink> listener,
                           std::optional<body_check> check);

    std::optional<std::uint64_t> remaining() const noexcept override {
        return failed_ ? std::nullopt : exchange_.remaining();
    }
    awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override;
    std::string operation() const override { return operation_; }
    /// All of the reply's body, at most `limit` bytes.
    awaitable<result<std::string>> read_document(std::size_t limit);
    /// Gives a connection that can go on back to its pool, as soon as the reply is complete.
    void finish() noexcept;

  private:
    error fail(error why);
    result<void> check_end();
    void tell_end(const error* failed) const;

    std::shared_ptr<clock> clock_;
    wire::lease lease_;
    wire::exchange exchange_;
    std::string operation_;
    std::uint64_t received_ = 0;  ///< By the body's reader.
    std::optional<body_check> check_;
    std::optional<error> failed_;  ///< What it has come to.
    observe::trace told_;
    std::shared_ptr<observe::sink> listener_;  ///< Keeps `told_` good.
    bool finished_ = false;                    ///< The connection is another's.
};

}  // namespace cairn::s3
