#include "checkpoint/packing.hpp"

#include "core/parallel.hpp"

#include <functional>
#include <vector>

namespace cairn::checkpoint::detail {
namespace {

// Below this, what a frame adds is most of what could be saved.
constexpr std::size_t smallest_state_bytes = 128;
// A fraction of a millisecond: less than it takes to bring the work to another thread and back.
constexpr std::size_t small_state_bytes = 64 * 1024;

// A worker's: it holds what it works on.
struct work_on_state {
    explicit work_on_state(bytes s) : state(std::move(s)) {}
    bytes state;
    result<bytes> became = bytes();
};
using work_ptr = std::shared_ptr<work_on_state>;

awaitable<void> run(std::shared_ptr<environment> env, std::uint64_t size,
                    std::function<void()> work) {
    const auto threads = env->options.workers;
    if (threads && size > small_state_bytes)
        co_await threads->run(std::move(work));
    else
        work();
}

void compress(const codec::compression& how, work_on_state& on) {
    const auto by = codec::make_compressor(how).value();
    on.became = codec::apply(*by, as_bytes(on.state), on.state.size() / 8 * 7);
}

result<bytes> decompress(const compressed_state& how, const bytes& stored) {
    const auto by = codec::make_decompressor(how.by);
    auto state = codec::apply(**by, as_bytes(stored), how.size);
    if (state && state->size() < how.size)
        return error(errc::checkpoint_corrupt, "it has " + std::to_string(state->size()) +
                                                   " bytes, not the " + std::to_string(how.size) +
                                                   " that the record says");
    return state;
}

awaitable<result<void>> compress_one(std::shared_ptr<environment> env, work_ptr on) {
    std::function<void()> work = [env, on] { compress(*env->options.compression, *on); };
    co_await run(env, on->state.size(), std::move(work));
    co_return result<void>();
}

bool is_worth_it(const bytes& state) {
    return state.size() >= smallest_state_bytes && state.size() <= max_compressed_state_bytes;
}

}  // namespace

result<void> check_compression(const std::optional<codec::compression>& how) {
    if (!how) return {};
    if (const auto made = codec::make_compressor(*how); !made) return made.error();
    const auto* zstd = std::get_if<codec::zstd_options>(&*how);
    if (!zstd) return {};
    if (!zstd->dictionary.empty())
        return error(errc::invalid_argument, "checkpoints can't be compressed with a dictionary")
            .hint("each must be readable by itself");
    if (zstd->long_window_bytes > codec::decompression_options().max_window_bytes)
        return error(errc::invalid_argument,
                     "checkpoints can't be compressed with a window above 128 MiB");
    return {};
}

awaitable<packed_channels> pack(std::shared_ptr<environment> env,
                                std::map<std::string, bytes> channels) {
    std::vector<std::string> names;
    const auto work = std::make_shared<std::vector<work_ptr>>();
    for (auto& [name, state] : channels) {
        if (!is_worth_it(state)) continue;
        names.push_back(name);
        work->push_back(std::make_shared<work_on_state>(std::move(state)));
    }
    std::function<awaitable<result<void>>(std::size_t)> step = [env, work](std::size_t i) {
        return compress_one(env, (*work)[i]);
    };
    const auto done =
        co_await for_each_bounded(work->size(), env->options.max_parallel, std::move(step));
    static_cast<void>(done);  // each tells for itself
    packed_channels packed;
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto& one = *(*work)[i];
        const auto by = codec::encoding_of(*env->options.compression);
        if (one.became) packed.compressed.emplace(names[i], compressed_state(by, one.state.size()));
        channels[names[i]] = one.became ? std::move(*one.became) : std::move(one.state);
    }
    packed.stored = std::move(channels);
    co_return packed;
}

awaitable<result<bytes>> unpack(std::shared_ptr<environment> env, bytes stored,
                                compressed_state how) {
    const auto on = std::make_shared<work_on_state>(std::move(stored));
    std::function<void()> work = [on, how] { on->became = decompress(how, on->state); };
    const auto size = std::max<std::uint64_t>(how.size, on->state.size());
    co_await run(std::move(env), size, std::move(work));
    if (on->became) co_return std::move(*on->became);
    co_return error(errc::checkpoint_corrupt,
                    "the compressed state: " + on->became.error().detail());
}

}  // namespace cairn::checkpoint::detail
