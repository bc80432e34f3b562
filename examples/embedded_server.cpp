// A web server that serves a bucket's objects: GET and HEAD /KEY, with S3 on the same io_context.
//
//     embedded_server BUCKET [PORT]
//
// Its clients never wait long: a request has a deadline, is turned away with 503 and Retry-After
// while S3 fails or too many others are served, and is dropped, with its connection to S3, when its
// client hangs up. S3 is found as every AWS tool finds it: AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL_S3,
// ~/.aws/config, ...

#include <cairn/core.hpp>
#include <cairn/resilience.hpp>
#include <cairn/s3.hpp>

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/url/parse.hpp>

#include <chrono>
#include <csignal>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

constexpr auto idle_limit = 60s;            // for the next request on a connection
constexpr auto stall_limit = 10s;           // for each piece of a body, on either side
constexpr std::size_t piece_bytes = 65536;  // of a body in memory, a request
constexpr std::size_t at_once = 64;         // as many as the pool has connections

cairn::s3::client connect() {
    auto config = cairn::s3::load_config().value();
    config.resilience.total_deadline = 5s;
    config.resilience.attempt_timeout = 2s;
    config.time_limits.stall = stall_limit;
    return cairn::s3::client::create(std::move(config)).value();
}

http::status status_of(const cairn::error& e) {
    using enum cairn::errc;
    const auto is = [&](auto... codes) { return ((e.code() == codes) || ...); };
    if (is(not_found) && e.s3_code() != "NoSuchBucket") return http::status::not_found;
    if (is(not_modified)) return http::status::not_modified;
    if (is(invalid_argument)) return http::status::bad_request;
    if (is(range_not_satisfiable)) return http::status::range_not_satisfiable;
    if (is(circuit_open, concurrency_limited, rate_limited, throttled))
        return http::status::service_unavailable;
    if (is(timed_out)) return http::status::gateway_timeout;
    return http::status::bad_gateway;
}

/// One request's line in the log, written when it is over, however it ends.
struct log_line {
    explicit log_line(std::string asked) : request(std::move(asked)) {}
    log_line(const log_line&) = delete;
    log_line& operator=(const log_line&) = delete;
    ~log_line() {
        const auto ms = (std::chrono::steady_clock::now() - started) / 1ms;
        std::clog << request << ' ' << status << ", " << sent << " bytes, " << ms << " ms";
        std::clog << (trouble.empty() ? "" : ": ") << trouble << std::endl;
    }

    std::string request;
    unsigned status = 0;     // 0: none was sent.
    std::uint64_t sent = 0;  // bytes of the body
    std::string trouble = "canceled, the client has gone";
    std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
};

/// While it lives, a client that hangs up, be it with one side of its connection, cancels what is
/// done for it. One that has sent its next request already is not watched.
class hang_up_watch {
  public:
    hang_up_watch(tcp::socket& client, asio::cancellation_signal& cancel) : client_(client) {
        const auto readable = [&, watching = std::weak_ptr(alive_)](beast::error_code e) {
            if (e || watching.expired()) return;
            char next = 0;
            client.receive(asio::buffer(&next, 1), tcp::socket::message_peek, e);
            if (e) cancel.emit(asio::cancellation_type::terminal);
        };
        client.async_wait(tcp::socket::wait_read, readable);
    }
    hang_up_watch(const hang_up_watch&) = delete;
    hang_up_watch& operator=(const hang_up_watch&) = delete;
    ~hang_up_watch() {
        beast::error_code ignored;
        client_.cancel(ignored);
    }

  private:
    tcp::socket& client_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

struct server {
    server(cairn::s3::client client, std::string name)
        : s3(std::move(client)), bucket(std::move(name)) {}

    cairn::s3::client s3;
    std::string bucket;
    cairn::concurrency_limit room{at_once, 0};
    std::set<tcp::socket*> idle;  ///< Those of connections between two requests.
    bool stopping = false;
};

class connection : public std::enable_shared_from_this<connection> {
  public:
    connection(tcp::socket socket, server& owner) : client_(std::move(socket)), owner_(owner) {}

