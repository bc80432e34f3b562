#include "tools/report.hpp"

#include <boost/json/serialize.hpp>

#include <cerrno>
#include <cstdio>
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

}  // namespace

report::report(bool json, bool quiet, progress_display& beside)
    : json_(json), quiet_(quiet), beside_(beside) {}

void report::line(std::string_view text) {
    pending_.append(text).append("\n");
    if (pending_.size() >= pending_limit_bytes) flush();
}

void report::line(const boost::json::object& value) {
    line(boost::json::serialize(value));
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

// A write that waits for a reader is interrupted by the signal that ends the program.
void report::flush() {
    if (pending_.empty()) return;
    beside_.clear();
    const auto text = std::exchange(pending_, {});
    for (std::string_view left = text; !left.empty();) {
        const auto written = ::write(STDOUT_FILENO, left.data(), left.size());
        if (written < 0) throw output_lost(errno);
        left.remove_prefix(static_cast<std::size_t>(written));
    }
}

void report::failed(const std::string& what, boost::json::object about, const error& e) {
    ++failures_;
    if (e.code() == errc::canceled && e.hint().empty()) return;
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
    print_error(json ? boost::json::serialize(as_json(what, std::move(about), e))
                     : error_line(what, e));
}

void print_error(std::string_view line) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
}

}  // namespace cairn::tool
