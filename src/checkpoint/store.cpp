#include "checkpoint/call.hpp"
#include "checkpoint/deleting.hpp"
#include "checkpoint/listing.hpp"
#include "checkpoint/loading.hpp"
#include "checkpoint/packing.hpp"
#include "checkpoint/probing.hpp"
#include "checkpoint/reading.hpp"
#include "checkpoint/saving.hpp"
#include "checkpoint/unopened.hpp"
#include "core/injected.hpp"

#include <cairn/checkpoint/store.hpp>

#include <algorithm>

namespace cairn::checkpoint {
namespace detail {

session::session(std::shared_ptr<environment> e, std::string thread_name,
                 std::string namespace_name)
    : env(std::move(e)),
      name(std::move(thread_name)),
      space(std::move(namespace_name)),
      thread(env->prefix, name),
      keys(thread, space) {}

namespace {

call_ptr begin(std::string what, cairn::effect effect) {
    return std::make_shared<call>(std::move(what), effect);
}

constexpr std::size_t max_page_size = 1000;

store_options with_defaults(store_options options) {
    inject(options, system_clock(), system_random());
    options.page_size = std::clamp<std::size_t>(options.page_size, 1, max_page_size);
    options.max_parallel = std::max<std::size_t>(options.max_parallel, 1);
    options.commit.max_attempts = std::max(options.commit.max_attempts, 1U);
    return options;
}

error unconditional() {
    error e(errc::conditional_writes_unsupported, "an object was created twice");
    e.hint(
        "use a store that honours If-None-Match; or, if each thread has one writer at a time, set "
        "store_options::single_writer");
    return e;
}

awaitable<result<std::shared_ptr<environment>>> prepare(std::shared_ptr<backing> on,
                                                        store_options options) {
    const auto prefix = key_prefix(options.prefix);
    if (!prefix) co_return prefix.error();
    if (const auto valid = check_compression(options.compression); !valid) co_return valid.error();
    auto env = std::make_shared<environment>();
    env->on = std::move(on);
    env->options = with_defaults(std::move(options));
    env->prefix = *prefix;
    const auto found = co_await probe_conditional_writes(env);
    if (!found) co_return found.error();
    env->conditional = *found == conditional_writes::honoured;
    if (!env->conditional && !env->options.single_writer) co_return unconditional();
    co_return env;
}

}  // namespace
}  // namespace detail

awaitable<result<std::optional<info>>> listing::next() {
    const auto context = detail::begin(detail::phrase(*state_->s, "list"), effect::none);
    return detail::guard(context, detail::next(state_));
}

awaitable<result<std::optional<info>>> history::next() {
    const auto context =
        detail::begin(detail::phrase(*state_->s, "walk the history of"), effect::none);
    return detail::guard(context, detail::next(state_));
}

awaitable<result<snapshot>> thread::load() {
    const auto context = detail::begin(detail::phrase(*session_, "load"), effect::none);
    return detail::guard(context, detail::load_latest(session_, context));
}

awaitable<result<snapshot>> thread::load(std::string id) {
    const auto context = detail::begin(detail::phrase(*session_, "load"), effect::none);
    return detail::guard(context, detail::load_by_id(session_, std::move(id), context));
}

awaitable<result<info>> thread::save(draft next) {
    const auto context = detail::begin(detail::phrase(*session_, "save"), effect::not_applied);
    return detail::guard(context, detail::save(session_, std::move(next), context));
}

listing thread::list() const {
    return list(list_options());
}

listing thread::list(list_options options) const {
    return listing(std::make_shared<detail::listing_state>(session_, std::move(options)));
}

checkpoint::history thread::history(std::string id) const {
    return checkpoint::history(std::make_shared<detail::history_state>(session_, std::move(id)));
}

const std::string& thread::name() const noexcept {
    return session_->name;
}
const std::string& thread::namespace_name() const noexcept {
    return session_->space;
}

store::store() : environment_(detail::unopened()) {}

awaitable<result<store>> store::open(std::shared_ptr<backing> on) {
    return open(std::move(on), store_options());
}

awaitable<result<store>> store::open(std::shared_ptr<backing> on, store_options options) {
    if (!on) co_return error(errc::invalid_argument, "a checkpoint store needs a backing");
    const auto context =
        detail::begin("open the checkpoint store at " + on->location(options.prefix), effect::none);
    const auto env =
        co_await detail::guard(context, detail::prepare(std::move(on), std::move(options)));
    if (!env) co_return env.error();
    co_return store(*env);
}

checkpoint::thread store::thread(std::string name, std::string namespace_name) const {
    return checkpoint::thread(std::make_shared<detail::session>(environment_, std::move(name),
                                                                std::move(namespace_name)));
}

awaitable<result<void>> store::delete_thread(std::string name) const {
    const auto context = detail::begin("delete thread \"" + name + '"', effect::not_applied);
    return detail::guard(context, detail::delete_thread(environment_, std::move(name), context));
}

}  // namespace cairn::checkpoint
