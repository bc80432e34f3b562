#include <cairn/core/error.hpp>

#include <ostream>

namespace cairn {
namespace {

class category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "cairn"; }

    // What generic code asks for: `e.code() == std::errc::timed_out`.
    boost::system::error_condition default_error_condition(int value) const noexcept override {
        namespace generic = boost::system::errc;
        switch (static_cast<errc>(value)) {
            case errc::canceled:
                return generic::make_error_condition(generic::operation_canceled);
            case errc::timed_out:
                return generic::make_error_condition(generic::timed_out);
            case errc::invalid_argument:
                return generic::make_error_condition(generic::invalid_argument);
            default:
                return error_category::default_error_condition(value);
        }
    }

    std::string message(int value) const override {
        switch (static_cast<errc>(value)) {
            case errc::invalid_argument:
                return "invalid argument";
            case errc::invalid_configuration:
                return "invalid configuration";
            case errc::missing_credentials:
                return "no credentials";
            case errc::body_failed:
                return "the body could not be read or written";
            case errc::resolve_failed:
                return "host not resolved";
            case errc::connect_failed:
                return "connection failed";
            case errc::tls_failed:
                return "TLS failed";
            case errc::connection_lost:
                return "connection lost";
            case errc::protocol_error:
                return "not valid HTTP/1.1";
            case errc::limit_exceeded:
                return "limit exceeded";
            case errc::canceled:
                return "canceled";
            case errc::timed_out:
                return "timed out";
            case errc::circuit_open:
                return "the circuit breaker is open";
            case errc::concurrency_limited:
                return "too many calls at once";
            case errc::rate_limited:
                return "too many calls a second";
            case errc::unexpected_exception:
                return "unexpected exception";
            case errc::not_modified:
                return "not modified";
            case errc::bad_request:
                return "request refused";
            case errc::access_denied:
                return "access denied";
            case errc::not_found:
                return "not found";
            case errc::conflict:
                return "in conflict with what is there";
            case errc::precondition_failed:
                return "precondition failed";
            case errc::range_not_satisfiable:
                return "range not satisfiable";
            case errc::throttled:
                return "throttled";
            case errc::redirected:
                return "the bucket is served elsewhere";
            case errc::service_failed:
                return "the service failed";
            case errc::not_s3:
                return "the reply is not S3's";
            case errc::malformed_reply:
                return "malformed reply";
            case errc::checksum_mismatch:
                return "checksum mismatch";
            case errc::corrupt_stream:
                return "corrupt compressed data";
            case errc::checkpoint_conflict:
                return "another writer has committed this checkpoint";
            case errc::commit_state_unknown:
                return "the outcome of the commit is unknown";
            case errc::checkpoint_not_found:
                return "checkpoint not found";
            case errc::thread_deleted:
                return "the thread has been deleted";
            case errc::checkpoint_corrupt:
                return "checkpoint corrupt";
            case errc::record_version:
                return "checkpoint record of a newer version";
            case errc::conditional_writes_unsupported:
                return "the store ignores conditional writes";
        }
        return "unknown error " + std::to_string(value);
    }
};

void append(std::string& line, std::string_view separator, std::string_view text) {
    if (text.empty()) return;
    line.append(separator).append(text);
}

std::string_view effect_text(effect e) {
    switch (e) {
        case effect::none:
            return {};
        case effect::not_applied:
            return "nothing was changed";
        case effect::applied:
            return "the change was made";
        case effect::unknown:
            return "the change may or may not have been made";
    }
    return {};
}

std::string reply_facts(const error& e) {
    std::string text;
    const auto add = [&](std::string_view name, std::string_view value) {
        if (value.empty()) return;
        if (!text.empty()) text += ", ";
        text.append(name).append(value);
    };
    if (e.http_status() != 0) add("HTTP ", std::to_string(e.http_status()));
    add("request id ", e.request_id());
    add("host id ", e.host_id());
    if (e.attempts() > 1) add("attempts ", std::to_string(e.attempts()));
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(e.elapsed()).count();
    if (ms > 0) add("after ", std::to_string(ms) + " ms");
    const auto pause = std::chrono::ceil<std::chrono::milliseconds>(e.retry_after()).count();
    if (pause > 0) add("retry after ", std::to_string(pause) + " ms");
    return text;
}

// A server's text may hold anything; a log line must stay one line.
std::string one_line(std::string line) {
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return line;
}

}  // namespace

const boost::system::error_category& cairn_category() noexcept {
    static const category instance;
    return instance;
}

error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), cairn_category()};
}

error::error(error_code c, std::string d) : known_(new known) {
    known_->code = c;
    known_->detail = std::move(d);
}

error::error(errc c, std::string d) : error(make_error_code(c), std::move(d)) {}

const error::known& error::nothing() noexcept {
    static const known instance;
    return instance;
}

// The count is read with acquire order: what other copies did before they let go is seen.
error::known& error::own() {
    if (!known_ || known_->use_count() != 1) known_ = new known(facts());
    return *known_;
}

error& error::code(error_code value) {
    own().code = value;
    return *this;
}

error& error::cause(error_code value) {
    own().cause = value;
    return *this;
}

error& error::operation(std::string value) {
    own().operation = std::move(value);
    return *this;
}

error& error::detail(std::string value) {
    own().detail = std::move(value);
    return *this;
}

error& error::hint(std::string value) {
    own().hint = std::move(value);
    return *this;
}

error& error::s3_code(std::string value) {
    own().s3_code = std::move(value);
    return *this;
}

error& error::s3_message(std::string value) {
    own().s3_message = std::move(value);
    return *this;
}

error& error::request_id(std::string value) {
    own().request_id = std::move(value);
    return *this;
}

error& error::host_id(std::string value) {
    own().host_id = std::move(value);
    return *this;
}

error& error::http_status(unsigned value) {
    own().http_status = value;
    return *this;
}

error& error::attempts(unsigned value) {
    own().attempts = value;
    return *this;
}

error& error::elapsed(std::chrono::nanoseconds value) {
    own().elapsed = value;
    return *this;
}

error& error::retry_after(std::chrono::nanoseconds value) {
    own().retry_after = value;
    return *this;
}

error& error::effect(cairn::effect value) {
    own().effect = value;
    return *this;
}

std::string error::what() const {
    std::string line = operation();
    if (!line.empty()) line += ": ";
    line += s3_code().empty() ? code().message() : s3_code();
    append(line, ": ", s3_message());
    append(line, ": ", detail());
    if (cause()) append(line, ": ", cause().message());
    append(line, "; ", effect_text(effect()));
    append(line, "; ", hint());
    if (const auto text = reply_facts(*this); !text.empty()) line += " [" + text + "]";
    return one_line(std::move(line));
}

std::ostream& operator<<(std::ostream& out, const error& e) {
    return out << e.what();
}

error_exception::error_exception(cairn::error e)
    : system_error(e.code()), error_(std::move(e)), line_(error_.what()) {}

void throw_exception_from_error(const error& e, const boost::source_location&) {
    throw error_exception(e);
}

}  // namespace cairn
