#include <cairn/resilience/classify.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <array>

namespace cairn {
namespace {

namespace asio = boost::asio;

verdict classify_own(errc code) noexcept {
    switch (code) {
        case errc::resolve_failed:
        case errc::connect_failed:
        case errc::connection_lost:
        case errc::timed_out:
        case errc::service_failed:
            return {retryability::transient, health::bad};
        // A certificate that is refused today is refused tomorrow.
        case errc::tls_failed:
        case errc::protocol_error:
        case errc::not_s3:
        case errc::malformed_reply:
        case errc::checksum_mismatch:
            return {retryability::none, health::bad};
        case errc::throttled:
            return {retryability::throttled, health::unknown};
        case errc::not_modified:
        case errc::access_denied:
        case errc::not_found:
        case errc::conflict:
        case errc::precondition_failed:
        case errc::range_not_satisfiable:
        case errc::redirected:
        case errc::bad_request:
            return {retryability::none, health::good};
        default:
            return {};
    }
}

bool is_network_failure(const error_code& code) {
    namespace e = boost::system::errc;
    constexpr std::array conditions{
        e::connection_refused, e::connection_reset, e::connection_aborted,
        e::not_connected,      e::host_unreachable, e::network_unreachable,
        e::network_down,       e::broken_pipe,      e::timed_out};
    if (code == asio::error::eof || code == asio::error::host_not_found_try_again) return true;
    return std::any_of(conditions.begin(), conditions.end(),
                       [&](e::errc_t condition) { return code == condition; });
}

}  // namespace

verdict classify(const error& failed) {
    const auto code = failed.code();
    if (code.category() == cairn_category()) return classify_own(static_cast<errc>(code.value()));
    if (is_network_failure(code)) return {retryability::transient, health::bad};
    return {};
}

verdict classify(const error& failed, const classifier& own) {
    return own ? own(failed) : classify(failed);
}

}  // namespace cairn
