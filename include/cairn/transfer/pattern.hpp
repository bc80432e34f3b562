#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cairn::transfer {

/// A name with wildcards, as shells have them: `*` is any run of characters, `/` among them, `?`
/// is one, `[a-z]` one of a set, and `[!a-z]` one that is in none. `[*]` is a `*`.
class pattern {
  public:
    explicit pattern(std::string text);

    const std::string& text() const noexcept { return text_; }
    /// Whether all of `name` is as the pattern says. Characters are UTF-8's.
    bool matches(std::string_view name) const noexcept;
    /// Whether it has no wildcards, and so matches its text alone. A `[` that nothing closes is
    /// none.
    bool is_literal() const noexcept;
    /// What comes before the first wildcard: every name that matches starts with it.
    std::string_view literal_start() const noexcept;

  private:
    std::string text_;
};

/// Which names are meant: what is excluded and included, in order, the last one that matches
/// deciding, as the AWS CLI's `--exclude` and `--include` do. Without any, all are.
class name_filter {
  public:
    void exclude(pattern names) { rules_.push_back({std::move(names), false}); }
    void include(pattern names) { rules_.push_back({std::move(names), true}); }
    bool admits(std::string_view name) const noexcept;

  private:
    struct rule {
        pattern names;
        bool admits;
    };
    std::vector<rule> rules_;
};

}  // namespace cairn::transfer
