#pragma once

#include <cairn/core/asio.hpp>
#include <cairn/core/result.hpp>
#include <cairn/s3/body.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>

namespace cairn::tool {

/// Standard input or output, read or written without holding up what goes on besides. Another
/// program may share it, so it is left as it was found.
class standard_stream {
  public:
    /// @param descriptor STDIN_FILENO or STDOUT_FILENO.
    standard_stream(const asio::any_io_executor& executor, int descriptor);
    standard_stream(const standard_stream&) = delete;
    standard_stream& operator=(const standard_stream&) = delete;
    ~standard_stream();

    /// At least one byte; 0 at the end.
    awaitable<result<std::size_t>> read_some(asio::mutable_buffer into);
    /// All of `data`. Throws `output_lost`.
    awaitable<void> write(asio::const_buffer data);

  private:
    int descriptor_;
    int flags_;
    asio::posix::stream_descriptor stream_;
};

/// Standard input, to be uploaded.
body::reader standard_input(const asio::any_io_executor& executor);

}  // namespace cairn::tool
