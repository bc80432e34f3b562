#include "s3/page_cursor.hpp"

namespace cairn::s3 {

result<void> page_cursor::advance(bool more, const std::optional<std::string>& next) {
    if (!more) {
        done_ = true;
        return {};
    }
    if (!next || next->empty())
        return error(errc::malformed_reply, "the page says that more follow, but not where");
    if (next == token_ || next == landmark_)
        return error(errc::malformed_reply,
                     "the page gives a continuation token that an earlier page gave: the listing "
                     "would never end");
    token_ = next;
    if (++since_landmark_ == landmark_age_) {
        landmark_ = *next;
        since_landmark_ = 0;
        landmark_age_ *= 2;
    }
    return {};
}

}  // namespace cairn::s3