    void start() {
        const auto ended = [self = shared_from_this()](std::exception_ptr) {};
        asio::co_spawn(client_.get_executor(), run(),
                       asio::bind_cancellation_slot(hung_up_.slot(), ended));
    }

  private:
    using request = http::request<http::empty_body>;
    using reply_head = http::response<http::empty_body>;  // bodies go past Beast

    asio::awaitable<void> run() {
        try {
            while (!owner_.stopping) {
                co_await read_request();
                log_line log(std::string(asked_.method_string()) + " " +
                             std::string(asked_.target()));
                const hang_up_watch watch(client_.socket(), hung_up_);
                log.trouble = co_await serve(log);
                if (!asked_.keep_alive()) break;
            }
        } catch (const boost::system::system_error&) {
            // The client has gone, or is too slow.
        }
    }

    asio::awaitable<void> read_request() {
        http::request_parser<http::empty_body> parser;
        client_.expires_after(idle_limit);
        owner_.idle.insert(&client_.socket());
        auto read = co_await http::async_read_header(client_, in_, parser,
                                                     asio::as_tuple(asio::use_awaitable));
        owner_.idle.erase(&client_.socket());
        if (std::get<0>(read)) throw beast::system_error(std::get<0>(read));
        const bool whole = parser.is_done();
        asked_ = parser.release();
        if (!whole) asked_.keep_alive(false);  // nobody reads its body
    }

    /// Gives what went wrong, for the log; so do the ones that follow.
    asio::awaitable<std::string> serve(log_line& log) {
        const auto place = co_await owner_.room.acquire();
        if (!place) co_return co_await refuse(place.error(), log);
        const auto path = boost::urls::parse_origin_form(asked_.target());
        const std::string key = path ? path->path().substr(1) : "";
        if (asked_.method() == http::verb::get) co_return co_await serve_body(key, log);
        if (asked_.method() == http::verb::head) co_return co_await serve_head(key, log);
        auto reply = reply_with(http::status::method_not_allowed);
        reply.set(http::field::allow, "GET, HEAD");
        co_await send(std::move(reply), log);
        co_return "";
    }

    asio::awaitable<std::string> serve_head(std::string key, log_line& log) {
        cairn::s3::head_object operation(owner_.bucket, std::move(key));
        operation.if_none_match = tag_of_client();
        const auto found = co_await owner_.s3.send(std::move(operation));
        if (!found) co_return co_await refuse(found.error(), log);
        co_await send(describe(*found), log);
        co_return "";
    }

    asio::awaitable<std::string> serve_body(std::string key, log_line& log) {
        cairn::s3::get_object operation(owner_.bucket, key);
        operation.if_none_match = tag_of_client();
        if (asked_.count("Range") && !asked_.count("If-Range")) operation.range = asked_["Range"];
        auto got = co_await owner_.s3.send(std::move(operation));
        if (!got && got.error().code() == cairn::errc::range_not_satisfiable)
            co_return co_await refuse_range(got.error(), std::move(key), log);
        if (!got) co_return co_await refuse(got.error(), log);
        co_await send(describe(*got), log);

        std::vector<char> piece(piece_bytes);
        for (;;) {
            const auto n = co_await got->body.read_some(asio::buffer(piece));
            if (n && *n == 0) co_return "";
            if (!n) {
                asked_.keep_alive(false);  // the client sees a body that is too short
                co_return n.error().what();
            }
            client_.expires_after(stall_limit);
            const auto part = asio::buffer(piece.data(), *n);
            log.sent += co_await asio::async_write(client_, part, asio::use_awaitable);
        }
    }

    template <class Output>
    reply_head describe(const Output& found) {
        if (!found.content_length) asked_.keep_alive(false);  // the end tells the length
        auto reply =
            reply_with(found.content_range ? http::status::partial_content : http::status::ok);
        const auto set = [&](http::field name, const std::optional<std::string>& value) {
            if (value) reply.set(name, *value);
        };
        if (found.content_length)
            reply.content_length(*found.content_length);
        else
            reply.erase(http::field::content_length);
        set(http::field::content_type, found.content_type);
        set(http::field::content_range, found.content_range);
        set(http::field::accept_ranges, found.accept_ranges);
        set(http::field::etag, found.etag);
        return reply;
    }

