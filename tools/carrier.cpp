#include "tools/carrier.hpp"

#include <cairn/transfer/batch.hpp>
#include <cairn/transfer/delete_unchanged.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace cairn::tool {
namespace {

namespace fs = std::filesystem;

error file_error(const fs::path& file, const char* what, std::error_code cause) {
    error e(errc::body_failed, file.string() + " " + what);
    return e.cause(error_code(cause));
}

// What a file is known by, beside its name. Its time of change is the one that nobody can set.
using file_state = std::array<std::uint64_t, 4>;

std::optional<file_state> state_of(const fs::path& file) {
    struct stat found{};
    if (::stat(file.c_str(), &found) != 0) return std::nullopt;
    return file_state{found.st_dev, found.st_ino, static_cast<std::uint64_t>(found.st_ctim.tv_sec),
                      static_cast<std::uint64_t>(found.st_ctim.tv_nsec)};
}

// The link that leads nowhere on the way to a file; empty if there is none.
fs::path broken_link(const fs::path& file) {
    std::error_code failed;
    fs::path way;
    for (const auto& step : file) {
        way /= step;
        if (fs::is_symlink(way, failed) && !fs::exists(way, failed)) return way;
    }
    return {};
}

result<void> check_readable(const fs::path& file) {
    struct stat found{};
    const bool is_there = ::stat(file.c_str(), &found) == 0;
    if (is_there && !S_ISREG(found.st_mode))
        return error(errc::body_failed, file.string() + " is not a regular file")
            .hint("`cairn pipe` uploads what another program writes");
    if (is_there && ::access(file.c_str(), R_OK) == 0) return {};
    return file_error(file, "can't be read", {errno, std::generic_category()});
}

// What has been moved to S3, and is here all the same.
error still_here(const fs::path& file, error_code why, const char* what) {
    error e(why, file.string() + " has arrived, and " + what);
    return e.effect(effect::applied);
}

result<void> remove_unchanged(const fs::path& file, const std::optional<file_state>& as_read) {
    if (as_read != state_of(file))
        return still_here(file, errc::precondition_failed, "has changed since it was read")
            .hint("it was not removed: move it again");
    std::error_code failed;
    fs::remove(file, failed);
    if (failed) return still_here(file, failed, "can't be removed").hint("remove it yourself");
    return {};
}

// What has come down is there, whatever has become of its source.
error not_deleted(error why) {
    if (why.effect() != effect::unknown) why.effect(effect::applied);
    if (why.code() == errc::precondition_failed)
        why.hint("it was replaced since it was read, and not deleted: move it again");
    return why;
}

std::string way_of(const job& at) {
    return at.from.text() + " to " + at.to.text();
}

const char* kind_of(const job& at) {
    if (!at.from.url) return "upload";
    return at.to.url ? "copy" : "download";
}

}  // namespace

carrier::carrier(session& with, std::string command, const transfer_options& how)
    : with_(with),
      command_(std::move(command)),
      how_(how),
      transfers_(with.client, how.shared()),
      moves_(command_ == "mv") {}

awaitable<void> carrier::carry(std::vector<job> jobs) {
    auto& count = with_.progress.count();
    count.total_objects += jobs.size();
    for (const auto& at : jobs)
        if (!how_.changes_sizes()) count.total_bytes += at.entry.size_bytes;
    with_.show_progress();
    std::function<awaitable<result<void>>(std::size_t)> step = [this, &jobs](std::size_t i) {
        return one(jobs[i]);
    };
    co_await transfer::batch(jobs.size(), how_.concurrency, std::move(step));
}

void carrier::failed(const std::string& what, const error& e) {
    with_.out.failed(command_, what, e);
}

// Reports at once, so that what has been done is known even if the rest is cancelled.
awaitable<result<void>> carrier::one(const job& at) {
    auto done = check(at);
    // So that a rehearsal can be stopped, too.
    if (with_.options.dry_run)
        co_await asio::post(asio::use_awaitable);
    else if (done)
        done = co_await move_bytes(at);
    conclude(at, done);
    co_return done;
}

void carrier::conclude(const job& at, const result<void>& done) {
    if (done)
        tell(at);
    else if (!is_untouched(done.error()))
        with_.out.failed(command_ + " " + way_of(at), about(at), hinted(at, done.error()));
    ++with_.progress.count().objects;
}

