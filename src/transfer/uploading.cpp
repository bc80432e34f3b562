#include "transfer/uploading.hpp"

#include "core/file_error.hpp"
#include "core/parallel.hpp"
#include "transfer/alone.hpp"
#include "transfer/checksum_member.hpp"
#include "transfer/give_up.hpp"
#include "transfer/multipart.hpp"
#include "transfer/part_feed.hpp"
#include "transfer/resume_token.hpp"
#include "transfer/resuming.hpp"
#include "transfer/sent_parts.hpp"
#include "transfer/streams.hpp"
#include "transfer/upload_progress.hpp"
#include "transfer/upload_requests.hpp"

#include <cairn/codec/stream.hpp>
#include <cairn/s3/types.hpp>

#include <array>
#include <functional>
#include <system_error>
#include <utility>

namespace cairn::transfer {
namespace {

// One upload in parts, from its creation on.
class parts_upload {
  public:
    parts_upload(std::shared_ptr<context> in, const upload& request, part_feed& feed,
                 sent_parts& sent, std::string upload_id)
        : in_(std::move(in)),
          request_(request),
          feed_(feed),
          sent_(sent),
          progress_(std::make_shared<upload_progress>(request.on_progress)),
          upload_id_(std::move(upload_id)) {}

    /// Sends the parts, `first` before the others, and completes the upload.
    awaitable<result<upload_output>> run(std::optional<fed_part> first) {
        first_ = std::move(first);
        progress_->stored(sent_.bytes(), feed_.size());
        std::function<awaitable<result<void>>()> worker = [this] { return send_parts(); };
        const auto sent = co_await run_workers(in_->options.max_parts_at_once, std::move(worker));
        if (!sent) co_return sent.error();
        const auto same = feed_.check_unchanged();
        if (!same) co_return same.error();
        auto completed = co_await finish();
        co_return completed;
    }

    /// Aborts it, unless it is to be resumed; gives why it failed.
    awaitable<error> give_up(error why) {
        why = unfinished(std::move(why), is_completing_);
        if (request_.resume_file)
            co_return add_hint(std::move(why),
                               "run it again to go on from the parts that S3 has (" +
                                   request_.resume_file->string() + ")");
        auto look = listing(request_.object, upload_id_);
        co_return co_await abort(in_->client(), std::move(look), std::move(why));
    }

  private:
    awaitable<result<std::optional<fed_part>>> next() {
        if (first_) co_return std::exchange(first_, std::nullopt);
        auto part = co_await feed_.next();
        co_return part;
    }

    awaitable<result<void>> send_parts() {
        for (;;) {
            auto part = co_await next();
            if (!part) co_return part.error();
            if (!*part) co_return result<void>();
            const auto place = co_await in_->up.places.acquire();
            if (!place) co_return place.error();
            const auto sent = co_await send(**part);
            if (!sent) co_return sent.error();
        }
    }

    awaitable<result<void>> send(fed_part& fed) {
        auto request = part(request_.object, upload_id_, static_cast<std::int64_t>(fed.index) + 1);
        if (const auto algorithm = sent_.algorithm())
            request.checksum_algorithm = std::string(codec::name_of(*algorithm));
        request.body = progress_->counted(std::move(fed.body));
        const auto answer = co_await in_->client().send(std::move(request));
        if (!answer) co_return answer.error();
        if (!answer->etag)
            co_return error(errc::malformed_reply, "the reply to UploadPart lacks an ETag");
        sent_.add(fed.index, fed.range.size, *answer);
        progress_->stored(sent_.bytes(), feed_.size());
        co_return result<void>();
    }

    awaitable<result<upload_output>> finish() {
        auto request = completion(request_.object, upload_id_);
        sent_.add_to(request);
        is_completing_ = true;
        const auto stored = co_await complete(in_->client(), std::move(request), sent_.bytes());
        if (!stored) co_return stored.error();
        upload_output output;
        output.etag = stored->etag;
        output.version_id = stored->version_id;
        output.size_bytes = sent_.bytes();
        output.parts = sent_.count();
        output.checksum = sent_.whole_checksum();
        co_return output;
    }

