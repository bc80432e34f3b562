#include "support/fault_schedule.hpp"

#include <cairn/core/ascii.hpp>
#include <cairn/core/bytes.hpp>

#include <array>
#include <random>
#include <utility>

namespace cairn::test {
namespace {

// How often one is chosen, beside the others.
constexpr std::array<std::pair<wire_fault, unsigned>, 9> weights{{{wire_fault::refuse, 5},
                                                                  {wire_fault::cut_request, 4},
                                                                  {wire_fault::corrupt, 3},
                                                                  {wire_fault::twice, 4},
                                                                  {wire_fault::lose_reply, 5},
                                                                  {wire_fault::cut_reply, 3},
                                                                  {wire_fault::cut_body, 8},
                                                                  {wire_fault::delay, 4},
                                                                  {wire_fault::silence, 1}}};

// Of a client's three attempts, the last one gets through.
constexpr unsigned max_strikes = 2;

// FNV-1a, which is the same everywhere.
std::uint64_t hash(std::string_view text, std::uint64_t state) {
    state ^= 0xcbf29ce484222325u;
    for (const char c : text) {
        state ^= static_cast<unsigned char>(c);
        state *= 0x100000001b3u;
    }
    return state;
}

// Of a head in lower case.
std::string_view value_in(std::string_view head, std::string_view name) {
    const auto at = head.find("\r\n" + std::string(name) + ":");
    if (at == head.npos) return {};
    const auto begin = at + 2 + name.size() + 1;
    return ascii::trim(head.substr(begin, head.find("\r\n", begin) - begin));
}

std::size_t length_in(std::string_view head) {
    return static_cast<std::size_t>(parse_u64(value_in(head, "content-length")).value_or(0));
}

}  // namespace

const char* name_of(wire_fault what) {
    switch (what) {
        case wire_fault::none:
            return "none";
        case wire_fault::refuse:
            return "refuse";
        case wire_fault::cut_request:
            return "cut_request";
        case wire_fault::corrupt:
            return "corrupt";
        case wire_fault::twice:
            return "twice";
        case wire_fault::lose_reply:
            return "lose_reply";
        case wire_fault::cut_reply:
            return "cut_reply";
        case wire_fault::cut_body:
            return "cut_body";
        case wire_fault::delay:
            return "delay";
        case wire_fault::silence:
            return "silence";
    }
    return "unknown";
}

bool breaks(wire_fault what) {
    return what != wire_fault::none && what != wire_fault::delay && what != wire_fault::twice;
}

request_head::request_head(std::string_view text)
    : line(text.substr(0, text.rfind(" HTTP/", text.find("\r\n")))), size(text.size()) {
    const auto lowered = ascii::lower(text);
    body_size = length_in(lowered);
    hash_is_signed = value_in(lowered, "x-amz-content-sha256").size() == 64;
    for (const std::string_view condition :
         {"\r\nif-match:", "\r\nif-none-match:", "\r\nx-amz-if-"})
        conditional = conditional || lowered.find(condition) != lowered.npos;
}

std::string_view request_head::method() const {
    return std::string_view(line).substr(0, line.find(' '));
}

bool request_head::names_object() const {
    const auto path = std::string_view(line).substr(line.find('/'));
    const auto key = path.find('/', 1);
    return key < path.find('?') && key + 1 < path.size();
}

bool request_head::reads_object() const {
    return method() == "GET" && names_object();
}

// A body goes unsigned in the clear if it can't be read for its hash first.
bool request_head::repeatable() const {
    if (method() == "GET" || method() == "HEAD") return true;
    const bool read_once = body_size > 0 && !hash_is_signed;
    const bool of_bucket = !names_object() && method() != "POST";
    const bool ends_upload = method() != "PUT" && line.find("uploadId=") != line.npos;
    return !conditional && !read_once && !of_bucket && !ends_upload;
}

std::string request_head::identity() const {
    const auto path = line.find('/');
    const auto bucket_end = line.find_first_of("/?", path + 1);
    auto who = line.substr(0, path) + (bucket_end == line.npos ? "" : line.substr(bucket_end));
    const auto id = who.find("uploadId=");
    if (id != who.npos) who.erase(id, who.find('&', id) - id);
    return who;
}

reply_head::reply_head(std::string_view text) {
    const auto end = text.find("\r\n\r\n");
    size = end == text.npos ? text.size() : end + 4;
    const auto lowered = ascii::lower(text.substr(0, size));
    const auto code = lowered.find(' ') + 1;
    status = static_cast<unsigned>(parse_u64(lowered.substr(code, 3)).value_or(0));
    body_size = length_in(lowered);
}

fault_schedule::fault_schedule(std::uint64_t seed, unsigned percent)
    : seed_(seed), percent_(percent) {}

void fault_schedule::keep_to_mendable() {
    mendable_ = true;
    for (const auto what : {wire_fault::silence, wire_fault::corrupt, wire_fault::cut_body})
        leave_out(what);
}

void fault_schedule::restart(std::string_view name) {
    seed_of_name_ = hash(name, seed_);
    times_.clear();
    strikes_.clear();
}

fault_schedule::choice fault_schedule::next(const request_head& head) {
    const auto who = head.identity();
    std::mt19937_64 dice(hash(who + '#' + std::to_string(times_[who]++), seed_of_name_));
    choice drawn;
    if (dice() % 100 < percent_) drawn.what = pick(dice(), head);
    drawn.die = dice();
    drawn.gently = dice() % 2 == 0;
    drawn.pause = std::chrono::milliseconds(1 + dice() % 30);
    if (breaks(drawn.what)) ++strikes_[who];
    return drawn;
}

wire_fault fault_schedule::pick(std::uint64_t die, const request_head& head) const {
    unsigned sum = 0;
    for (const auto& [what, weight] : weights)
        if (suits(what, head)) sum += weight;
    if (sum == 0) return wire_fault::none;
    auto left = die % sum;
    for (const auto& [what, weight] : weights) {
        if (!suits(what, head)) continue;
        if (left < weight) return what;
        left -= weight;
    }
    return wire_fault::none;
}

bool fault_schedule::suits(wire_fault what, const request_head& head) const {
    if (left_out_.contains(what)) return false;
    if (what == wire_fault::corrupt && (head.body_size == 0 || !head.hash_is_signed)) return false;
    if (what == wire_fault::cut_body && !head.reads_object()) return false;
    if (!mendable_ || !breaks(what)) return true;
    const auto struck = strikes_.find(head.identity());
    const bool often = struck != strikes_.end() && struck->second >= max_strikes;
    return head.repeatable() && !often;
}

std::size_t fault_schedule::cut_of(const choice& drawn, const request_head& request,
                                   const reply_head& reply) const {
    const bool success = reply.status / 100 == 2;
    const bool object = success && request.reads_object();
    const bool has_body = reply.body_size > 0 && request.method() != "HEAD";
    if (drawn.what == wire_fault::cut_body && object && has_body)
        return reply.size + drawn.die % reply.body_size;
    if (drawn.what != wire_fault::cut_reply) return 0;
    const bool document = has_body && !object && (success || !mendable_);
    // As often in the document as in the head, however long they are.
    if (document && drawn.die % 2 == 0) return reply.size + drawn.die / 2 % reply.body_size;
    return 1 + drawn.die / 2 % (reply.size - 1);
}

}  // namespace cairn::test
