#include "s3/conversation.hpp"

namespace cairn::s3 {

awaitable<result<std::size_t>> conversation::read_some(asio::mutable_buffer into) {
    if (finished_) co_return std::size_t{0};
    const auto n = co_await exchange_.read_some(into);
    if (!n) co_return named(n.error());
    finish();
    co_return *n;
}

error conversation::named(error failed) const {
    failed.operation(operation_);
    return failed;
}

awaitable<result<std::string>> conversation::read_document(std::size_t limit) {
    constexpr std::size_t step = 16 * 1024;
    std::string document;
    while (!exchange_.complete()) {
        const auto have = document.size();
        // One more than is left of the limit, to see whether there is more.
        const auto most = remaining().value_or(step);
        const auto room = static_cast<std::size_t>(limit - have < most ? limit - have + 1 : most);
        document.resize(have + room);
        const auto n = co_await exchange_.read_some(asio::buffer(document.data() + have, room));
        if (!n) co_return n.error();
        document.resize(have + *n);
        if (document.size() > limit)
            co_return error(errc::limit_exceeded, "the reply's document is longer than " +
                                                      std::to_string(limit) + " bytes");
    }
    finish();
    co_return std::move(document);
}

void conversation::finish() noexcept {
    if (finished_ || !exchange_.complete()) return;
    if (exchange_.reusable()) lease_.keep();
    finished_ = true;
}

}  // namespace cairn::s3
