#include "transfer/downloading.hpp"

#include "transfer/alone.hpp"
#include "transfer/decoded_download.hpp"
#include "transfer/destination.hpp"
#include "transfer/file_download.hpp"

#include <string>
#include <utility>

namespace cairn::transfer {
namespace {

constexpr unsigned max_restarts = 3;

result<void> check(const download& request) {
    if (request.object.range || request.object.part_number)
        return error(
            errc::invalid_argument,
            "a download is of the whole object: leave range and part_number unset, or read "
            "a range with client::send");
    return {};
}

// Then another state of it may be wanted, unless the caller has said which.
bool was_replaced(const error& failed, const s3::get_object& object) {
    return failed.code() == errc::precondition_failed && !object.if_match &&
           !object.if_unmodified_since;
}

awaitable<result<download_output>> bring(std::shared_ptr<context> in, download request) {
    if (const auto right = check(request); !right) co_return right.error();
    auto to = destination_of(request.to, request.replace);
    if (!to) co_return to.error();
    // What a link leads to is made by whoever has made the link.
    request.make_folders &= *to == request.to;
    request.to = std::move(*to);
    for (unsigned restarts = 0;; ++restarts) {
        auto once = request.decompression ? bring_decoded(in, request) : bring_file(in, request);
        auto ended = co_await std::move(once);
        const bool again = request.on_change == on_change::restart && restarts < max_restarts &&
                           !ended && was_replaced(ended.error(), request.object);
        if (!again) co_return ended;
        request.known.reset();
    }
}

}  // namespace

awaitable<result<download_output>> download_object(std::shared_ptr<context> in, download request) {
    auto name = "download s3://" + request.object.bucket + "/" + request.object.key;
    return run_alone(std::move(name), effect::none, bring(std::move(in), std::move(request)));
}

}  // namespace cairn::transfer
