#include "checkpoint/probing.hpp"

namespace cairn::checkpoint::detail {
namespace {

// A contended create has changed nothing as far as one can tell, so it is asked again; nobody else
// knows the key, so it can't go on.
constexpr int max_attempts = 3;

awaitable<result<create_outcome>> create_settled(std::shared_ptr<backing> on, std::string key,
                                                 bytes data) {
    for (int attempt = 1;; ++attempt) {
        const auto outcome = co_await on->create(key, data);
        if (!outcome || *outcome != create_outcome::contended || attempt == max_attempts)
            co_return outcome;
    }
}

awaitable<result<conditional_writes>> create_twice(std::shared_ptr<backing> on, std::string key) {
    const auto first = co_await create_settled(on, key, bytes("first"));
    if (!first) co_return first.error();
    if (*first != create_outcome::created)
        co_return error(errc::conditional_writes_unsupported,
                        "a key that nobody has used is said to be taken");
    const auto second = co_await create_settled(on, key, bytes("second"));
    if (!second) co_return second.error();
    co_return *second == create_outcome::exists ? conditional_writes::honoured
                                                : conditional_writes::ignored;
}

}  // namespace

awaitable<result<conditional_writes>> probe_conditional_writes(std::shared_ptr<environment> env) {
    constexpr std::size_t name_bytes = 16;
    const auto key = probe_key(env->prefix, env->options.random->hex(name_bytes));
    const auto found = co_await create_twice(env->on, key);
    const std::vector<std::string> keys(1, key);
    const auto removed = co_await env->on->remove(keys);
    static_cast<void>(removed);  // a probe left behind does no harm, and the answer is known
    co_return found;
}

}  // namespace cairn::checkpoint::detail
