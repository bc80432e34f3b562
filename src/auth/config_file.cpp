#include <cairn/auth/config_file.hpp>
#include <cairn/core/ascii.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace cairn::auth {
namespace {

// A carriage return, which ends lines on Windows, is as blank as a space wherever it stands.
constexpr std::string_view blanks = " \t\r";

bool is_blank(char c) noexcept {
    return blanks.find(c) != std::string_view::npos;
}

bool is_comment(char c) noexcept {
    return c == '#' || c == ';';
}

std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

// The first line of `text`, which loses it.
std::string_view next_line(std::string_view& text) noexcept {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
}

// In a property's line a comment starts behind a blank; `a#b` is a value.
std::string_view without_comment(std::string_view line) noexcept {
    for (std::size_t i = 1; i < line.size(); ++i)
        if (is_comment(line[i]) && is_blank(line[i - 1])) return line.substr(0, i);
    return line;
}

bool is_name(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return ascii::is_alpha(c) || ascii::is_digit(c) ||
               std::string_view("-/.%@_:+").find(c) != std::string_view::npos;
    });
}

struct assignment {
    std::string_view name;
    std::string_view value;
};

std::optional<assignment> split(std::string_view line) noexcept {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    return assignment{trim(line.substr(0, equals)), trim(line.substr(equals + 1))};
}

class parser {
  public:
    parser(config_kind kind, std::string_view file_name) : kind_(kind), file_name_(file_name) {}

    result<shared_config> parse(std::string_view text) {
        if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
        while (!text.empty()) {
            ++line_number_;
            if (const auto problem = read_line(next_line(text)); !problem.empty())
                return failed(problem);
        }
        return std::move(out_);
    }

  private:
    // What is wrong with the line; empty when nothing is.
    std::string_view read_line(std::string_view line) {
        const auto first = line.find_first_not_of(blanks);
        if (first == std::string_view::npos || is_comment(line[first])) return {};
        if (first != 0) return read_continuation(trim(line));
        if (line.front() == '[') return read_section(line);
        return read_property(line);
    }

    std::string_view read_section(std::string_view line) {
        line = trim(line.substr(0, line.find_first_of("#;")));
        if (!line.ends_with(']')) return "Profile definition must end with ']'";
        in_section_ = true;
        property_ = nullptr;
        in_property_ = false;
        section_ = find_section(trim(line.substr(1, line.size() - 2)));
        return {};
    }

    // Where the section's properties go; null for one that is skipped.
    properties* find_section(std::string_view title) {
        if (kind_ == config_kind::credentials) return named(out_.profiles, title);
        if (title == "default") return plain_default();
        const auto kind = title.substr(0, title.find_first_of(blanks));
        const auto name = trim(title.substr(kind.size()));
        if (kind == "profile") return profile(name);
        if (kind == "sso-session") return named(out_.sso_sessions, name);
        if (kind == "services") return named(out_.services, name);
        return nullptr;
    }

    static properties* named(sections& into, std::string_view name) {
        return is_name(name) ? &into[std::string(name)] : nullptr;
    }

    // `[profile default]` goes before `[default]`, wherever the two stand.
    properties* plain_default() {
        return has_prefixed_default_ ? nullptr : &out_.profiles["default"];
    }

    properties* profile(std::string_view name) {
        auto* const found = named(out_.profiles, name);
        if (name == "default" && !std::exchange(has_prefixed_default_, true)) found->clear();
        return found;
    }

    std::string_view read_property(std::string_view line) {
        if (!in_section_) return "Expected a profile definition";
        in_property_ = true;
        property_ = nullptr;
        if (section_ == nullptr) return {};
        const auto parts = split(without_comment(line));
        if (!parts) return "Expected an '=' sign defining a property";
        if (parts->name.empty()) return "Property did not have a name";
        has_sub_properties_ = parts->value.empty();
        if (!is_name(parts->name)) return {};
        property_ = &(*section_)[ascii::lower(parts->name)];
        *property_ = parts->value;
        return {};
    }

    std::string_view read_continuation(std::string_view line) {
        if (!in_section_) return "Expected a profile definition, found continuation";
        if (section_ == nullptr) return {};
        if (!in_property_) return "Expected a property definition, found continuation";
        if (has_sub_properties_) {
            const auto parts = split(line);
            if (!parts) return "Expected an '=' sign defining a sub-property";
            if (parts->name.empty()) return "Sub-property did not have a name";
        }
        if (property_ != nullptr) property_->append("\n").append(line);
        return {};
    }

    error failed(std::string_view problem) const {
        std::string detail(file_name_);
        detail.append(":").append(std::to_string(line_number_)).append(": ").append(problem);
        return error(errc::invalid_configuration, std::move(detail));
    }

    config_kind kind_;
    std::string_view file_name_;
    std::size_t line_number_ = 0;
    shared_config out_;
    bool in_section_ = false;
    bool in_property_ = false;
    bool has_sub_properties_ = false;
    bool has_prefixed_default_ = false;
    properties* section_ = nullptr;    // Null while the section is one that is skipped.
    std::string* property_ = nullptr;  // Null while the property is one that is skipped.
};

void merge_into(sections& base, sections over) {
    for (auto& [name, values] : over)
        for (auto& [key, value] : values) base[name].insert_or_assign(key, std::move(value));
    base.merge(over);
}

}  // namespace

result<shared_config> parse_config_file(std::string_view text, config_kind kind,
                                        std::string_view file_name) {
    return parser(kind, file_name).parse(text);
}

shared_config merge(shared_config config, shared_config credentials) {
    merge_into(config.profiles, std::move(credentials.profiles));
    merge_into(config.sso_sessions, std::move(credentials.sso_sessions));
    merge_into(config.services, std::move(credentials.services));
    return config;
}

properties sub_properties(std::string_view value) {
    properties out;
    while (!value.empty())
        if (const auto parts = split(next_line(value)); parts && !parts->name.empty())
            out.insert_or_assign(ascii::lower(parts->name), std::string(parts->value));
    return out;
}

}  // namespace cairn::auth
