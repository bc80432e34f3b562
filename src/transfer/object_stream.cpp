#include "transfer/object_stream.hpp"

#include "core/completion.hpp"
#include "core/strand.hpp"
#include "core/task.hpp"
#include "transfer/ordered_checksum.hpp"
#include "transfer/part_plan.hpp"
#include "transfer/pinned_object.hpp"

#include <cairn/codec/checksum.hpp>
#include <cairn/wire/body.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cstring>
#include <deque>
#include <exception>
#include <optional>
#include <utility>

namespace cairn::transfer {
namespace {

// A part that is read beside the one before it, into memory. Its task writes it, and nobody else
// looks at it before it is complete.
class part_ahead : public completion {
  public:
    part_ahead(memory_budget::buffer memory, concurrency_limit::permit place)
        : memory_(std::move(memory)), place_(std::move(place)) {}

    void start(const asio::any_io_executor& executor, std::shared_ptr<const pinned_object> of,
               byte_range range) {
        auto self = std::static_pointer_cast<part_ahead>(shared_from_this());
        reading_ = std::make_shared<task>(strand(executor), bring(self, std::move(of), range));
        reading_->start([self](const std::exception_ptr& thrown) {
            if (thrown) self->ended_ = error(errc::canceled);
            self->place_.reset();
            self->complete();
        });
    }
    void cancel() { reading_->cancel(); }

    const result<void>& ended() const noexcept { return ended_; }
    // Moves bytes out, in order; 0 when all have gone.
    std::size_t take(asio::mutable_buffer into) {
        const auto left = asio::buffer(memory_.memory(), size_) + taken_;
        const auto n = asio::buffer_copy(into, left);
        taken_ += n;
        return n;
    }

  private:
    static awaitable<void> bring(std::shared_ptr<part_ahead> self,
                                 std::shared_ptr<const pinned_object> of, byte_range range) {
        range_reader from(std::move(of), range);
        for (;;) {
            const auto n = co_await from.read_some(self->memory_.memory() + self->size_);
            if (!n) self->ended_ = n.error();
            if (!n || *n == 0) co_return;
            self->size_ += *n;
            if (from.remaining() == 0) co_return;
        }
    }

    memory_budget::buffer memory_;
    std::optional<concurrency_limit::permit> place_;
    std::shared_ptr<task> reading_;
    result<void> ended_;
    std::size_t size_ = 0;
    std::size_t taken_ = 0;
};

// The part whose turn it is is read straight into the caller's memory, and needs none of the
// budget: so no reader waits for another, whatever order they are read in. Only what is ahead takes
// memory and a place, if there are any; memory that nobody ever waits for, since a reader may pause
// for as long as it likes.
class object_stream final : public wire::body_stream {
  public:
    object_stream(std::shared_ptr<context> in, std::shared_ptr<const pinned_object> object,
                  part_plan plan, asio::any_io_executor executor)
        : in_(std::move(in)),
          object_(std::move(object)),
          plan_(plan),
          executor_(std::move(executor)) {
        if (object_->checksum) sum_.emplace(*object_->checksum);
    }
    object_stream(const object_stream&) = delete;
    object_stream& operator=(const object_stream&) = delete;
    ~object_stream() override {
        for (const auto& part : ahead_) part->cancel();
    }

    std::optional<std::uint64_t> remaining() const noexcept override {
        // One more read tells whether all of it was right.
        if (read_ == object_->size_bytes && !verified_) return std::nullopt;
        return object_->size_bytes - read_;
    }
    std::string operation() const override {
        return "GetObject s3://" + object_->request.bucket + "/" + object_->request.key;
    }

    awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override {
        if (failed_.code()) co_return failed_;
        auto n = co_await read_on(into);
        if (!n) failed_ = n.error();
        co_return n;
    }

  private:
    awaitable<result<std::size_t>> read_on(asio::mutable_buffer into) {
        while (read_ < object_->size_bytes) {
            if (!now_ && !from_memory_) {
                const auto begun = co_await next_part();
                if (!begun) co_return begun.error();
            }
            read_ahead();
            const auto n = co_await read_part(into);
            if (!n) co_return n.error();
            if (*n > 0) co_return took(into, *n);
            now_.reset();
            from_memory_.reset();
        }
        const auto right = verify();
        if (!right) co_return right.error();
        co_return std::size_t{0};
    }

    awaitable<result<void>> next_part() {
        if (ahead_.empty()) {
            now_.emplace(object_, plan_.part(next_++));
            co_return result<void>();
        }
        from_memory_ = std::move(ahead_.front());
        ahead_.pop_front();
        const bool came = co_await from_memory_->wait();
        if (!came) co_return error(errc::canceled);
        co_return from_memory_->ended();
    }

    awaitable<result<std::size_t>> read_part(asio::mutable_buffer into) {
        if (from_memory_) co_return from_memory_->take(into);
        auto n = co_await now_->read_some(into);
        co_return n;
    }

    void read_ahead() {
        while (next_ < plan_.count() && ahead_.size() + 1 < in_->options.max_parts_at_once) {
            const auto range = plan_.part(next_);
            auto memory = in_->ahead.try_acquire(static_cast<std::size_t>(range.size));
            if (!memory) return;
            auto place = in_->down.places.try_acquire();
            if (!place) return;
            auto part = std::make_shared<part_ahead>(std::move(*memory), std::move(*place));
            part->start(executor_, object_, range);
            ahead_.push_back(std::move(part));
            ++next_;
        }
    }

    std::size_t took(asio::mutable_buffer into, std::size_t n) {
        if (sum_) sum_->update({static_cast<const std::byte*>(into.data()), n});
        read_ += n;
        if (read_ == object_->size_bytes) from_memory_.reset();
        return n;
    }

    result<void> verify() {
        const auto found = sum_ && !verified_ ? sum_->finish() : std::string();
        verified_ = found.empty() || found == object_->checksum->value;
        if (verified_) return {};
        return error(errc::checksum_mismatch,
                     "what has arrived has the " +
                         std::string(codec::name_of(object_->checksum->algorithm)) + " " + found +
                         ", S3 keeps " + object_->checksum->value)
            .operation(operation());
    }

    const std::shared_ptr<context> in_;
    const std::shared_ptr<const pinned_object> object_;
    const part_plan plan_;
    const asio::any_io_executor executor_;
    std::optional<ordered_checksum> sum_;
    std::uint64_t next_ = 0;  ///< The first part that nobody reads yet.
    std::uint64_t read_ = 0;
    bool verified_ = false;
    error failed_;
    std::optional<range_reader> now_;
    std::shared_ptr<part_ahead> from_memory_;
    std::deque<std::shared_ptr<part_ahead>> ahead_;
};

}  // namespace

awaitable<result<open_stream>> open_object(std::shared_ptr<context> in, s3::get_object request) {
    if (request.range || request.part_number)
        co_return error(errc::invalid_argument,
                        "the whole object is read: leave range and part_number unset, or read a "
                        "range with client::send");
    const auto object = co_await pin(in, std::move(request));
    if (!object) co_return object.error();
    const auto plan = part_plan::of_object((*object)->size_bytes, in->options.part_size_bytes);
    if (!plan) co_return plan.error();
    const auto executor = off_strands(co_await asio::this_coro::executor);
    open_stream opened;
    opened.object = (*object)->head;
    opened.is_verified = (*object)->checksum.has_value();
    opened.body = std::make_unique<object_stream>(std::move(in), *object, *plan, executor);
    co_return opened;
}

}  // namespace cairn::transfer
