#include <cairn/transfer/pattern.hpp>

#include <optional>
#include <tuple>
#include <utility>

namespace cairn::transfer {
namespace {

constexpr std::string_view wildcards = "*?[";

/// The first character of `text`, which is not empty; a byte that is no UTF-8 counts as one.
std::string_view first_character(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    std::size_t size = 1;
    if (lead >= 0xC0) size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    std::size_t there = 1;
    while (there < size && there < text.size() &&
           (static_cast<unsigned char>(text[there]) & 0xC0U) == 0x80)
        ++there;
    return text.substr(0, there == size ? size : 1);
}

std::string_view take_character(std::string_view& text) {
    const auto first = first_character(text);
    text.remove_prefix(first.size());
    return first;
}

/// What is between the brackets of a set.
struct character_set {
    std::string_view members;
    bool negated = false;

    // Of UTF-8, the order of bytes is that of characters.
    bool has(std::string_view wanted) const {
        for (auto left = members; !left.empty();) {
            const auto low = take_character(left);
            auto high = low;
            if (left.size() > 1 && left.front() == '-') {
                left.remove_prefix(1);
                high = take_character(left);
            }
            if (low <= wanted && wanted <= high) return !negated;
        }
        return negated;
    }
};

/// Takes a set off the start of `text`; a `[` that nothing closes stands for itself.
std::optional<character_set> take_set(std::string_view& text) {
    character_set set;
    auto inside = text.substr(1);
    if (inside.starts_with('!')) {
        set.negated = true;
        inside.remove_prefix(1);
    }
    // A bracket that comes first is a member.
    const auto end = inside.find(']', 1);
    if (end == std::string_view::npos) return std::nullopt;
    set.members = inside.substr(0, end);
    text = inside.substr(end + 1);
    return set;
}

/// Takes one piece of the pattern, which is no `*`, and the character that it stands for.
bool take_match(std::string_view& wanted, std::string_view& name) {
    if (wanted.empty() || name.empty()) return false;
    if (wanted.front() == '[') {
        if (const auto set = take_set(wanted)) return set->has(take_character(name));
    } else if (wanted.front() == '?') {
        wanted.remove_prefix(1);
        take_character(name);
        return true;
    }
    return take_character(wanted) == take_character(name);
}

}  // namespace

pattern::pattern(std::string text) : text_(std::move(text)) {}

// If what comes after a `*` doesn't match, the `*` takes one character more. Only the last `*`
// needs to: what an earlier one would take more, a later one can take.
bool pattern::matches(std::string_view name) const noexcept {
    std::string_view wanted = text_;
    std::optional<std::pair<std::string_view, std::string_view>> after_star;
    while (!name.empty() || !wanted.empty()) {
        if (wanted.starts_with('*')) {
            wanted.remove_prefix(1);
            after_star.emplace(wanted, name);
        } else if (!take_match(wanted, name)) {
            if (!after_star || after_star->second.empty()) return false;
            take_character(after_star->second);
            std::tie(wanted, name) = *after_star;
        }
    }
    return true;
}

bool pattern::is_literal() const noexcept {
    for (std::string_view left = text_; !left.empty(); left.remove_prefix(1)) {
        const bool is_wildcard = left.front() == '*' || left.front() == '?';
        if (is_wildcard || (left.front() == '[' && take_set(left))) return false;
    }
    return true;
}

std::string_view pattern::literal_start() const noexcept {
    return std::string_view(text_).substr(0, text_.find_first_of(wildcards));
}

bool name_filter::admits(std::string_view name) const noexcept {
    bool admitted = true;
    for (const auto& rule : rules_)
        if (rule.names.matches(name)) admitted = rule.admits;
    return admitted;
}

}  // namespace cairn::transfer
