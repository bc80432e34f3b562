#include "transfer/copying.hpp"

#include "core/parallel.hpp"
#include "s3/checksum_fields.hpp"
#include "transfer/alone.hpp"
#include "transfer/checksum_member.hpp"
#include "transfer/copy_requests.hpp"
#include "transfer/etag.hpp"
#include "transfer/give_up.hpp"
#include "transfer/multipart.hpp"
#include "transfer/sent_parts.hpp"

#include <cairn/transfer/delete_unchanged.hpp>

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace cairn::transfer {
namespace {

constexpr std::uint64_t usual_part_bytes = 128ULL << 20U;

std::string path_of(const std::string& bucket, const std::string& key) {
    return "s3://" + bucket + "/" + key;
}

/// A copy, and the source as it was found.
struct copied {
    copied() = default;
    copy_output output;
    s3::head_object_output source;
};

awaitable<result<s3::head_object_output>> look_at(s3::client client, s3::head_object request) {
    auto found = co_await client.send(std::move(request));
    if (found && (!found->content_length || !found->etag))
        co_return error(errc::malformed_reply, "the reply to HeadObject lacks a length or an ETag");
    if (found) co_return found;
    auto failed = found.error();
    // To a copy it is a condition that doesn't hold.
    if (failed.code() == errc::not_modified)
        failed.code(make_error_code(errc::precondition_failed));
    co_return failed;
}

std::optional<codec::checksum_algorithm> checksum_for(const s3::copy_object& object) {
    return codec::checksum_named(object.checksum_algorithm.value_or(""));
}

// A copy in parts, from the creation of its upload on.
class parts_copy {
  public:
    parts_copy(std::shared_ptr<context> in, const copy& request, part_plan plan, sent_parts none,
               std::string upload_id)
        : in_(std::move(in)),
          request_(request),
          plan_(plan),
          copied_(std::move(none)),
          upload_id_(std::move(upload_id)) {}

    awaitable<result<copy_output>> run() {
        const auto width = std::min<std::uint64_t>(in_->options.max_parts_at_once, plan_.count());
        std::function<awaitable<result<void>>()> worker = [this] { return copy_parts(); };
        const auto done = co_await run_workers(width, std::move(worker));
        if (!done) co_return done.error();
        auto request = completion(request_.object, upload_id_);
        copied_.add_to(request);
        is_completing_ = true;
        const auto stored = co_await complete(in_->client(), std::move(request), copied_.bytes());
        if (!stored) co_return stored.error();
        copy_output output;
        output.etag = stored->etag;
        output.version_id = stored->version_id;
        output.size_bytes = copied_.bytes();
        output.parts = copied_.count();
        output.source_version_id = request_.object.copy_source.version_id;
        co_return output;
    }

    awaitable<error> give_up(error why) {
        why = unfinished(std::move(why), is_completing_);
        auto look = listing(request_.object, upload_id_);
        co_return co_await abort(in_->client(), std::move(look), std::move(why));
    }

  private:
    // On one strand with the others.
    awaitable<result<void>> copy_parts() {
        while (next_ < plan_.count()) {
            const auto index = next_++;
            const auto place = co_await in_->up.places.acquire();
            if (!place) co_return place.error();
            const auto done = co_await copy_part(index);
            if (!done) co_return done.error();
        }
        co_return result<void>();
    }

    awaitable<result<void>> copy_part(std::uint64_t index) {
        auto request = part(request_.object, upload_id_, index, plan_.part(index));
        const auto answer = co_await in_->client().send(std::move(request));
        if (!answer && answer.error().code() == errc::precondition_failed)
            co_return error(answer.error()).hint("the source was replaced while it was copied");
        if (!answer) co_return answer.error();
        const auto& made = answer->copy_part_result;
        if (!made || !made->etag)
            co_return error(errc::malformed_reply, "the reply to UploadPartCopy lacks an ETag");
        copied_.add(index, plan_.part(index).size, *made);
        if (request_.on_progress) request_.on_progress({copied_.bytes(), plan_.object_bytes()});
        co_return result<void>();
    }

    const std::shared_ptr<context> in_;
    const copy& request_;
    const part_plan plan_;
    sent_parts copied_;
    const std::string upload_id_;
    std::uint64_t next_ = 0;
    bool is_completing_ = false;  ///< Before, no object has changed.
};

// One object on its way to another.
class copying {
  public:
    copying(std::shared_ptr<context> in, copy request)
        : in_(std::move(in)), request_(std::move(request)) {}

    awaitable<result<copied>> run() {
        const auto source = co_await look_at(in_->client(), look_at_source(request_.object));
        if (!source) co_return source.error();
        size_bytes_ = static_cast<std::uint64_t>(*source->content_length);
        request_.object.copy_source_if_match = source->etag;
        keep_encryption(request_.object, *source);
        const bool in_parts = size_bytes_ > in_->options.copy_threshold_bytes;
        auto work = in_parts ? copy_in_parts(*source) : copy_whole();
        auto done = co_await std::move(work);
        if (!done) co_return done.error();
        copied made;
        made.output = std::move(*done);
        made.source = *source;
        co_return made;
    }

  private:
    awaitable<result<copy_output>> copy_whole() {
        const auto place = co_await in_->up.places.acquire();
        if (!place) co_return place.error();
        auto request = request_.object;
        const auto answer = co_await in_->client().send(std::move(request));
        if (!answer) co_return answer.error();
        if (request_.on_progress) request_.on_progress({size_bytes_, size_bytes_});
        copy_output output;
        if (answer->copy_object_result) output.etag = answer->copy_object_result->etag.value_or("");
        output.version_id = answer->version_id;
        output.size_bytes = size_bytes_;
        output.source_version_id = answer->copy_source_version_id;
        co_return output;
    }

    awaitable<result<copy_output>> copy_in_parts(const s3::head_object_output& source) {
        const auto plan =
            part_plan::of_object(size_bytes_, request_.part_size_bytes.value_or(usual_part_bytes));
        if (!plan) co_return plan.error();
        if (!request_.object.copy_source.version_id)
            request_.object.copy_source.version_id = source.version_id;
        const auto kept = co_await keep_what_parts_do_not(source);
        if (!kept) co_return kept.error();
        const sent_parts none(checksum_for(request_.object));
        auto request = creation(request_.object, source);
        if (none.algorithm()) request.checksum_type = std::string(none.checksum_type());
        auto look = listing(request_.object, {});
        const auto id = co_await create(in_->client(), std::move(request), std::move(look));
        if (!id) co_return id.error();
        parts_copy parts(in_, request_, *plan, none, *id);
        const std::function<awaitable<error>(error)> give_up = [&parts](error why) {
            return parts.give_up(std::move(why));
        };
        auto work = parts.run();
        auto ended = co_await run_or_give_up(std::move(work), give_up);
        co_return ended;
    }

    // An upload in parts has no directives: what is to be kept, is asked for and sent.
    awaitable<result<void>> keep_what_parts_do_not(const s3::head_object_output& source) {
        auto& object = request_.object;
        const bool keeps_metadata = object.metadata_directive != s3::metadata_directive::replace;
        if (keeps_metadata && source.missing_meta.value_or(0) > 0)
            co_return error(errc::invalid_argument,
                            "the source has metadata that HTTP can't carry, and is too large to be "
                            "copied by one request")
                .hint("set metadata_directive to REPLACE, and the metadata to have");
        if (object.tagging_directive == s3::tagging_directive::replace) co_return result<void>();
        object.tagging.reset();
        if (source.tag_count.value_or(0) == 0) co_return result<void>();
        const auto found = co_await in_->client().send(ask_for_tags(object));
        if (!found) co_return found.error();
        object.tagging = query_of(found->tag_set);
        co_return result<void>();
    }

    const std::shared_ptr<context> in_;
    copy request_;
    std::uint64_t size_bytes_ = 0;
};

// By a checksum of all bytes, not of parts.
bool differ(const s3::head_object_output& a, const s3::head_object_output& b) {
    return std::ranges::any_of(s3::kept_checksums, [&](codec::checksum_algorithm algorithm) {
        const auto& of_a = checksum_member(a, algorithm);
        const auto& of_b = checksum_member(b, algorithm);
        const auto whole = [](const std::optional<std::string>& sum) {
            return sum && sum->find('-') == std::string::npos;
        };
        return whole(of_a) && whole(of_b) && of_a != of_b;
    });
}

// One object on its way from one place to another.
class moving {
  public:
    moving(std::shared_ptr<context> in, copy request)
        : in_(std::move(in)), request_(std::move(request)) {}

    awaitable<result<copy_output>> run() {
        auto copying_it = copying(in_, request_);
        const auto made = co_await copying_it.run();
        if (!made) co_return made.error();
        const std::function<awaitable<error>(error)> give_up = [this](error why) {
            return tell_of_both(std::move(why));
        };
        auto work = replace_source(*made);
        auto ended = co_await run_or_give_up(std::move(work), give_up);
        co_return ended;
    }

  private:
    awaitable<result<copy_output>> replace_source(const copied& by) {
        const auto verified = co_await verify(by);
        if (!verified) co_return verified.error();
        const auto deleted = co_await delete_source(*by.source.etag);
        if (!deleted) co_return deleted.error();
        co_return by.output;
    }

    awaitable<error> tell_of_both(error why) const {
        const auto& o = request_.object;
        why.effect(effect::unknown);
        co_return add_hint(std::move(why),
                           "both " + path_of(o.copy_source.bucket, o.copy_source.key) +
                               " and its copy may be there: look, and move it again if so");
    }

    awaitable<result<void>> verify(const copied& made) {
        const auto& object = request_.object;
        s3::head_object request(object.bucket, object.key);
        request.version_id = made.output.version_id;
        request.sse_customer_algorithm = object.sse_customer_algorithm;
        request.sse_customer_key = object.sse_customer_key;
        request.sse_customer_key_md5 = object.sse_customer_key_md5;
        request.request_payer = object.request_payer;
        request.expected_bucket_owner = object.expected_bucket_owner;
        request.checksum_mode = s3::checksum_mode::enabled;
        const auto found = co_await look_at(in_->client(), std::move(request));
        if (!found) co_return found.error();
        const bool same_size = found->content_length == made.source.content_length;
        const bool same_etag =
            made.output.etag.empty() || unquoted(*found->etag) == unquoted(made.output.etag);
        if (same_size && same_etag && !differ(made.source, *found)) co_return result<void>();
        co_return error(errc::precondition_failed,
                        "what is at " + path_of(object.bucket, object.key) +
                            " is not the copy: the source was not deleted");
    }

    awaitable<result<void>> delete_source(const std::string& etag) {
        auto look = look_at_source(request_.object);
        look.if_match = etag;
        return delete_unchanged(in_->client(), std::move(look));
    }

    const std::shared_ptr<context> in_;
    const copy request_;
};

result<void> check(const move& request) {
    const auto& object = request.copy.object;
    if (object.copy_source.bucket != object.bucket || object.copy_source.key != object.key)
        return {};
    return error(errc::invalid_argument, "it would be moved onto itself, and deleted");
}

std::string name_of(const std::string& what, const s3::copy_object& object) {
    return what + " " + path_of(object.copy_source.bucket, object.copy_source.key) + " to " +
           path_of(object.bucket, object.key);
}

awaitable<result<copy_output>> make_copy(std::shared_ptr<context> in, copy request) {
    copying it(std::move(in), std::move(request));
    const auto made = co_await it.run();
    if (!made) co_return made.error();
    co_return made->output;
}

awaitable<result<copy_output>> make_move(std::shared_ptr<context> in, move request) {
    const auto right = check(request);
    if (!right) co_return right.error();
    moving it(std::move(in), std::move(request.copy));
    auto made = co_await it.run();
    co_return made;
}

}  // namespace

awaitable<result<copy_output>> copy_within_s3(std::shared_ptr<context> in, copy request) {
    auto name = name_of("copy", request.object);
    return run_alone(std::move(name), effect::not_applied,
                     make_copy(std::move(in), std::move(request)));
}

awaitable<result<copy_output>> move_within_s3(std::shared_ptr<context> in, move request) {
    auto name = name_of("move", request.copy.object);
    return run_alone(std::move(name), effect::not_applied,
                     make_move(std::move(in), std::move(request)));
}

}  // namespace cairn::transfer
