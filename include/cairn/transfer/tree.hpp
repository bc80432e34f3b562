#pragma once

#include <cairn/s3/client.hpp>
#include <cairn/transfer/pattern.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::transfer {

/// A file of a folder, or an object of a prefix.
struct tree_entry {
    tree_entry() = default;
    tree_entry(std::string name, std::uint64_t size_bytes, s3::timestamp modified);

    /// From the folder or the prefix on, with `/` between its segments.
    std::string name;
    std::uint64_t size_bytes = 0;
    s3::timestamp modified{};
    std::string etag;  ///< An object's, in its quotes.

    /// An object that stands for a folder, as S3's console makes them: there is no file for it.
    bool is_folder() const noexcept {
        return size_bytes == 0 && (name.empty() || name.back() == '/');
    }
};

/// A folder's files, or a prefix's objects.
class tree {
  public:
    static tree folder(std::filesystem::path at);
    /// As of a folder: `a` and `a/` are the same, and `ab` is in neither. Empty: all of the bucket.
    static tree prefix(std::string bucket, std::string prefix);

    bool is_folder() const noexcept { return is_folder_; }
    const std::filesystem::path& path() const noexcept { return path_; }
    const std::string& bucket() const noexcept { return bucket_; }
    /// Empty, or with a `/` at its end.
    const std::string& prefix() const noexcept { return prefix_; }
    /// For people: the path, or `s3://bucket/prefix`.
    std::string text() const;

  private:
    tree() = default;

    bool is_folder_ = false;
    std::filesystem::path path_;
    std::string bucket_;
    std::string prefix_;
};

/// The files beneath a folder.
struct file_tree {
    file_tree() = default;
    std::vector<tree_entry> entries;  ///< In the order of their names' bytes, as S3 lists.
    /// What is there and can't be sent: folders that can't be read, devices, links to nowhere.
    std::vector<error> unreadable;
};

/// The files beneath `folder` that have such names, those behind symbolic links too. Blocks the
/// calling thread. Fails with `body_failed` when `folder` itself can't be read.
result<file_tree> list_files(const std::filesystem::path& folder, const name_filter& names = {});

/// The file beneath `folder` that a key stands for. Fails with `invalid_argument` for a name that
/// would lead out of the folder, that no file can have, or that another key's file has too, whole
/// or not: one that is absolute, has an empty segment, `.`, `..`, or one that ends in `.cairn-part`
/// or `.cairn-part.json`, or leads through a symbolic link that is there beneath the folder.
result<std::filesystem::path> path_beneath(const std::filesystem::path& folder,
                                           std::string_view name);

/// The objects of a prefix, in the order of their keys' bytes, pulled page by page.
///
/// Move-only. Thread safety: none. Lifetime: outlives its calls; holds a handle of its client.
class object_tree {
  public:
    /// All objects whose key starts with `prefix`. A tree's prefix ends in `/`, or is empty for all
    /// of a bucket.
    object_tree(const s3::client& client, std::string bucket, std::string prefix);
    /// Those whose key matches. Names start after the last `/` that comes before a wildcard.
    object_tree(const s3::client& client, std::string bucket, pattern keys);

    /// What comes before the names: a key is `root() + name`.
    const std::string& root() const noexcept { return root_; }
    /// The next objects, at least one, or nothing after the last. Errors and cancellation: as
    /// `s3::paginator::next`.
    awaitable<result<std::optional<std::vector<tree_entry>>>> next();
    /// All that are left, in memory.
    awaitable<result<std::vector<tree_entry>>> all();

  private:
    result<void> add(const s3::object& listed, std::vector<tree_entry>& to);

    std::string root_;
    std::string last_key_;
    std::optional<pattern> keys_;
    s3::paginator<s3::list_objects_v2> pages_;
};

}  // namespace cairn::transfer
