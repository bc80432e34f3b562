#pragma once

#include <cairn/core/clock.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace cairn::testing {

/// A request that has come to a simulated S3, as a fault plan sees it.
struct s3_call {
    s3_call() = default;

    std::size_t index = 0;  ///< Of all requests, from 0.
    std::size_t nth = 0;    ///< Of all requests of this operation, from 0.
    std::string operation;  ///< "PutObject"; empty when S3 has no such operation.
    std::string bucket;     ///< Empty when none is named.
    std::string key;        ///< Empty when none is named.
    clock::time_point at;   ///< By the simulation's clock.
};

/// What goes wrong with one request; nothing, as it is made. Whether S3 carries a request out, what
/// it answers and how the answer arrives can go wrong together: set the members.
struct s3_fault {
    s3_fault() = default;

    /// An error document instead of S3's own answer, and nothing is carried out. With an empty
    /// `code`, an answer without a body.
    static s3_fault refusal(unsigned status, std::string code);
    /// 503 SlowDown.
    static s3_fault slow_down();
    /// 409 ConditionalRequestConflict, which S3 answers when another write is under way.
    static s3_fault conflict();
    /// `200 OK` with an `<Error>` in it, as CopyObject and CompleteMultipartUpload may answer.
    static s3_fault error_within_200(std::string code = "InternalError");
    /// The connection ends with the request unheard.
    static s3_fault lost_request();
    /// The request is carried out, and the connection ends instead of a reply.
    static s3_fault lost_reply();
    /// The reply's first byte comes so much later.
    static s3_fault slow_reply(clock::duration wait);
    /// The connection ends after so many bytes of the reply's body.
    static s3_fault truncated_body(std::uint64_t bytes);
    /// The byte at `offset` of the reply's body is another one.
    static s3_fault corrupted_body(std::uint64_t offset);

    bool carried_out = true;  ///< What the request asks for is done.
    bool answered = true;     ///< Else the connection ends without a reply.
    unsigned status = 0;      ///< Of the error that is answered; 0: S3's own answer.
    std::string code;         ///< Of that error; empty: without a body.
    clock::duration delay{};  ///< Before the reply's first byte.
    std::optional<std::uint64_t> truncate_at;
    std::optional<std::uint64_t> corrupt_at;
};

/// Is shown every request, in the order in which S3 takes them, one at a time, and says what goes
/// wrong with it. It may look at the simulation, in which the request isn't carried out yet, and
/// have it follow another plan; a copy of the simulation in the plan keeps both alive for ever, so
/// refer to it.
using s3_fault_plan = std::function<s3_fault(const s3_call& call)>;

/// Lets a part of `ratio` of all requests, from 0 to 1, fail in some way that a client has to
/// survive; the same requests with the same seed fail alike.
s3_fault_plan s3_faults_by_seed(std::uint64_t seed, double ratio);

/// Answers 503 SlowDown to the requests beyond `per_second` for one prefix: all of a key up to its
/// last slash. The first second's worth may come at once.
s3_fault_plan s3_throttling_by_prefix(double per_second);

}  // namespace cairn::testing
