#pragma once

#include "s3/conversation.hpp"
#include "s3/core.hpp"
#include "s3/encode.hpp"
#include "s3/operation_table.hpp"
#include "s3/payload.hpp"

namespace cairn::s3 {

/// One operation's way to S3 and back: encode, sign, send, and, if its reply is the one that
/// counts, decode.
///
/// Lifetime: core, place, table and input outlive it. Cancellation: throws
/// `operation_aborted`, after which `known_effect()` still tells what the peer may have done.
class attempt {
  public:
    /// What to do when `rewind` fails.
    static constexpr auto body_is_spent = "send it again: its body can be read only once";

    /// @param where its bucket is.
    attempt(const client_core& core, const regional& where, const operation_table& table,
            const void* input, observe::trace told);

    /// Until there is a reply: its head where the body is streamed, else all of it.
    awaitable<result<void>> run();
    /// Fills the operation's output from the reply that `run` has succeeded with, and hands its
    /// body over.
    result<void> deliver(void* output);

    /// Lets go of a connection that nothing more is wanted from, closing it. Only for operations
    /// that modify nothing: what was sent is forgotten.
    void hang_up() noexcept { conversation_.reset(); }

    /// What has become of the change, given what `failed` tells.
    effect known_effect(const error& failed) const noexcept;
    unsigned sent() const noexcept { return sent_; }
    /// A new connection ended without a byte of a reply.
    bool met_silence() const noexcept;
    /// How long the request, sent whole, has been without a byte of a reply; else zero.
    clock::duration unanswered_for(clock::time_point now) const noexcept;
    /// Doing it twice has the effect, and the answer, of once.
    bool replayable() const noexcept { return table_.replayable && !request_.conditional; }
    /// The last reply's head, if one came.
    const wire::response_head& reply() const noexcept { return reply_; }
    /// The region that a refusal names; not checked.
    const std::string& named_region() const noexcept { return named_region_; }
    /// How far ahead it took the server's clock to be.
    std::chrono::seconds clock_lead() const noexcept { return clock_lead_; }
    /// Readies the body for another attempt. False if this one has read from it, and it can be read
    /// only once.
    bool rewind();

  private:
    result<void> prepare();
    awaitable<result<void>> prepare_payload();
    awaitable<result<void>> sign();
    awaitable<result<void>> exchange();
    result<void> check_success() const;
    result<void> hand_over_body(void* output);
    error refused(const result<std::string>& document);
    bool may_send_again(const error& failed) const noexcept;
    wire::time_limits time_limits() const;
    wire::outgoing outgoing() const;

    const client_core& core_;
    const client_config& config_;
    const site& site_;
    const wire::signer& signer_;
    const operation_table& table_;
    const void* input_;
    const observe::trace told_;

    encoded_request request_;
    payload payload_;
    clock::time_point signed_at_;
    std::chrono::seconds clock_lead_{};
    std::unique_ptr<conversation> conversation_;
    wire::response_head reply_;
    std::string reply_document_;
    std::string named_region_;
    unsigned sent_ = 0;  ///< How often it was sent, or a connection could not be had.
    bool on_new_connection_ = false;
    bool body_read_ = false;
    bool sent_before_ = false;  ///< The request went out whole on a connection that proved stale.
};

}  // namespace cairn::s3
