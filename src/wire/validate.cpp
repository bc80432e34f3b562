#include <cairn/core/ascii.hpp>
#include <cairn/wire/http.hpp>

#include <algorithm>
#include <array>

namespace cairn::wire {
namespace {

constexpr auto token_characters = [] {
    std::array<bool, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const char c = static_cast<char>(i);
        table[i] = ascii::is_alpha(c) || ascii::is_digit(c) ||
                   std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    }
    return table;
}();

bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return token_characters[static_cast<unsigned char>(c)];
    });
}

bool is_target(std::string_view text) noexcept {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool is_field_value(std::string_view text) noexcept {
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    });
}

error invalid(std::string detail) {
    return error(errc::invalid_argument, std::move(detail));
}

}  // namespace

result<void> validate(const request_head& request) {
    if (!is_token(request.method)) return invalid("the method is not an HTTP token");
    if (!is_target(request.target))
        return invalid(
            "the request target is empty or has a space, a control or a non-ASCII character");
    for (const auto [name, value] : request.headers) {
        if (!is_token(name))
            return invalid("the header name '" + std::string(name) + "' is not an HTTP token");
        if (!is_field_value(value))
            return invalid("the value of header '" + std::string(name) +
                           "' has a control character");
    }
    return {};
}

}  // namespace cairn::wire
