#pragma once

#include "checkpoint/session.hpp"

#include <deque>
#include <limits>

namespace cairn::checkpoint::detail {

struct listing_state {
    listing_state(session_ptr s, list_options options)
        : s(std::move(s)),
          before(std::move(options.before)),
          left(options.limit.value_or(std::numeric_limits<std::size_t>::max())) {}

    session_ptr s;
    std::string before;
    std::size_t left;   ///< Checkpoints still to be given.
    std::string after;  ///< The last key listed.
    bool began = false;
    bool listed_all = false;
    std::deque<std::string> keys;  ///< Listed and not read yet.
    std::deque<record> records;    ///< Read and not given yet.
};

struct history_state {
    history_state(session_ptr s, std::string id) : s(std::move(s)), next(std::move(id)) {}

    session_ptr s;
    std::string next;  ///< Empty at the end.
};

awaitable<result<std::optional<info>>> next(std::shared_ptr<listing_state> l);
awaitable<result<std::optional<info>>> next(std::shared_ptr<history_state> h);

}  // namespace cairn::checkpoint::detail
