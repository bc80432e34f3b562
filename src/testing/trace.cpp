#include <cairn/testing/trace.hpp>

namespace cairn::testing {

trace::trace(std::shared_ptr<const clock> time) : clock_(std::move(time)), begin_(clock_->now()) {}

void trace::add(std::string_view event) {
    constexpr std::size_t places = 9;
    auto at = std::to_string((clock_->now() - begin_).count());
    if (at.size() <= places) at.insert(0, places + 1 - at.size(), '0');
    at.insert(at.size() - places, 1, '.');
    text_.append(at).append(" ").append(event).append("\n");
}

}  // namespace cairn::testing