// What can be told of before anything is sent, and so in a dry run.
result<void> carrier::check(const job& at) const {
    std::error_code unknown;
    if (at.from.text() == at.to.text() && (moves_ || !how_.changes_objects()))
        return error(errc::invalid_argument, "source and destination are the same")
            .hint(moves_
                      ? "choose another destination"
                      : "choose another, or say what to change: --metadata, --storage-class, ...");
    if (!at.from.url) return check_readable(at.from.file);
    if (!at.to.url && how_.if_none_match && fs::exists(at.to.file, unknown))
        return error(errc::precondition_failed, at.to.text() + " exists, and is not replaced");
    return {};
}

awaitable<result<void>> carrier::move_bytes(const job& at) {
    if (!at.from.url) co_return co_await upload(at);
    if (at.to.url) co_return co_await copy(at);
    co_return co_await download(at);
}

awaitable<result<void>> carrier::upload(const job& at) {
    transfer::upload request(transfer::source::file(at.from.file), at.to.url->bucket,
                             at.to.url->key);
    how_.apply_to(request.object, at.from.file);
    request.compression = how_.compression;
    request.on_progress = with_.progress.follow();
    const auto before = state_of(at.from.file);
    const auto sent = co_await transfers_.send(std::move(request));
    if (!sent) co_return sent.error();
    co_return moves_ ? remove_unchanged(at.from.file, before) : result<void>();
}

awaitable<result<void>> carrier::download(const job& at) {
    transfer::download request(at.from.url->bucket, at.from.url->key, at.to.file);
    request.known.emplace(at.entry.size_bytes, at.entry.etag);
    request.modified = at.entry.modified;
    request.make_folders = true;
    if (how_.decompress) request.decompression = how_.decompression;
    // What is left in S3 can be fetched again.
    request.sync = moves_ || how_.fsync;
    request.replace = !how_.if_none_match;
    request.on_progress = with_.progress.follow();
    const auto fetched = co_await transfers_.send(std::move(request));
    if (!fetched) co_return fetched.error();
    if (!moves_) co_return result<void>();
    s3::head_object source(at.from.url->bucket, at.from.url->key);
    source.if_match = fetched->etag;
    const auto deleted = co_await transfer::delete_unchanged(with_.client, std::move(source));
    if (!deleted) co_return not_deleted(deleted.error());
    co_return result<void>();
}

awaitable<result<void>> carrier::copy(const job& at) {
    transfer::copy request(at.from.url->bucket, at.from.url->key, at.to.url->bucket,
                           at.to.url->key);
    how_.apply_to(request.object);
    request.part_size_bytes = how_.part_size_bytes;
    request.on_progress = with_.progress.follow();
    result<transfer::copy_output> copied{};
    if (moves_)
        copied = co_await transfers_.send(transfer::move(std::move(request)));
    else
        copied = co_await transfers_.send(std::move(request));
    if (!copied) co_return copied.error();
    co_return result<void>();
}

error carrier::hinted(const job& at, error why) const {
    return with_hint(how_.hinted(std::move(why)), at.from.url ? at.to.file : at.from.file);
}

void carrier::tell(const job& at) {
    auto value = about(at);
    const std::string kind(value.at("operation").as_string());
    value["size"] = at.entry.size_bytes;
    with_.out.done(kind + ": " + way_of(at), std::move(value), with_.options.dry_run);
}

boost::json::object carrier::about(const job& at) const {
    return {{"operation", moves_ ? "move" : kind_of(at)},
            {"source", at.from.text()},
            {"destination", at.to.text()}};
}

error with_hint(error e, const fs::path& file) {
    namespace cause = boost::system::errc;
    const bool is_missing = e.cause() == cause::no_such_file_or_directory;
    const bool may_be_link = is_missing || e.cause() == cause::file_exists ||
                             e.cause() == cause::too_many_symbolic_link_levels;
    const auto link = may_be_link ? broken_link(file) : fs::path();
    if (!link.empty())
        return e.hint(link.string() + " is a symbolic link that leads nowhere: replace it");
    if (is_missing && file.native().find_first_of("*?[") != std::string::npos)
        return e.hint(
            "wildcards of files are for the shell to expand: don't quote them, or choose "
            "from a folder with --recursive --exclude '*' --include PATTERN");
    if (!e.hint().empty()) return e;
    if (is_missing) e.hint("check the path");
    if (e.cause() == cause::permission_denied) e.hint("check who may read and write it");
    return e;
}

error with_folder_hint(error e, const fs::path& folder, const char* if_file) {
    std::error_code failed;
    if (fs::is_regular_file(folder, failed)) e.hint(if_file);
    return with_hint(std::move(e), folder);
}

}  // namespace cairn::tool
