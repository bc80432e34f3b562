#include "simulation/history.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace cairn::test {
namespace {

using kind = operation::kind;
using end = operation::end;

std::string name_of(const operation& o) {
    return std::string(o.what == kind::save ? "save" : "load") + " by " + o.process + " of \"" +
           o.state.substr(0, 20) + "\" at sequence " + std::to_string(o.sequence);
}

class checker {
  public:
    checker(const std::vector<operation>& history, const std::vector<checkpoint_seen>& log)
        : history_(history), log_(log) {
        for (const auto& o : history_)
            if (o.what == kind::save) saves_.emplace(o.state, &o);
    }

    std::optional<std::string> check() const {
        if (auto wrong = check_log()) return wrong;
        for (const auto& o : history_)
            if (auto wrong = check_one(o)) return wrong;
        for (const auto& earlier : history_)
            for (const auto& later : history_)
                if (auto wrong = check_order(earlier, later)) return wrong;
        return std::nullopt;
    }

  private:
    std::optional<std::string> check_log() const {
        std::set<std::string> states;
        std::uint64_t next = 1;
        for (const auto& c : log_) {
            if (c.sequence != next++)
                return "the log has a gap before sequence " + std::to_string(c.sequence);
            if (!saves_.contains(c.state))
                return "nobody saved what is at sequence " + std::to_string(c.sequence);
            if (!states.insert(c.state).second)
                return "saved once, and in the log twice: \"" + c.state.substr(0, 20) + "\"";
        }
        return std::nullopt;
    }

    std::optional<std::string> check_one(const operation& o) const {
        const bool saved = o.what == kind::save;
        if (saved && o.how == end::not_done && in_log(o.state))
            return "told as not done, and in the log: " + name_of(o);
        if (o.how != end::done || o.sequence == 0) return std::nullopt;
        if (o.sequence > log_.size() || log_[o.sequence - 1].state != o.state)
            return "seen, and not in the log: " + name_of(o);
        if (!saved && saves_.at(o.state)->started > o.ended)
            return "loaded before anybody saved it: " + name_of(o);
        return std::nullopt;
    }

    // What ended before another began has come first.
    static std::optional<std::string> check_order(const operation& earlier,
                                                  const operation& later) {
        if (earlier.how != end::done || later.how != end::done) return std::nullopt;
        if (earlier.ended >= later.started) return std::nullopt;
        const auto least = later.what == kind::save ? earlier.sequence + 1 : earlier.sequence;
        if (later.sequence >= least) return std::nullopt;
        return name_of(later) + " came after " + name_of(earlier);
    }

    bool in_log(const std::string& state) const {
        return std::any_of(log_.begin(), log_.end(),
                           [&](const auto& c) { return c.state == state; });
    }

    const std::vector<operation>& history_;
    const std::vector<checkpoint_seen>& log_;
    std::map<std::string, const operation*> saves_;
};

}  // namespace

std::optional<std::string> violation(const std::vector<operation>& history,
                                     const std::vector<checkpoint_seen>& log) {
    return checker(history, log).check();
}

}  // namespace cairn::test
