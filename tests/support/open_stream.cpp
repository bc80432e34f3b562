#include "support/open_stream.hpp"

namespace cairn::test {

awaitable<result<std::unique_ptr<wire::stream>>> open_stream(std::shared_ptr<wire::transport> by,
                                                             asio::ip::tcp::endpoint to,
                                                             std::string tls_name) {
    auto plain = co_await by->connect(to);
    if (!plain || tls_name.empty()) co_return plain;
    auto secured = co_await by->secure(std::move(*plain), std::move(tls_name));
    co_return secured;
}

}  // namespace cairn::test
