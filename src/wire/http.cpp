#include <cairn/core/ascii.hpp>
#include <cairn/wire/http.hpp>

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace cairn::wire {
namespace {

// A signed S3 request fits, so that its head is one allocation for the text and one for the slots;
// and the text fits what glibc keeps at hand for each thread: blocks of at most 1032 bytes.
constexpr std::size_t first_text_capacity = 1000;
constexpr std::size_t first_slot_capacity = 16;

constexpr std::size_t text_limit = std::numeric_limits<std::uint32_t>::max();

void require_room(std::size_t size, std::size_t more) {
    if (more > text_limit - size) throw std::length_error("cairn: header fields exceed 4 GiB");
}

}  // namespace

void fields::add(std::string_view name, std::string_view value) {
    require_room(text_.size(), name.size());
    require_room(text_.size() + name.size(), value.size());
    const slot added{static_cast<std::uint32_t>(text_.size()),
                     static_cast<std::uint32_t>(name.size()),
                     static_cast<std::uint32_t>(value.size())};
    append_text(name, value);
    if (slots_.empty()) slots_.reserve(first_slot_capacity);
    slots_.push_back(added);
    name_lengths_ |= bit_of_length(name.size());
}

// Name and value may be views of the old text, which lives on until the new one is whole.
void fields::append_text(std::string_view name, std::string_view value) {
    const auto needed = text_.size() + name.size() + value.size();
    if (needed <= text_.capacity()) {
        text_.append(name).append(value);
        return;
    }
    std::string grown;
    grown.reserve(std::max({needed, 2 * text_.capacity(), first_text_capacity}));
    grown.append(text_).append(name).append(value);
    text_.swap(grown);
}

void fields::set(std::string_view name, std::string_view value) {
    const auto first = index_of(name);
    if (first == size()) return add(name, value);
    replace_value(first, value);
    erase_repeats(first);
}

void fields::erase(std::string_view name) {
    const auto first = index_of(name);
    if (first == size()) return;
    erase_repeats(first);
    erase_slot(first);
}

// `value` may be a view of the text, so this is one replacement, not an erasure and an insertion.
void fields::replace_value(std::size_t index, std::string_view value) {
    auto& s = slots_[index];
    const auto old_size = s.value_size;
    require_room(text_.size() - old_size, value.size());
    text_.replace(s.offset + s.name_size, old_size, value);
    s.value_size = static_cast<std::uint32_t>(value.size());
    for (auto i = index + 1; i < size(); ++i) slots_[i].offset += s.value_size - old_size;
}

void fields::erase_slot(std::size_t index) {
    const auto gone = slots_[index];
    const auto length = gone.name_size + gone.value_size;
    text_.erase(gone.offset, length);
    slots_.erase(slots_.begin() + static_cast<std::ptrdiff_t>(index));
    for (auto i = index; i < size(); ++i) slots_[i].offset -= length;
}

// From the end, so that the first one's name stays where it is.
void fields::erase_repeats(std::size_t first) {
    for (auto i = size() - 1; i > first; --i)
        if (ascii::iequals(at(i).name, at(first).name)) erase_slot(i);
}

void fields::clear() noexcept {
    text_.clear();
    slots_.clear();
    name_lengths_ = 0;
}

std::optional<std::string_view> fields::find(std::string_view name) const noexcept {
    const auto i = index_of(name);
    if (i == size()) return std::nullopt;
    return at(i).value;
}

std::string_view fields::operator[](std::string_view name) const noexcept {
    return find(name).value_or(std::string_view{});
}

std::size_t fields::index_of(std::string_view name) const noexcept {
    // Most names that a reply is asked for aren't there, and most others differ in length already.
    if (!(name_lengths_ & bit_of_length(name.size()))) return size();
    std::size_t i = 0;
    while (i < size() && (slots_[i].name_size != name.size() || !ascii::iequals(at(i).name, name)))
        ++i;
    return i;
}

}  // namespace cairn::wire
