#include "core/file_error.hpp"
#include "transfer/temporary_names.hpp"

#include <cairn/transfer/tree.hpp>

#include <algorithm>
#include <sys/stat.h>
#include <tuple>

namespace cairn::transfer {
namespace {

namespace fs = std::filesystem;

s3::timestamp modified_at(const struct stat& status) {
    const auto since = std::chrono::seconds(status.st_mtim.tv_sec) +
                       std::chrono::nanoseconds(status.st_mtim.tv_nsec);
    return s3::timestamp(std::chrono::floor<s3::timestamp::duration>(since));
}

/// Walks a folder and those beneath it.
class walk {
  public:
    walk(file_tree& into, const name_filter& names) : into_(into), names_(names) {}

    result<void> folder(const fs::path& at, const std::string& name) {
        struct stat status{};
        if (::stat(at.c_str(), &status) != 0) return file_error(at, cant_read);
        if (!S_ISDIR(status.st_mode)) return file_error(at, "is not a folder", {});
        // A link may lead back to a folder that we are in.
        const std::pair identity(status.st_dev, status.st_ino);
        if (std::find(within_.begin(), within_.end(), identity) != within_.end())
            return file_error(at, "is a link to a folder that it is in itself", {});
        within_.push_back(identity);
        const auto done = entries(at, name);
        within_.pop_back();
        return done;
    }

  private:
    static constexpr std::string_view cant_read = "can't be read";

    result<void> entries(const fs::path& at, const std::string& name) {
        std::error_code failed;
        fs::directory_iterator next(at, failed);
        for (; !failed && next != fs::directory_iterator(); next.increment(failed))
            add(next->path(), name + next->path().filename().string());
        if (failed) return file_error(at, cant_read, failed);
        return {};
    }

    void add(const fs::path& at, std::string name) {
        struct stat status{};
        const bool is_there = ::stat(at.c_str(), &status) == 0;
        const bool is_wanted = names_.admits(name);
        if (!is_there) {
            if (is_wanted) into_.unreadable.push_back(file_error(at, cant_read));
        } else if (S_ISDIR(status.st_mode)) {
            const auto walked = folder(at, name + "/");
            if (!walked) into_.unreadable.push_back(walked.error());
        } else if (!is_wanted) {
            return;
        } else if (S_ISREG(status.st_mode)) {
            into_.entries.emplace_back(std::move(name), static_cast<std::uint64_t>(status.st_size),
                                       modified_at(status));
        } else {
            into_.unreadable.push_back(file_error(at, "is neither a file nor a folder", {}));
        }
    }

    file_tree& into_;
    const name_filter& names_;
    std::vector<std::pair<dev_t, ino_t>> within_;
};

std::string_view problem_of_segment(std::string_view segment) {
    if (segment.empty()) return "has an empty segment";
    if (segment == "." || segment == "..") return "has a segment that leads elsewhere";
    if (segment.find('\0') != std::string_view::npos) return "has a zero byte";
    for (const auto suffix : temporary_suffixes)
        if (segment.ends_with(suffix))
            return "has a segment such as downloads give to files that aren't whole";
    return {};
}

std::string_view problem_of(std::string_view name) {
    if (name.empty()) return "is empty";
    if (name.front() == '/') return "is an absolute path";
    for (std::size_t begin = 0; begin <= name.size();) {
        const auto end = std::min(name.find('/', begin), name.size());
        if (const auto problem = problem_of_segment(name.substr(begin, end - begin));
            !problem.empty())
            return problem;
        begin = end + 1;
    }
    return {};
}

// By one, two names may be of one file, or of one that is elsewhere.
bool has_link(const fs::path& folder, std::string_view name) {
    std::error_code failed;
    auto at = folder;
    for (const auto& segment : fs::path(name)) {
        at /= segment;
        if (fs::is_symlink(at, failed)) return true;
    }
    return false;
}

}  // namespace

tree tree::folder(fs::path at) {
    tree t;
    t.is_folder_ = true;
    t.path_ = std::move(at);
    return t;
}

tree tree::prefix(std::string bucket, std::string prefix) {
    tree t;
    t.bucket_ = std::move(bucket);
    t.prefix_ = std::move(prefix);
    if (!t.prefix_.empty() && t.prefix_.back() != '/') t.prefix_ += '/';
    return t;
}

std::string tree::text() const {
    return is_folder() ? path_.string() : "s3://" + bucket_ + "/" + prefix_;
}

result<file_tree> list_files(const fs::path& folder, const name_filter& names) {
    file_tree tree;
    const auto walked = walk(tree, names).folder(folder, "");
    if (!walked) return walked.error();
    std::sort(tree.entries.begin(), tree.entries.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    return tree;
}

result<fs::path> path_beneath(const fs::path& folder, std::string_view name) {
    auto problem = problem_of(name);
    if (problem.empty() && has_link(folder, name))
        problem = "is, or leads through, a symbolic link";
    if (problem.empty()) return folder / name;
    error e(errc::invalid_argument, "the key's name in the folder, \"" + std::string(name) +
                                        "\", " + std::string(problem) +
                                        ": no file is written for it");
    e.effect(effect::not_applied);
    e.hint("download it by itself, to a file that you name");
    return e;
}

}  // namespace cairn::transfer
