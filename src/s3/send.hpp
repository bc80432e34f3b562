#pragma once

#include "s3/operation_table.hpp"

#include <cairn/s3/client.hpp>

#include <utility>

namespace cairn::s3 {

// Instantiated once an operation, at the end of the operation's source file.
template <class Operation>
awaitable<result<typename Operation::output>> client::send(Operation operation) const {
    return send_on(*this, std::move(operation));
}

template <class Operation>
awaitable<result<typename Operation::output>> client::send_on(client self, Operation operation) {
    typename Operation::output output;
    // A named local: GCC 12 destroys some temporaries of a co_await expression twice.
    const auto sent = co_await self.run(table_of<Operation>(), &operation, &output);
    if (!sent) co_return error(sent.error());
    co_return std::move(output);
}

}  // namespace cairn::s3
