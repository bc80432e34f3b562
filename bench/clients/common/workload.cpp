#include "workload.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <stdexcept>
#include <string_view>

namespace cairn::bench {
namespace {

constexpr std::size_t largest_read = 256 * 1024;
constexpr std::size_t room_for_head = 12 * 1024;

using arguments = std::map<std::string_view, std::string_view>;

arguments pairs(int argc, char** argv) {
    if (argc % 2 == 0) throw std::invalid_argument("arguments come in pairs: --name value");
    arguments result;
    for (int i = 1; i < argc; i += 2) result[argv[i]] = argv[i + 1];
    return result;
}

std::string text_or_empty(const arguments& from, std::string_view name) {
    const auto found = from.find(name);
    return found == from.end() ? std::string() : std::string(found->second);
}

std::string text(const arguments& from, std::string_view name) {
    if (!from.contains(name)) throw std::invalid_argument(std::string(name) + " is missing");
    return text_or_empty(from, name);
}

template <class Number = std::uint64_t>
Number number(const arguments& from, std::string_view name) {
    const std::string value = text(from, name);
    const char* const end = value.data() + value.size();
    Number result{};
    const auto [stop, error] = std::from_chars(value.data(), end, result);
    if (error != std::errc() || stop != end) {
        throw std::invalid_argument(std::string(name) + " is not a number: " + value);
    }
    return result;
}

operation parse_operation(const std::string& name) {
    if (name == "get") return operation::get;
    if (name == "put") return operation::put;
    throw std::invalid_argument("--operation is neither get nor put: " + name);
}

void validate(const workload& load) {
    if (load.request_bytes == 0 || load.object_bytes % load.request_bytes != 0) {
        throw std::invalid_argument("--object-bytes must be a multiple of --request-bytes");
    }
    if (load.operation == operation::put && load.ranged() && load.file.empty()) {
        throw std::invalid_argument("a PUT sends the whole object");
    }
}

}  // namespace

std::size_t workload::read_buffer_bytes() const {
    return std::min<std::uint64_t>(request_bytes + room_for_head, largest_read);
}

workload parse_workload(int argc, char** argv) {
    const arguments given = pairs(argc, argv);
    workload load{
        .operation = parse_operation(text(given, "--operation")),
        .host = text(given, "--host"),
        .port = number<std::uint16_t>(given, "--port"),
        .ca_file = text_or_empty(given, "--ca-file"),
        .bucket = text(given, "--bucket"),
        .key = text(given, "--key"),
        .file = text_or_empty(given, "--file"),
        .object_bytes = number(given, "--object-bytes"),
        .request_bytes = number(given, "--request-bytes"),
        .connections = number<std::size_t>(given, "--connections"),
        .requests = number(given, "--requests"),
    };
    validate(load);
    return load;
}

std::string slice::range() const {
    return std::to_string(first) + "-" + std::to_string(first + length - 1);
}

tickets::tickets(const workload& load, std::uint64_t count)
    : next_{0, load.request_bytes}, object_bytes_(load.object_bytes), count_(count) {}

std::optional<slice> tickets::take() {
    if (taken_ == count_) return std::nullopt;
    ++taken_;
    const slice result = next_;
    next_.first = (next_.first + next_.length) % object_bytes_;
    return result;
}

void tickets::settle(const slice& done) {
    ++settled_.requests;
    settled_.bytes += done.length;
}

}  // namespace cairn::bench
