#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace cairn::test {

/// What happens to a request, or to its reply, on the way.
enum class wire_fault {
    none,
    refuse,       ///< The connection is reset; the server hears nothing of the request.
    cut_request,  ///< The connection is reset when a part of the request has been passed on.
    corrupt,      ///< A byte of the request's body is another one. Its signature tells the server.
    twice,        ///< The server gets the request again before its reply is passed on, on another
                  ///< connection, whose reply is dropped. Only if it has succeeded.
    lose_reply,   ///< The connection is reset when the server has replied.
    cut_reply,    ///< The connection ends within the reply, but not in an object's body.
    cut_body,     ///< The connection ends within an object's body, which the caller reads.
    delay,        ///< The reply comes some milliseconds late.
    silence,      ///< No reply comes.
};

const char* name_of(wire_fault what);
/// Whether it can make a call fail.
bool breaks(wire_fault what);

/// What a proxy makes of a request's head.
struct request_head {
    explicit request_head(std::string_view text);

    std::size_t total() const { return size + body_size; }
    std::string_view method() const;
    /// It reads an object, rather than a document or no body at all.
    bool reads_object() const;
    /// Whether a client that doesn't know what has become of it may send it again.
    bool repeatable() const;
    /// Its line without the name of the bucket and the id of an upload, which differ from run to
    /// run.
    std::string identity() const;

    std::string line;  ///< "PUT /bucket/key"
    std::size_t size;
    std::size_t body_size = 0;
    bool hash_is_signed = false;
    bool conditional = false;

  private:
    bool names_object() const;
};

/// What a proxy makes of a reply's head.
struct reply_head {
    explicit reply_head(std::string_view text);

    unsigned status = 0;
    std::size_t size;
    std::size_t body_size = 0;  ///< Zero if it is not told.
};

/// Decides by a seed what happens to each request that goes through a proxy: by its method, its
/// target after the bucket, and how often it has come before; not by when it comes.
///
/// A corrupted body is sent only where its hash is signed: then no server may store it.
class fault_schedule {
  public:
    struct choice {
        wire_fault what = wire_fault::none;
        std::uint64_t die = 0;  ///< Says where it strikes.
        bool gently = false;    ///< The connection is closed rather than reset.
        std::chrono::milliseconds pause{};
    };

    /// @param percent of the requests that something happens to.
    explicit fault_schedule(std::uint64_t seed, unsigned percent = 30);

    /// Strikes only where a client that sends each request up to three times gets what it would
    /// have got without faults:
    ///
    /// - A request is struck no more than twice, but for what breaks nothing.
    /// - What may be sent only once (a write on a condition, of a bucket, of the end of an upload,
    /// or
    ///   of a body that can be read only once) is delayed and doubled, and no more.
    /// - A refusal is cut within its head only: its status is taken for an answer.
    /// - What no client mends by itself is left out: silence, corrupted and cut bodies.
    void keep_to_mendable();
    void leave_out(wire_fault what) { left_out_.insert(what); }
    void let_in(wire_fault what) { left_out_.erase(what); }
    /// Forgets what has come, and goes on as the seed has it for this name.
    void restart(std::string_view name);

    choice next(const request_head& head);
    /// How many bytes of a reply are passed on when a fault cuts it; 0: it isn't cut.
    std::size_t cut_of(const choice& drawn, const request_head& request,
                       const reply_head& reply) const;

  private:
    bool suits(wire_fault what, const request_head& head) const;
    wire_fault pick(std::uint64_t die, const request_head& head) const;

    const std::uint64_t seed_;
    const unsigned percent_;
    std::uint64_t seed_of_name_ = seed_;
    bool mendable_ = false;
    std::set<wire_fault> left_out_;
    std::map<std::string, unsigned> times_;    ///< By a request's identity.
    std::map<std::string, unsigned> strikes_;  ///< What breaks, by a request's identity.
};

}  // namespace cairn::test
