#include "s3/conversation.hpp"

namespace cairn::s3 {

awaitable<result<std::size_t>> conversation::read_some(asio::mutable_buffer into) {
    if (failed_) co_return *failed_;
    if (finished_) co_return std::size_t{0};
    const auto n = co_await exchange_.read_some(into);
    if (!n) co_return fail(n.error());
    received_ += *n;
    if (check_) check_->take({static_cast<const std::byte*>(into.data()), *n});
    const auto whole = check_end();
    if (!whole) co_return fail(whole.error());
    finish();
    co_return *n;
}

result<void> conversation::hand_over(std::string operation, observe::trace told,
                                     std::shared_ptr<observe::sink> listener,
                                     std::optional<body_check> check) {
    operation_ = std::move(operation);
    told_ = told;
    listener_ = std::move(listener);
    check_ = std::move(check);
    auto whole = check_end();
    if (whole) finish();
    return whole;
}

// A connection on which bytes have changed is not used again.
result<void> conversation::check_end() {
    if (!check_ || !exchange_.complete()) return {};
    return std::exchange(check_, std::nullopt)->finish();
}

error conversation::fail(error why) {
    failed_ = why.operation(operation_);
    tell_end(&*failed_);
    return *failed_;
}

void conversation::tell_end(const error* failed) const {
    if (told_) told_.tell(observe::body_ended{received_, failed});
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
    tell_end(nullptr);
}

}  // namespace cairn::s3