    const std::shared_ptr<context> in_;
    const upload& request_;
    part_feed& feed_;
    sent_parts& sent_;
    const std::shared_ptr<upload_progress> progress_;
    const std::string upload_id_;
    std::optional<fed_part> first_;
    bool is_completing_ = false;  ///< Before, no object has changed.
};

std::string computed_checksums() {
    std::string names;
    for (const auto name : s3::checksum_algorithm::values)
        if (codec::checksum_named(name)) names += (names.empty() ? "" : ", ") + std::string(name);
    return names;
}

// By a name that says nothing to cairn, parts would go without any.
result<void> check_algorithm(const s3::put_object& object) {
    const auto& name = object.checksum_algorithm;
    if (!name || codec::checksum_named(*name)) return {};
    return error(errc::invalid_argument,
                 "checksum_algorithm \"" + *name + "\" is none that cairn computes")
        .hint("choose one of " + computed_checksums() + ", or leave it unset");
}

// What is made on the way, or comes once, is gone by the next try.
result<void> check_resumable(upload& request) {
    const bool is_file = std::holds_alternative<std::filesystem::path>(request.from.get());
    if (!request.resume_file || (is_file && !request.compression)) return {};
    return error(errc::invalid_argument, "only a file that is sent as it is can be resumed")
        .hint("leave resume_file unset, or send a file without compression");
}

result<void> check(upload& request) {
    const auto& object = request.object;
    const auto refuse = [](std::string what) {
        return error(errc::invalid_argument, std::move(what) + " is the upload's own matter")
            .hint("leave it unset; checksum_algorithm says which checksum to send");
    };
    if (object.body.get()) return refuse("the object's body");
    if (object.content_length) return refuse("content_length");
    if (object.content_md5) return refuse("content_md5");
    if (object.write_offset_bytes) return refuse("write_offset_bytes");
    for (const auto* value :
         {&object.checksum_crc32, &object.checksum_crc32c, &object.checksum_crc64nvme,
          &object.checksum_sha1, &object.checksum_sha256, &object.checksum_sha512,
          &object.checksum_md5, &object.checksum_xxhash64, &object.checksum_xxhash3,
          &object.checksum_xxhash128})
        if (*value) return refuse("a checksum's value");
    if (const auto right = check_algorithm(object); !right) return right;
    return check_resumable(request);
}

std::optional<codec::checksum_algorithm> algorithm_for(const context& in, const upload& request) {
    if (!request.object.checksum_algorithm) return in.client().config().checksums.uploads;
    return codec::checksum_named(*request.object.checksum_algorithm);
}

result<std::unique_ptr<wire::body_stream>> open_stream(context& in, source::variant& from) {
    if (const auto* data = std::get_if<std::string>(&from))
        return stream_of(std::string_view(*data));
    if (const auto* data = std::get_if<std::string_view>(&from)) return stream_of(*data);
    if (auto* piped = std::get_if<source::piped>(&from)) return stream_of(std::move(*piped));
    auto file =
        local_file::open(std::get<std::filesystem::path>(from), local_file::mode::read, in.workers);
    if (!file) return file.error();
    const auto seen = (*file)->state();
    if (!seen) return seen.error();
    return stream_of(std::move(*file), *seen);
}

// What `from` refers to outlives the reader.
result<body::reader> compress(context& in, upload& request, source::variant& from) {
    auto by = codec::make_compressor(*request.compression);
    if (!by) return by.error();
    auto plain = open_stream(in, from);
    if (!plain) return plain.error();
    const std::string name(codec::name_of(codec::encoding_of(*request.compression)));
    auto& encoding = request.object.content_encoding;
    encoding = encoding && !encoding->empty() ? *encoding + ", " + name : name;
    return body::reader(codec::transformed(std::move(*plain), std::move(*by), in.workers));
}

// Files of /proc and the like are made as they are read, and have no size.
awaitable<result<void>> check_empty(local_file& file) {
    std::array<char, 1> more{};
    const auto n = co_await file.read_at(0, asio::buffer(more));
    if (!n) co_return n.error();
    if (*n == 0) co_return result<void>();
    co_return file_error(file.path(), "says that it is empty, and is not", {})
        .hint("upload it as a stream, as `cairn pipe` does");
}

awaitable<result<upload_output>> run_parts_or_give_up(parts_upload& parts,
                                                      std::optional<fed_part> first) {
    std::function<awaitable<error>(error)> give_up = [&](error why) {
        return parts.give_up(std::move(why));
    };
    auto work = parts.run(std::move(first));
    auto ended = co_await run_or_give_up(std::move(work), std::move(give_up));
    co_return ended;
}

// One source on its way.
class uploading {
  public:
    uploading(std::shared_ptr<context> in, upload request)
        : in_(std::move(in)),
          request_(std::move(request)),
          part_bytes_(request_.part_size_bytes.value_or(in_->options.part_size_bytes)),
          algorithm_(algorithm_for(*in_, request_)) {}

