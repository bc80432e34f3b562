#include "checkpoint/call.hpp"

namespace cairn::checkpoint::detail {

error in_context(const call& context, error e) {
    if (e.operation().empty() || context.what.ends_with(e.operation()))
        e.operation(context.what);
    else
        e.operation(context.what + ": " + e.operation());
    return e;
}

}  // namespace cairn::checkpoint::detail
