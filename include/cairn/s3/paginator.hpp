#pragma once

#include <cairn/core/asio.hpp>
#include <cairn/core/result.hpp>

#include <memory>
#include <optional>

namespace cairn::s3 {

class client;

/// The pages of a listing, pulled one by one: `list_objects_v2`, `list_buckets`, `list_parts` or
/// `list_multipart_uploads`.
///
///     while (true) {
///         auto page = co_await pages.next();
///         if (!page) co_return page.error();
///         if (!*page) break;
///         use((*page)->contents);
///     }
///
/// Move-only. Thread safety: none. Lifetime: holds a handle of its client; a call under way needs
/// neither.
template <class Operation>
class paginator {
  public:
    using page = Operation::output;

    /// Starts where `operation` does, at its own continuation token or marker if it has one.
    paginator(const client& s3, Operation operation);
    paginator(paginator&&) noexcept = default;
    paginator& operator=(paginator&&) noexcept = default;

    /// The next page, or nothing after the last. After an error, asks for the same page again. A
    /// server that gives out a continuation token it gave before is `malformed_reply`, never an
    /// endless listing. Cancellation: terminal and prompt; the page can be asked for again.
    awaitable<result<std::optional<page>>> next();

  private:
    struct state;
    // Shared with a call that is under way: the paginator it was called on may be gone before.
    static awaitable<result<std::optional<page>>> next_of(std::shared_ptr<state> at);

    std::shared_ptr<state> state_;
};

}  // namespace cairn::s3
