#pragma once

#include <cairn/core/asio.hpp>
#include <cairn/core/result.hpp>

#include <memory>
#include <optional>

namespace cairn::s3 {

class client;

/// The pages of a listing, pulled one by one: `list_objects_v2` or `list_buckets`.
///
///     while (true) {
///         auto page = co_await pages.next();
///         if (!page) co_return page.error();
///         if (!*page) break;
///         use((*page)->contents);
///     }
///
/// Thread safety: none. Lifetime: holds a handle of its client.
template <class Operation>
class paginator {
  public:
    using page = typename Operation::output;

    /// Starts where `operation` does, at its own continuation token if it has one.
    paginator(const client& s3, Operation operation);
    ~paginator();
    paginator(paginator&&) noexcept;
    paginator& operator=(paginator&&) noexcept;

    /// The next page, or nothing after the last. After an error, asks for the same page again. A
    /// server that gives out a continuation token it gave before is `malformed_reply`, never an
    /// endless listing. Cancellation: terminal and prompt; the page can be asked for again.
    awaitable<result<std::optional<page>>> next();

  private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace cairn::s3
