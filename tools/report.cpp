#include "tools/report.hpp"

#include <boost/json/serialize.hpp>
#include <boost/nowide/utf/convert.hpp>

#include <cerrno>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace cairn::tool {
namespace {

constexpr std::size_t pending_limit_bytes = 32 * 1024;

std::string_view name_of(effect e) {
    switch (e) {
        case effect::none:
            return {};
        case effect::not_applied:
            return "not_applied";
        case effect::applied:
            return "applied";
        case effect::unknown:
            return "unknown";
    }
    return {};
}

// Names of files are any bytes; JSON is UTF-8, and has U+FFFD for what is none.
std::string text_of(const boost::json::object& value) {
    const auto text = boost::json::serialize(value);
    return boost::nowide::utf::convert_string<char>(text.data(), text.data() + text.size());
}

boost::json::object as_json(const std::string& what, boost::json::object object, const error& e) {
    object["error"] = error_line(what, e);
    object["reason"] = e.code().message();
    const auto add = [&](const char* name, std::string_view value) {
        if (!value.empty()) object[name] = value;
    };
    add("effect", name_of(e.effect()));
    add("hint", e.hint());
    add("code", e.s3_code());
    add("request_id", e.request_id());
    add("host_id", e.host_id());
    if (e.http_status() != 0) object["status"] = e.http_status();
    return object;
}

bool wait_for_room(int descriptor) {
    pollfd at{descriptor, POLLOUT, 0};
    return ::poll(&at, 1, -1) > 0;
}

// Gives errno where not all could be written. Standard output and error may be one pipe or terminal
// that somebody, `cairn cat` itself for one, has made one that doesn't wait. A wait for a reader is
// interrupted by the signal that ends the program.
int write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(descriptor, text.data(), text.size());
        if (written >= 0)
            text.remove_prefix(static_cast<std::size_t>(written));
        else if (errno != EAGAIN || !wait_for_room(descriptor))
            return errno;
    }
    return 0;
}

}  // namespace

report::report(bool json, bool quiet, progress_display& beside)
    : json_(json), quiet_(quiet), beside_(beside) {}

void report::line(std::string_view text) {
    pending_.append(text).append("\n");
    if (pending_.size() >= pending_limit_bytes) flush();
}

void report::line(const boost::json::object& value) {
    line(text_of(value));
}

void report::done(std::string_view text, boost::json::object value, bool dry) {
    if (quiet_) return;
    if (dry) value["dry_run"] = true;
    if (json_)
        line(value);
    else
        line((dry ? "(dryrun) " : "") + std::string(text));
    flush();
}

void report::flush() {
    if (pending_.empty()) return;
    beside_.clear();
    const auto text = std::exchange(pending_, {});
    if (const int lost = write_all(STDOUT_FILENO, text); lost != 0) throw output_lost(lost);
}

void report::failed(const std::string& what, boost::json::object about, const error& e) {
    ++failures_;
    if (is_untouched(e)) return;
    beside_.clear();
    print_failure(json_, what, std::move(about), e);
}

void report::failed(const std::string& command, const std::string& at, const error& e) {
    boost::json::object about{{"operation", command}};
    if (!at.empty()) about["url"] = at;
    failed(command + (at.empty() ? "" : " " + at), std::move(about), e);
}

std::string error_line(const std::string& what, error e) {
    const auto hint = e.hint();
    // What a provider's support asks for makes a long line; it is in JSON's.
    e.operation("cairn: " + what).hint({}).request_id({}).host_id({}).elapsed({});
    return e.what() + (hint.empty() ? "" : " (" + hint + ")");
}

void print_failure(bool json, const std::string& what, boost::json::object about, const error& e) {
    print_error(json ? text_of(as_json(what, std::move(about), e)) : error_line(what, e));
}

bool is_untouched(const error& e) {
    const bool tells =
        !e.hint().empty() || e.effect() == effect::unknown || e.effect() == effect::applied;
    return e.code() == errc::canceled && !tells;
}

void print_error(std::string_view line) {
    write_all(STDERR_FILENO, std::string(line) + "\n");
}

}  // namespace cairn::tool
