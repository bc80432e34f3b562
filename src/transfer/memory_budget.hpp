#pragma once

#include <cairn/core/asio.hpp>

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace cairn::transfer {

/// Buffers that together never hold more than a budget; who asks waits for its turn, first come,
/// first served.
///
/// Who holds a buffer must be able to go on without another one, or all may wait for ever. Buffers
/// that are given back are kept for the next one of their size. A cheap handle; thread-safe.
class memory_budget {
    struct shared;
    class place;

  public:
    /// A piece of the budget, given back when it is dropped.
    class buffer {
      public:
        buffer(buffer&&) noexcept;
        buffer& operator=(buffer&&) noexcept;
        ~buffer();

        asio::mutable_buffer memory() const noexcept { return {memory_.get(), size_}; }
        std::size_t size() const noexcept { return size_; }

      private:
        friend class memory_budget;
        buffer(std::shared_ptr<shared> of, std::size_t size);
        void give_back() noexcept;

        std::shared_ptr<shared> of_;
        std::unique_ptr<char[]> memory_;
        std::size_t size_ = 0;
    };

    explicit memory_budget(std::uint64_t bytes);

    /// A buffer of `bytes`; one that is larger than the whole budget gets it when all else is back.
    ///
    /// Cancellation: leaves the line and throws `operation_aborted`.
    awaitable<buffer> acquire(std::size_t bytes) const { return acquire_from(shared_, bytes); }
    /// A buffer that is there at once, or nothing; never one that is larger than the budget.
    std::optional<buffer> try_acquire(std::size_t bytes) const;

    std::uint64_t total() const noexcept;
    /// Bytes in buffers that are out.
    std::uint64_t used() const;
    /// Bytes in buffers that are back, and kept for the next one of their size.
    std::uint64_t kept() const;
    /// The most that has ever been out at once.
    std::uint64_t peak() const;

  private:
    static awaitable<buffer> acquire_from(std::shared_ptr<shared> of, std::size_t bytes);

    std::shared_ptr<shared> shared_;
};

}  // namespace cairn::transfer
