#include "support/io.hpp"
#include "support/peer.hpp"
#include "support/vectors.hpp"
#include "wire/exchange.hpp"

#include <cairn/core/bytes.hpp>

#include <boost/asio/post.hpp>

#include <filesystem>
#include <map>
#include <regex>

// llhttp's response cases: bytes, and what its parser makes of them. Ours must come to the same
// first final reply, or to a clean error; what llhttp refuses must never become a reply.

namespace cairn::wire {
namespace {

struct http_case {
    http_case() = default;
    std::string name;
    std::string meta;
    std::string bytes;
    std::vector<std::string> log;
};

// What llhttp's log says of the first reply that is not an interim one.
struct expected {
    expected() = default;
    bool has_head = false;
    bool refused = false;  // before the reply was complete
    bool complete = false;
    unsigned status = 0;
    std::size_t body_bytes = 0;
};

std::string unescape(std::string text) {
    text = std::regex_replace(text, std::regex("\\\\\n"), "");
    text = std::regex_replace(text, std::regex("\n"), "\r\n");
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        static const std::map<char, char> escapes{
            {'r', '\r'}, {'n', '\n'}, {'t', '\t'}, {'f', '\f'}};
        if (text[i] != '\\' || i + 1 == text.size()) {
            out += text[i];
        } else if (const auto known = escapes.find(text[i + 1]); known != escapes.end()) {
            out += known->second;
            ++i;
        } else if (text[i + 1] == 'x' && i + 3 < text.size()) {
            out += static_cast<char>(std::stoi(text.substr(i + 2, 2), nullptr, 16));
            i += 3;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string block(const std::string& section, const std::string& language) {
    const auto open = "```" + language + "\n";
    const auto begin = section.find(open);
    if (begin == section.npos) return {};
    const auto start = begin + open.size();
    return section.substr(start, section.find("\n```", start) - start);
}

std::vector<http_case> read_cases(const std::filesystem::path& file) {
    std::vector<http_case> cases;
    const auto text = test::read_file(file);
    std::size_t at = 0;
    while ((at = text.find("<!-- meta=", at)) != text.npos) {
        const auto next = text.find("<!-- meta=", at + 1);
        const auto section = text.substr(at, next == text.npos ? next : next - at);
        const auto title_at = text.rfind("\n#", at);
        http_case c;
        c.name = file.filename().string() + ": " +
                 text.substr(title_at + 1, text.find('\n', title_at + 1) - title_at - 1);
        c.meta = section.substr(0, section.find("-->"));
        c.bytes = unescape(block(section, "http"));
        std::istringstream log(block(section, "log"));
        for (std::string line; std::getline(log, line);) c.log.push_back(line);
        cases.push_back(std::move(c));
        at += 1;
    }
    return cases;
}

expected read_log(const http_case& c) {
    expected e;
    std::smatch found;
    for (const auto& line : c.log) {
        if (line.find("message begin") != line.npos && e.has_head && e.status >= 200) return e;
        if (line.find("error code=") != line.npos) {
            e.refused = !e.complete && line.find("reason=\"Pause") == line.npos &&
                        line.find("CB_") == line.npos;
            if (e.refused || e.complete) return e;
        }
        if (std::regex_search(line, found, std::regex("headers complete status=(\\d+)"))) {
            e = expected();
            e.has_head = true;
            e.status = static_cast<unsigned>(std::stoi(found[1]));
        }
        if (std::regex_search(line, found, std::regex("len=(\\d+) span\\[body\\]")))
            e.body_bytes += static_cast<std::size_t>(std::stoi(found[1]));
        if (line.find("message complete") != line.npos) e.complete = true;
    }
    return e;
}

struct outcome {
    outcome() = default;
    bool failed = false;
    unsigned status = 0;
    std::string body;
    std::string error;
};

class http_response : public test::io {
  protected:
    outcome answer(const http_case& c) {
        const auto sends = [&c](test::peer& at, int) -> awaitable<void> {
            co_await at.read_head();
            co_await at.send(c.bytes);
        };
        test::simulated_transport net(sends);
        return run(converse(net, time, c.meta.find("skipBody") != c.meta.npos));
    }

    static awaitable<outcome> converse(test::simulated_transport& net, std::shared_ptr<clock> k,
                                       bool head_only) {
        auto stream = co_await net.connect({});
        connection on(std::move(*stream), k);
        wire::exchange once(on, *k, {}, {});
        request_head head;
        head.method = head_only ? "HEAD" : "GET";
        head.target = "/";
        outcome o;
        const auto replied = co_await once.run(outgoing(&head, nullptr));
        if (!replied) {
            o.failed = true;
            o.error = replied.error().what();
            co_return o;
        }
        o.status = replied->status;
        std::array<char, 64> piece;
        for (;;) {
            const auto n = co_await once.read_some(asio::buffer(piece));
            o.failed = !n;
            if (!n) o.error = n.error().what();
            if (!n || *n == 0) break;
            o.body.append(piece.data(), *n);
        }
        co_return o;
    }
};

// llhttp reads these; we refuse them, with a reason each.
const std::map<std::string, std::string> refused_by_us{
    {"connection.md: ## HTTP 101 response with Upgrade and Content-Length header",
     "no upgrade was asked for"},
    {"connection.md: ## HTTP 101 response with Upgrade and Transfer-Encoding header",
     "no upgrade was asked for"},
};

TEST_F(http_response, EveryCaseHasTheRightValueOrACleanError) {
    CAIRN_REQUIRE_VECTORS(folder, "http/response");
    int count = 0;
    std::map<std::string, std::string> refusals;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        for (const auto& c : read_cases(entry.path())) {
            SCOPED_TRACE(c.name + " " + c.meta);
            ++count;
            const bool lenient = c.meta.find("lenient") != c.meta.npos;
            const auto want = read_log(c);
            const auto got = answer(c);
            if (lenient) continue;  // what llhttp reads when told to be lax; any end will do
            if (want.refused) {
                EXPECT_TRUE(got.failed) << "became " << got.status << " \"" << got.body << "\"";
            } else if (got.failed && want.complete) {
                refusals[c.name] = got.error;
            } else if (!got.failed) {
                EXPECT_EQ(got.status, want.status);
                EXPECT_EQ(got.body.size(), want.body_bytes) << got.body;
            }
        }
    }
    EXPECT_EQ(count, 85);
    for (const auto& [name, why] : refusals)
        EXPECT_TRUE(refused_by_us.contains(name)) << name << ": " << why;
    for (const auto& [name, why] : refused_by_us)
        EXPECT_TRUE(refusals.contains(name)) << name << " is read after all";
}

}  // namespace
}  // namespace cairn::wire
