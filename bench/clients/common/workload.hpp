#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace cairn::bench {

enum class operation { get, put };

/// What one client program is asked to do, the same for every client.
struct workload {
    bench::operation operation;
    std::string host;
    std::uint16_t port;
    std::string ca_file;  ///< Empty: no TLS.
    std::string bucket;
    std::string key;   ///< With the query of a pre-signed URL, if there is one.
    std::string file;  ///< What a PUT sends and a GET writes; empty: made up, and dropped.
    std::uint64_t object_bytes;
    std::uint64_t
        request_bytes;  ///< Less than the object's: a GET asks for ranges of this size in turn.
    std::size_t connections;
    std::uint64_t requests;

    bool ranged() const { return request_bytes < object_bytes; }
    bool tls() const { return !ca_file.empty(); }
    std::string authority() const { return host + ":" + std::to_string(port); }
    std::string path() const { return "/" + bucket + "/" + key; }
    std::size_t read_buffer_bytes() const;
};

/// Reads `--name value` pairs; throws `std::invalid_argument` which names what is missing or wrong.
workload parse_workload(int argc, char** argv);

/// The part of the object that one request moves.
struct slice {
    std::uint64_t first;
    std::uint64_t length;

    /// As in a Range header: "bytes=0-4095" is "0-4095" here.
    std::string range() const;
};

/// Requests done and payload bytes moved.
struct tally {
    std::uint64_t requests = 0;
    std::uint64_t bytes = 0;
};

/// Hands out a run's requests one by one, to whichever connection is free.
class tickets {
  public:
    tickets(const workload& load, std::uint64_t count);

    std::optional<slice> take();
    void settle(const slice& done);
    bool all_settled() const { return settled_.requests == count_; }
    const tally& settled() const { return settled_; }

  private:
    slice next_;
    std::uint64_t object_bytes_;
    std::uint64_t count_;
    std::uint64_t taken_ = 0;
    tally settled_;
};

}  // namespace cairn::bench