    /// The tag of what the client has, if it names one: S3 takes no lists.
    std::optional<std::string> tag_of_client() const {
        const std::string tag(asked_["If-None-Match"]);
        const bool one = tag.ends_with('"') && tag.find(',') == tag.npos;
        return one ? std::optional(tag) : std::nullopt;
    }

    asio::awaitable<std::string> refuse(cairn::error why, log_line& log) {
        auto reply = reply_with(status_of(why));
        const auto wait = std::max(std::chrono::ceil<std::chrono::seconds>(why.retry_after()), 1s);
        if (reply.result() == http::status::service_unavailable)
            reply.set(http::field::retry_after, std::to_string(wait.count()));
        const bool unchanged = reply.result() == http::status::not_modified;
        if (unchanged) {
            reply.erase(http::field::content_length);  // it would be that of the object
            reply.set(http::field::etag, asked_["If-None-Match"]);
        }
        co_await send(std::move(reply), log);
        co_return unchanged ? "" : why.what();
    }

    /// With the object's size, which S3's own refusal doesn't have in its head.
    asio::awaitable<std::string> refuse_range(cairn::error why, std::string key, log_line& log) {
        auto reply = reply_with(status_of(why));
        cairn::s3::head_object operation(owner_.bucket, std::move(key));
        const auto found = co_await owner_.s3.send(std::move(operation));
        if (found && found->content_length)
            reply.set(http::field::content_range,
                      "bytes */" + std::to_string(*found->content_length));
        co_await send(std::move(reply), log);
        co_return why.what();
    }

    reply_head reply_with(http::status status) const {
        reply_head reply(status, asked_.version());
        reply.keep_alive(asked_.keep_alive() && !owner_.stopping);
        reply.content_length(0);
        return reply;
    }

    asio::awaitable<void> send(reply_head reply, log_line& log) {
        client_.expires_after(stall_limit);
        co_await http::async_write(client_, reply, asio::use_awaitable);
        log.status = reply.result_int();
    }

    beast::tcp_stream client_;
    server& owner_;
    asio::cancellation_signal hung_up_;
    beast::flat_buffer in_{16384};
    request asked_;
};

asio::awaitable<void> accept(tcp::acceptor& from, server& owner) {
    asio::steady_timer pause(from.get_executor());
    for (;;) {
        auto taken = co_await from.async_accept(asio::as_tuple(asio::use_awaitable));
        auto& [failed, client] = taken;
        if (owner.stopping) co_return;
        if (failed) {  // out of file descriptors, say
            pause.expires_after(100ms);
            co_await pause.async_wait(asio::use_awaitable);
        } else {
            std::make_shared<connection>(std::move(client), owner)->start();
        }
    }
}

/// Takes no more connections and ends the idle ones; the others end with their request.
void stop(tcp::acceptor& acceptor, server& owner) {
    owner.stopping = true;
    acceptor.close();
    for (auto* const idle : owner.idle) idle->cancel();
}

int fail(int status, const std::string& reason) {
    std::cerr << "embedded_server: " << reason << std::endl;
    return status;
}

void run(const std::string& bucket, unsigned short port) {
    asio::io_context context;
    // One client for all requests: with its connections and its circuit breaker.
    server owner(connect(), bucket);

    tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), port));
    asio::co_spawn(context, accept(acceptor, owner), asio::detached);
    asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&](beast::error_code, int) {
        signals.clear();  // the next one ends the program at once
        stop(acceptor, owner);
    });
    std::cout << "listening on http://" << acceptor.local_endpoint() << std::endl;
    context.run();
}

}  // namespace

int main(int argc, char** argv) {
    const auto port = cairn::parse_u64(argc > 2 ? argv[2] : "8080");
    if (argc < 2 || argc > 3 || !port || *port > 65535)
        return fail(2, "usage: embedded_server BUCKET [PORT]");
    try {
        run(argv[1], static_cast<unsigned short>(*port));
    } catch (const std::exception& e) {
        return fail(1, e.what());
    }
    return 0;
}
