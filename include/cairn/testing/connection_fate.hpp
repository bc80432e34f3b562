#pragma once

#include <cairn/core/clock.hpp>

#include <cstdint>
#include <optional>

namespace cairn::testing {

/// Why a TLS handshake fails.
enum class tls_fault {
    none,
    certificate_expired,
    unknown_authority,
    wrong_host,     ///< The certificate is another host's.
    handshake_cut,  ///< The server hangs up.
};

/// What befalls one connection, as a test wants it to be. Bytes and replies are counted from 0.
struct connection_fate {
    connection_fate();

    bool refused = false;
    bool unanswered = false;  ///< The attempt to connect is never answered.
    tls_fault tls = tls_fault::none;

    /// The host resets the connection when so many bytes have come to it.
    std::optional<std::uint64_t> reset_after_received;
    /// The host resets the connection after it has sent so many bytes.
    std::optional<std::uint64_t> reset_after_sent;
    /// When so many bytes have come to it, the host is gone without a word: what is sent to it gets
    /// lost, and nothing more comes from it.
    std::optional<std::uint64_t> vanished_after_received;

    /// This reply is not sent, and the connection reset, when the host begins to write it: it has
    /// acted on the request by then. A reply is what a host sends after it has received something.
    std::optional<std::uint64_t> lost_reply;
    std::optional<std::uint64_t> delayed_reply;
    clock::duration reply_delay = std::chrono::seconds(1);
    /// This reply comes twice, the second time when the host goes on to read or closes.
    std::optional<std::uint64_t> repeated_reply;
};

}  // namespace cairn::testing
