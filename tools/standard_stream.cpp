#include "tools/standard_stream.hpp"

#include "tools/report.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace cairn::tool {
namespace {

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);

int duplicate(int descriptor) {
    return ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
}

class input_body final : public wire::body_stream {
  public:
    explicit input_body(const asio::any_io_executor& executor) : input_(executor, STDIN_FILENO) {}

    std::optional<std::uint64_t> remaining() const noexcept override { return std::nullopt; }
    awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override {
        return input_.read_some(into);
    }
    std::string operation() const override { return "standard input"; }

  private:
    standard_stream input_;
};

}  // namespace

standard_stream::standard_stream(const asio::any_io_executor& executor, int descriptor)
    : descriptor_(descriptor),
      flags_(::fcntl(descriptor, F_GETFL)),
      stream_(executor, duplicate(descriptor)) {}

standard_stream::~standard_stream() {
    ::fcntl(descriptor_, F_SETFL, flags_);
}

awaitable<result<std::size_t>> standard_stream::read_some(asio::mutable_buffer into) {
    auto read = co_await stream_.async_read_some(into, as_values);
    const auto& [failed, size] = read;
    if (!failed || failed == asio::error::eof) co_return size;
    if (failed == asio::error::operation_aborted) throw boost::system::system_error(failed);
    error e(errc::body_failed, "standard input can't be read");
    co_return e.cause(failed);
}

awaitable<void> standard_stream::write(asio::const_buffer data) {
    auto written = co_await asio::async_write(stream_, data, as_values);
    const auto& failed = std::get<0>(written);
    if (failed == asio::error::operation_aborted) throw boost::system::system_error(failed);
    if (failed) throw output_lost(failed.value());
}

body::reader standard_input(const asio::any_io_executor& executor) {
    return body::reader(std::make_unique<input_body>(executor));
}

}  // namespace cairn::tool