    awaitable<result<upload_output>> run(std::filesystem::path path) {
        auto opened = local_file::open(std::move(path), local_file::mode::read, in_->workers);
        if (!opened) co_return opened.error();
        const auto seen = (*opened)->state();
        if (!seen) co_return seen.error();
        if (seen->size == 0) {
            const auto empty = co_await check_empty(**opened);
            if (!empty) co_return empty.error();
        }
        const auto plan = part_plan::of_object(seen->size, part_bytes_);
        if (!plan) co_return plan.error();
        if (seen->size < in_->options.multipart_threshold_bytes && !was_begun()) {
            const auto whole = part_plan::of_object(seen->size, max_part_bytes);
            auto feed = feed_of(*opened, *seen, *whole, in_->up.memory);
            co_return co_await run_whole(std::move(feed));
        }
        if (request_.resume_file) co_return co_await resume(*opened, *seen, *plan);
        auto feed = feed_of(*opened, *seen, *plan, in_->up.memory);
        co_return co_await run_parts(std::move(feed), std::nullopt);
    }

    awaitable<result<upload_output>> run(std::string_view data) {
        const bool in_parts = data.size() >= in_->options.multipart_threshold_bytes;
        const auto plan =
            part_plan::of_object(data.size(), in_parts ? part_bytes_ : max_part_bytes);
        if (!plan) co_return plan.error();
        auto feed = feed_of(data, *plan);
        if (!in_parts) co_return co_await run_whole(std::move(feed));
        co_return co_await run_parts(std::move(feed), std::nullopt);
    }

    // A stream that ends within its first part goes as one request.
    awaitable<result<upload_output>> run(body::reader from, std::optional<std::uint64_t> size) {
        auto part_bytes = part_bytes_;
        if (size) {
            const auto plan = part_plan::of_object(*size, part_bytes_);
            if (!plan) co_return plan.error();
            part_bytes = plan->part_bytes();
        }
        auto feed = feed_of(std::move(from), size, part_bytes, in_->up.memory);
        auto first = co_await feed->next();
        if (!first) co_return first.error();
        if (feed->size() == (*first)->range.size && (*first)->range.size < part_bytes)
            co_return co_await put(std::move(**first));
        co_return co_await run_parts(std::move(feed), std::move(*first));
    }

  private:
    // In parts, and then goes on so, or is aborted.
    bool was_begun() const {
        std::error_code unknown;
        return request_.resume_file && std::filesystem::exists(*request_.resume_file, unknown);
    }
    awaitable<result<upload_output>> run_whole(std::unique_ptr<part_feed> feed) {
        auto only = co_await feed->next();
        if (!only) co_return only.error();
        co_return co_await put(std::move(**only));
    }

    awaitable<result<upload_output>> put(fed_part whole) {
        const auto place = co_await in_->up.places.acquire();
        if (!place) co_return place.error();
        const auto size = whole.range.size;
        auto request = std::move(request_.object);
        const auto progress = std::make_shared<upload_progress>(request_.on_progress);
        progress->stored(0, size);
        request.body = progress->counted(std::move(whole.body));
        const auto stored = co_await in_->client().send(std::move(request));
        if (!stored) co_return stored.error();
        progress->stored(size, size);
        upload_output output;
        output.etag = stored->etag.value_or("");
        output.version_id = stored->version_id;
        output.size_bytes = size;
        if (algorithm_) output.checksum = checksum_member(*stored, *algorithm_);
        co_return output;
    }

