#include "core/cancellation.hpp"
#include "core/parallel.hpp"
#include "s3/encode.hpp"
#include "transfer/read_object.hpp"

#include <cairn/transfer/send_all.hpp>

#include <functional>
#include <utility>

namespace cairn::transfer {
namespace {

using s3::operation_table;

error not_begun(const operation_table& table, const void* input) {
    error e(errc::canceled);
    e.operation(s3::name_of(table, input));
    e.effect(table.modifies ? effect::not_applied : effect::none);
    return e;
}

/// Operations, and what has become of each.
template <class Operation, class Value>
struct batch {
    batch(s3::client c, std::vector<Operation> all)
        : client(std::move(c)), operations(std::move(all)) {
        outcomes.reserve(operations.size());
        for (const auto& each : operations)
            outcomes.emplace_back(not_begun(s3::table_of<Operation>(), &each));
    }

    s3::client client;
    std::vector<Operation> operations;
    std::vector<result<Value>> outcomes;
};

template <class Operation>
awaitable<result<void>> send_one(batch<Operation, typename Operation::output>& all, std::size_t i) {
    auto sent = co_await all.client.send(std::move(all.operations[i]));
    all.outcomes[i] = std::move(sent);
    co_return result<void>();
}

awaitable<result<void>> read_one(batch<s3::get_object, std::string>& all, std::size_t i,
                                 std::size_t limit_bytes) {
    auto read = co_await read_object(all.client, std::move(all.operations[i]), limit_bytes);
    all.outcomes[i] = std::move(read);
    co_return result<void>();
}

// A cancelled batch has no more to wait for: what has become of it, is told.
template <class Operation, class Value, class Step>
awaitable<std::vector<result<Value>>> run(batch<Operation, Value>& all, std::size_t at_once,
                                          Step step) {
    const std::function<awaitable<result<void>>(std::size_t)> each = std::move(step);
    try {
        co_await for_each_bounded(all.operations.size(), at_once, each);
    } catch (const boost::system::system_error& e) {
        if (!is_cancellation(e)) throw;
    }
    co_return std::move(all.outcomes);
}

}  // namespace

template <class Operation>
awaitable<std::vector<result<typename Operation::output>>> send_all(
    s3::client client, std::vector<Operation> operations, std::size_t at_once) {
    batch<Operation, typename Operation::output> all(std::move(client), std::move(operations));
    const auto step = [&all](std::size_t i) { return send_one(all, i); };
    auto outcomes = co_await run(all, at_once, step);
    co_return outcomes;
}

awaitable<std::vector<result<std::string>>> read_all(s3::client client,
                                                     std::vector<s3::get_object> operations,
                                                     std::size_t limit_bytes, std::size_t at_once) {
    batch<s3::get_object, std::string> all(std::move(client), std::move(operations));
    const auto step = [&all, limit_bytes](std::size_t i) { return read_one(all, i, limit_bytes); };
    auto outcomes = co_await run(all, at_once, step);
    co_return outcomes;
}

template awaitable<std::vector<result<s3::put_object_output>>> send_all(s3::client,
                                                                        std::vector<s3::put_object>,
                                                                        std::size_t);
template awaitable<std::vector<result<s3::head_object_output>>> send_all(
    s3::client, std::vector<s3::head_object>, std::size_t);
template awaitable<std::vector<result<s3::delete_object_output>>> send_all(
    s3::client, std::vector<s3::delete_object>, std::size_t);
template awaitable<std::vector<result<s3::copy_object_output>>> send_all(
    s3::client, std::vector<s3::copy_object>, std::size_t);
template awaitable<std::vector<result<s3::get_object_tagging_output>>> send_all(
    s3::client, std::vector<s3::get_object_tagging>, std::size_t);
template awaitable<std::vector<result<s3::put_object_tagging_output>>> send_all(
    s3::client, std::vector<s3::put_object_tagging>, std::size_t);

}  // namespace cairn::transfer
