#include "transfer/file_download.hpp"

#include "core/parallel.hpp"
#include "transfer/destination.hpp"
#include "transfer/journal.hpp"
#include "transfer/pinned_object.hpp"
#include "transfer/temporary_names.hpp"
#include "transfer/whole_checksum.hpp"

#include <cairn/core/bytes.hpp>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace cairn::transfer {
namespace {

namespace fs = std::filesystem;

// One try to bring one state of an object into one file.
class file_download {
  public:
    file_download(std::shared_ptr<context> in, const download& request,
                  std::shared_ptr<const pinned_object> object, part_plan plan)
        : in_(std::move(in)),
          request_(request),
          object_(std::move(object)),
          plan_(plan),
          part_path_(with_suffix(request.to, part_suffix)),
          journal_path_(with_suffix(request.to, journal_suffix)),
          sums_(object_->checksum, plan) {}
    file_download(const file_download&) = delete;
    file_download& operator=(const file_download&) = delete;
    // What can't be gone on with is of no use to anybody.
    ~file_download() {
        if (begun_afresh_ && !journal_) remove_part();
    }

    awaitable<result<download_output>> run() {
        const auto prepared = co_await prepare();
        if (!prepared) co_return prepared.error();
        const auto width = std::min<std::uint64_t>(plan_.count(), in_->options.max_parts_at_once);
        std::function<awaitable<result<void>>()> worker = [this] { return bring_parts(); };
        const auto brought = co_await run_workers(width, std::move(worker));
        if (!brought) co_return brought.error();
        const auto verified = co_await sums_.verify(*file_, *in_->workers);
        if (!verified) {
            discard();
            co_return verified.error();
        }
        const auto finished = co_await finish();
        if (!finished) co_return finished.error();
        co_return output(*verified || came_verified_);
    }

  private:
    awaitable<result<void>> prepare() {
        auto opened = open_part_file(request_, in_->workers);
        if (!opened) co_return opened.error();
        file_ = std::move(*opened);
        done_.resize(plan_.count());
        if (plan_.count() > 1) {
            const auto begun = co_await begin_journal();
            if (!begun) co_return begun.error();
        } else {
            begun_afresh_ = true;
            remove_file(journal_path_);  // Of an earlier one, whose parts go now.
        }
        co_return file_->resize(object_->size_bytes);
    }

    awaitable<result<void>> begin_journal() {
        const journal_of what{object_->etag, object_->size_bytes, plan_.part_bytes()};
        // A file of another length is not the one that was noted.
        const auto left = file_->state();
        const bool noted = left && left->size == object_->size_bytes;
        const auto known =
            request_.resume && noted ? journal::read(journal_path_, what) : std::nullopt;
        begun_afresh_ = !known;
        if (known) {
            arrived(0);
            const auto taken = co_await take_over(*known);
            if (!taken) co_return taken.error();
        }
        auto begun =
            known ? journal::append_to(journal_path_) : journal::create(journal_path_, what);
        if (!begun) co_return begun.error();
        journal_.emplace(std::move(*begun));
        co_return result<void>();
    }

    // Only what is on the disk as it was noted.
    awaitable<result<void>> take_over(const journal::parts& known) {
        for (const auto& [part, noted] : known) {
            if (part >= plan_.count()) continue;
            const auto there = co_await sums_.take_over(part, noted, *file_, *in_->workers);
            if (!there) co_return there.error();
            if (!*there) continue;
            done_[part] = true;
            resumed_bytes_ += plan_.part(part).size;
            arrived(plan_.part(part).size);
        }
        co_return result<void>();
    }

    awaitable<result<void>> bring_parts() {
        auto memory = co_await in_->down.memory.acquire(
            plan_.object_bytes() > piece_bytes ? received_piece_bytes : piece_bytes);
        for (;;) {
            while (next_ < done_.size() && done_[next_]) ++next_;
            if (next_ == done_.size()) co_return result<void>();
            const auto part = next_++;
            const auto place = co_await in_->down.places.acquire();
            if (!place) co_return place.error();
            const auto brought = co_await bring(part, memory.memory());
            if (!brought) co_return brought.error();
        }
    }

