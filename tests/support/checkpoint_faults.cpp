#include "support/checkpoint_faults.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cairn::test {
namespace {

awaitable<void> let_others_run() {
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
}

error failure(fault f, bool writes) {
    error e(
        f == fault::refused || f == fault::contended ? errc::connect_failed : errc::connection_lost,
        "by the test");
    if (writes) e.effect(e.code() == errc::connect_failed ? effect::not_applied : effect::unknown);
    return e;
}

// A call with its fault. `answer_contended` is for creates.
template <class T>
awaitable<result<T>> carry_out(fault f, bool writes, awaitable<result<T>> inner) {
    co_await let_others_run();
    if (f != fault::none && f != fault::lost_reply) co_return failure(f, writes);
    auto reply = co_await std::move(inner);
    co_await let_others_run();
    if (f == fault::lost_reply) co_return failure(f, writes);
    co_return reply;
}

awaitable<result<checkpoint::create_outcome>> answer_contended() {
    co_await let_others_run();
    co_return checkpoint::create_outcome::contended;
}

}  // namespace

std::string name_of(fault f) {
    switch (f) {
        case fault::none:
            return "none";
        case fault::refused:
            return "refused";
        case fault::lost_request:
            return "lost_request";
        case fault::lost_reply:
            return "lost_reply";
        case fault::contended:
            return "contended";
    }
    return {};
}

void faulty_backing::follow(plan p) {
    plan_ = std::move(p);
    calls_.clear();
}

std::string faulty_backing::log() const {
    std::string text;
    for (const auto& c : calls_) text += (text.empty() ? "" : " ") + c.name;
    return text;
}

fault faulty_backing::begin(std::string name, std::string key) {
    calls_.emplace_back(std::move(name), std::move(key));
    return plan_ ? plan_(calls_.size() - 1, calls_.back()) : fault::none;
}

awaitable<result<checkpoint::create_outcome>> faulty_backing::create(std::string key, bytes data) {
    const auto f = begin("create", key);
    if (f == fault::contended) return answer_contended();
    return carry_out(f, true, inner_->create(std::move(key), std::move(data)));
}

awaitable<result<void>> faulty_backing::put(std::string key, bytes data) {
    const auto f = begin("put", key);
    return carry_out(f, true, inner_->put(std::move(key), std::move(data)));
}

awaitable<result<bytes>> faulty_backing::get(std::string key, std::size_t limit) {
    const auto f = begin("get", key);
    return carry_out(f, false, inner_->get(std::move(key), limit));
}

awaitable<result<std::vector<std::string>>> faulty_backing::list(std::string prefix,
                                                                 std::string start_after,
                                                                 std::size_t limit) {
    const auto f = begin("list", prefix);
    return carry_out(f, false, inner_->list(std::move(prefix), std::move(start_after), limit));
}

awaitable<result<std::vector<result<void>>>> faulty_backing::remove(std::vector<std::string> keys) {
    const auto f = begin("remove", keys.empty() ? std::string() : keys.front());
    return carry_out(f, true, inner_->remove(std::move(keys)));
}

}  // namespace cairn::test