    s3::create_multipart_upload creation_for(const sent_parts& sent) const {
        auto request = creation(request_.object);
        if (const auto algorithm = sent.algorithm()) {
            request.checksum_algorithm = std::string(codec::name_of(*algorithm));
            request.checksum_type = std::string(sent.checksum_type());
        }
        return request;
    }

    awaitable<result<std::string>> create(const sent_parts& sent) {
        auto request = creation_for(sent);
        auto look = listing(request_.object, {});
        return transfer::create(in_->client(), std::move(request), std::move(look));
    }

    awaitable<result<upload_output>> run_parts(std::unique_ptr<part_feed> feed,
                                               std::optional<fed_part> first) {
        sent_parts sent(algorithm_);
        const auto id = co_await create(sent);
        if (!id) co_return id.error();
        parts_upload parts(in_, request_, *feed, sent, *id);
        co_return co_await run_parts_or_give_up(parts, std::move(first));
    }

    awaitable<result<upload_output>> resume(std::shared_ptr<local_file> file, file_state seen,
                                            part_plan plan) {
        const auto& path = *request_.resume_file;
        const auto token = resume_token::read(path);
        if (!token) co_return token.error();
        sent_parts sent(algorithm_);
        const auto said = digest_of(in_->client(), creation_for(sent));
        if (!said) co_return said.error();
        auto wanted = token_of(seen, plan, *said);
        auto going_on =
            co_await find_parts(*in_, request_.object, *token, wanted, file, plan, sent);
        if (!going_on) co_return going_on.error();
        if (going_on->upload_id.empty()) {
            const auto id = co_await create(sent);
            if (!id) co_return id.error();
            going_on->upload_id = wanted.upload_id = *id;
            const auto noted = wanted.write(path);
            if (!noted) {
                auto look = listing(request_.object, *id);
                co_return co_await abort(in_->client(), std::move(look), noted.error());
            }
        }
        auto feed = feed_of(file, seen, plan, in_->up.memory, going_on->there);
        parts_upload parts(in_, request_, *feed, sent, going_on->upload_id);
        auto ended = co_await run_parts_or_give_up(parts, std::nullopt);
        std::error_code ignored;
        if (ended) std::filesystem::remove(path, ignored);
        co_return ended;
    }

    resume_token token_of(file_state seen, part_plan plan, std::string creation) const {
        resume_token token;
        token.bucket = request_.object.bucket;
        token.key = request_.object.key;
        token.source = seen;
        token.part_bytes = plan.part_bytes();
        token.creation = std::move(creation);
        return token;
    }

    const std::shared_ptr<context> in_;
    upload request_;
    const std::uint64_t part_bytes_;
    const std::optional<codec::checksum_algorithm> algorithm_;
};

awaitable<result<upload_output>> run(uploading& it, source::variant& from) {
    if (auto* path = std::get_if<std::filesystem::path>(&from)) return it.run(std::move(*path));
    if (const auto* data = std::get_if<std::string>(&from)) return it.run(std::string_view(*data));
    if (const auto* data = std::get_if<std::string_view>(&from)) return it.run(*data);
    auto& piped = std::get<source::piped>(from);
    return it.run(std::move(piped.from), piped.size);
}

awaitable<result<upload_output>> send(std::shared_ptr<context> in, upload request) {
    if (const auto right = check(request); !right) co_return right.error();
    auto from = std::move(request.from.get());
    if (request.compression) {
        const auto turn = co_await in->transforms.acquire();
        if (!turn) co_return turn.error();
        auto compressed = compress(*in, request, from);
        if (!compressed) co_return compressed.error();
        uploading it(std::move(in), std::move(request));
        auto ended = co_await it.run(std::move(*compressed), std::nullopt);
        co_return ended;
    }
    uploading it(std::move(in), std::move(request));
    auto ended = co_await run(it, from);
    co_return ended;
}

}  // namespace

awaitable<result<upload_output>> upload_source(std::shared_ptr<context> in, upload request) {
    auto name = "upload s3://" + request.object.bucket + "/" + request.object.key;
    return run_alone(std::move(name), effect::not_applied, send(std::move(in), std::move(request)));
}

}  // namespace cairn::transfer
