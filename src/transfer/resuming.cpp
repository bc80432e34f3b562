#include "transfer/resuming.hpp"

#include "transfer/file_checksum.hpp"
#include "transfer/multipart.hpp"
#include "transfer/upload_requests.hpp"

#include <cairn/core/bytes.hpp>

#include <utility>

namespace cairn::transfer {
namespace {

awaitable<result<std::vector<s3::part>>> all_parts(context& in, s3::list_parts request) {
    std::vector<s3::part> parts;
    for (;;) {
        auto next = request;
        const auto page = co_await in.client().send(std::move(next));
        if (!page) co_return page.error();
        parts.insert(parts.end(), page->parts.begin(), page->parts.end());
        const bool more = page->is_truncated.value_or(false) && page->next_part_number_marker &&
                          page->next_part_number_marker != request.part_number_marker;
        if (!more) co_return parts;
        request.part_number_marker = page->next_part_number_marker;
    }
}

awaitable<result<bool>> is_of_file(context& in, const s3::part& part, byte_range range,
                                   local_file& file,
                                   std::optional<codec::checksum_algorithm> kept) {
    if (part.size != static_cast<std::int64_t>(range.size)) co_return false;
    const auto stored = kept ? checksum_member(part, *kept) : std::nullopt;
    const auto algorithm = stored ? *kept : codec::checksum_algorithm::md5;
    if (!codec::is_available(algorithm)) co_return false;
    const auto found = co_await checksum_of_file(algorithm, file, range, *in.workers);
    if (!found) co_return found.error();
    if (stored) co_return found->base64() == *stored;
    co_return '"' + to_hex(found->data()) + '"' == part.etag.value_or("");
}

// The token stays: nothing else knows the upload.
error with_a_way_out(error failed) {
    return failed.hint(failed.hint() + ", or remove the resume file to begin afresh beside it");
}

}  // namespace

awaitable<result<resumed_upload>> find_parts(context& in, const s3::put_object& object,
                                             const std::optional<resume_token>& token,
                                             const resume_token& wanted,
                                             std::shared_ptr<local_file> file, part_plan plan,
                                             sent_parts& sent) {
    resumed_upload none;
    none.there.resize(plan.count());
    if (!token) co_return none;
    if (token->bucket != object.bucket || token->key != object.key)
        co_return error(errc::invalid_argument, "the resume file is of the upload of s3://" +
                                                    token->bucket + "/" + token->key)
            .hint("choose another resume file for each upload");
    if (!token->is_for_same(wanted)) {
        auto look = listing(object, token->upload_id);
        const auto aborted = co_await abort(in.client(), std::move(look));
        if (!aborted) co_return with_a_way_out(aborted.error());
        co_return none;
    }
    auto request = listing(object, token->upload_id);
    const auto parts = co_await all_parts(in, std::move(request));
    if (!parts && parts.error().s3_code() == "NoSuchUpload") co_return none;
    if (!parts) co_return parts.error();
    auto found = none;
    found.upload_id = token->upload_id;
    for (const auto& part : *parts) {
        const auto index = static_cast<std::uint64_t>(part.part_number) - 1;
        if (index >= plan.count()) continue;
        const auto right = co_await is_of_file(in, part, plan.part(index), *file, sent.algorithm());
        if (!right) co_return right.error();
        if (!*right) continue;
        found.there[index] = true;
        sent.add(index, plan.part(index).size, part);
    }
    co_return found;
}

}  // namespace cairn::transfer
