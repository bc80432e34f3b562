#include "checkpoint/unopened.hpp"

#include "core/injected.hpp"

namespace cairn::checkpoint::detail {
namespace {

error refusal(effect e) {
    return error(errc::invalid_argument, "the checkpoint store was never opened")
        .hint("assign what store::open gives")
        .effect(e);
}

class no_backing final : public backing {
  public:
    awaitable<result<create_outcome>> create(std::string, bytes) override {
        co_return refusal(effect::not_applied);
    }
    awaitable<result<void>> put(std::string, bytes) override {
        co_return refusal(effect::not_applied);
    }
    awaitable<result<bytes>> get(std::string, std::size_t) override {
        co_return refusal(effect::none);
    }
    awaitable<result<std::vector<std::string>>> list(std::string, std::string,
                                                     std::size_t) override {
        co_return refusal(effect::none);
    }
    awaitable<result<std::vector<result<void>>>> remove(std::vector<std::string>) override {
        co_return refusal(effect::not_applied);
    }
    std::string location(std::string_view key) const override {
        return "nowhere/" + std::string(key);
    }
};

}  // namespace

std::shared_ptr<environment> unopened() {
    auto env = std::make_shared<environment>();
    env->on = std::make_shared<no_backing>();
    inject(env->options, system_clock(), system_random());
    return env;
}

}  // namespace cairn::checkpoint::detail
