#pragma once

#include <cairn/s3/client.hpp>
#include <cairn/transfer/copy.hpp>
#include <cairn/transfer/download.hpp>
#include <cairn/transfer/opened_object.hpp>
#include <cairn/transfer/options.hpp>
#include <cairn/transfer/prefix.hpp>
#include <cairn/transfer/sync.hpp>
#include <cairn/transfer/upload.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace cairn::transfer {

struct context;

/// Uploads, downloads and copies of objects of any size, in bounded memory.
///
/// A cheap handle over a client: copies share budgets and threads. Each part is a call of the
/// client's, with its retries, breaker and time limits.
///
/// Thread safety and lifetime: as the client's; handles go before the execution context.
/// Cancellation (every call): terminal; an upload in parts is aborted first, unless it can be
/// resumed, and a download keeps what it takes to go on. Then it is `errc::canceled`, or the result
/// if there is one already. Errors (every call): a failed `result`; what is left behind (an upload
/// that can't be aborted) is named in the error's `hint`.
class manager {
  public:
    explicit manager(s3::client client);
    manager(s3::client client, const options& chosen);

    /// Everything that can be said of a transfer.
    awaitable<result<upload_output>> send(upload request) const;
    awaitable<result<download_output>> send(download request) const;
    awaitable<result<copy_output>> send(copy request) const;
    awaitable<result<copy_output>> send(move request) const;

    /// @name Whole prefixes
    /// What is beneath a prefix is listed first, and all its keys are held in memory. Each object
    /// has its own outcome, in the order of the keys. Fails only when they can't be listed; copies
    /// and moves that are cancelled give the outcomes all the same, `canceled` for those that were
    /// not begun, and a deletion that is cancelled is `canceled`.
    /// @{
    /// Copies each object whose key begins with that of the source: what follows in its key then
    /// follows the copy's. All that is said of the copy is said of each.
    awaitable<result<std::vector<copy_outcome>>> copy_prefix(copy each) const;
    awaitable<result<std::vector<copy_outcome>>> move_prefix(move each) const;
    /// An empty prefix stands for all of the bucket.
    awaitable<result<std::vector<s3::delete_outcome>>> delete_prefix(std::string bucket,
                                                                     std::string prefix) const;
    /// @}

    /// @name Whole trees
    /// Both sides are listed first, and all their names are held in memory. Fails only when they
    /// can't be listed (the error's `operation` is "list " and that side's text) or compared
    /// (`not_found` where the source's prefix has nothing: that may be a slip of the pen); each
    /// entry has its own outcome. Cancelled while it transfers, a sync gives the outcomes all the
    /// same, `canceled` for those that were not begun.
    /// @{
    /// What `send` would do: a dry run.
    awaitable<result<sync_plan>> plan(sync wanted) const;
    awaitable<result<sync_output>> send(sync wanted) const;
    /// Carries out a plan that was made for these trees, all of it or what is left in it; the rules
    /// don't count any more.
    awaitable<result<sync_output>> send(sync wanted, sync_plan plan) const;
    /// @}

    /// @name The everyday forms
    /// @{
    awaitable<result<upload_output>> upload_file(std::filesystem::path from, std::string bucket,
                                                 std::string key) const;
    awaitable<result<upload_output>> upload_file(std::filesystem::path from, std::string bucket,
                                                 std::string key, on_progress hear) const;
    /// Name the lambda first.
    template <unnamed_closure Hear>
    awaitable<result<upload_output>> upload_file(std::filesystem::path from, std::string bucket,
                                                 std::string key, Hear&& hear) const = delete;
    awaitable<result<download_output>> download_file(std::string bucket, std::string key,
                                                     std::filesystem::path to) const;
    awaitable<result<download_output>> download_file(std::string bucket, std::string key,
                                                     std::filesystem::path to,
                                                     on_progress hear) const;
    /// Name the lambda first.
    template <unnamed_closure Hear>
    awaitable<result<download_output>> download_file(std::string bucket, std::string key,
                                                     std::filesystem::path to,
                                                     Hear&& hear) const = delete;
    /// @}

    /// `client::delete_objects`: any number of keys, and the outcome of each, in their order.
    awaitable<result<std::vector<s3::delete_outcome>>> delete_objects(
        std::string bucket, std::vector<std::string> keys) const;

    /// Opens an object to be read piece by piece, in order; its `body` reads ahead in parts at once
    /// as far as the memory for downloads goes, and goes on after a lost connection at the byte
    /// where it stopped. All parts are of one state of the object, or a read fails with
    /// `precondition_failed`. What has been read is verified at the end: the read that should give
    /// 0 fails with `checksum_mismatch` if S3 keeps another checksum.
    awaitable<result<opened_object>> open(s3::get_object request) const;
    awaitable<result<opened_object>> open(std::string bucket, std::string key) const;

    const s3::client& client() const noexcept;

  private:
    std::shared_ptr<context> context_;
};

}  // namespace cairn::transfer
