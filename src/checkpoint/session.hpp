#pragma once

#include "checkpoint/keys.hpp"
#include "checkpoint/record.hpp"

#include <cairn/checkpoint/store.hpp>

#include <memory>
#include <optional>
#include <string>

namespace cairn::checkpoint::detail {

/// What all sessions of a store share. Immutable once open, so it needs no lock.
struct environment {
    std::shared_ptr<backing> on;
    store_options options;  ///< With a clock and a source of randomness.
    std::string prefix;
    bool conditional = true;  ///< Creating is left to the backing, which honours conditions.
};

/// The checkpoint last loaded or saved; null in a log that was seen to be empty.
struct cursor {
    cursor() = default;
    explicit cursor(std::shared_ptr<const record> last) : last(std::move(last)) {}

    std::shared_ptr<const record> last;
    std::uint64_t sequence() const noexcept { return last ? last->self.sequence : 0; }
};

struct session {
    session(std::shared_ptr<environment> env, std::string thread_name, std::string namespace_name);

    std::shared_ptr<environment> env;
    std::string name;
    std::string space;
    thread_keys thread;
    log_keys keys;
    std::optional<cursor> at;  ///< Nothing until the first load or save.
};

using session_ptr = std::shared_ptr<session>;

}  // namespace cairn::checkpoint::detail