    awaitable<result<void>> bring(std::uint64_t part, asio::mutable_buffer piece) {
        const auto range = plan_.part(part);
        range_reader from(object_, range);
        auto sum = sums_.start();
        for (auto at = range.offset;;) {
            const auto n = co_await from.read_some(piece);
            if (!n) co_return n.error();
            if (*n == 0) break;
            const auto got = asio::buffer(asio::const_buffer(piece), *n);
            sum.update({static_cast<const std::byte*>(got.data()), got.size()});
            const auto written = co_await file_->write_at(at, got);
            if (!written) co_return written.error();
            at += *n;
            arrived(*n);
        }
        came_verified_ = from.is_verified();
        const auto noted = sums_.finish(part, sum);
        if (journal_) co_return journal_->note(part, noted);
        co_return result<void>();
    }

    void arrived(std::size_t n) {
        arrived_bytes_ += n;
        if (request_.on_progress) request_.on_progress({arrived_bytes_, object_->size_bytes});
    }

    awaitable<result<void>> finish() {
        const auto placed = co_await put_in_place(*file_, request_);
        if (!placed) co_return placed.error();
        begun_afresh_ = false;
        if (journal_) remove_file(journal_path_);
        co_return result<void>();
    }

    download_output output(bool verified) const {
        download_output o;
        o.etag = object_->etag;
        o.version_id = object_->version_id;
        o.size_bytes = object_->size_bytes;
        o.resumed_bytes = resumed_bytes_;
        o.verified = verified;
        return o;
    }

    void discard() {
        remove_part();
        if (journal_) remove_file(journal_path_);
        begun_afresh_ = false;
    }
    void remove_part() const { remove_file(part_path_); }

    const std::shared_ptr<context> in_;
    const download& request_;
    const std::shared_ptr<const pinned_object> object_;
    const part_plan plan_;
    const fs::path part_path_;
    const fs::path journal_path_;
    whole_checksum sums_;
    std::shared_ptr<local_file> file_;
    std::optional<journal> journal_;
    std::vector<bool> done_;
    std::uint64_t next_ = 0;
    std::uint64_t resumed_bytes_ = 0;
    std::uint64_t arrived_bytes_ = 0;
    bool begun_afresh_ = false;   ///< Then nothing of an earlier try is lost with the part.
    bool came_verified_ = false;  ///< As a whole, by its reply.
};

// What goes in parts is worth a look: it tells the checksum of the whole. So is what was listed in
// another state than is asked for.
awaitable<result<std::shared_ptr<const pinned_object>>> look_at(std::shared_ptr<context> in,
                                                                const download& request,
                                                                std::uint64_t part_bytes) {
    const auto& wanted = request.object.if_match;
    const auto& known = request.known;
    const bool tells = known && !known->etag.empty() && known->size_bytes <= part_bytes;
    if (tells && (!wanted || *wanted == known->etag))
        co_return pin_known(std::move(in), request.object, *known);
    auto pinned = co_await pin(std::move(in), request.object);
    co_return pinned;
}

}  // namespace

awaitable<result<download_output>> bring_file(std::shared_ptr<context> in,
                                              const download& request) {
    const auto part_bytes = request.part_size_bytes.value_or(in->options.part_size_bytes);
    const auto object = co_await look_at(in, request, part_bytes);
    if (!object) co_return object.error();
    const auto plan = part_plan::of_object((*object)->size_bytes, part_bytes);
    if (!plan) co_return plan.error();
    file_download once(std::move(in), request, *object, *plan);
    auto ended = co_await once.run();
    co_return ended;
}

}  // namespace cairn::transfer
