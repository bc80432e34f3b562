#pragma once

#include "descriptor.hpp"
#include "workload.hpp"

#include <cairn/codec/checksum.hpp>

#include <span>

namespace cairn::bench {

/// The workload's file: to be read for a PUT; made, with its full size, for a GET.
descriptor open_file(const workload& load);

/// One part on its way between the file and a server, and its CRC64NVME.
class file_part {
  public:
    file_part(const descriptor& file, const slice& part)
        : file_(&file), at_(part.first), end_(part.first + part.length) {}

    std::uint64_t missing() const { return end_ - at_; }
    /// The next bytes of the file, as many as `into` has room for.
    std::span<const char> read(std::span<char> into);
    void write(std::span<const char> bytes);
    /// Throws `std::runtime_error` unless all of the part has gone through.
    void finish();

  private:
    const descriptor* file_;
    std::uint64_t at_;
    std::uint64_t end_;
    codec::checksum sum_{codec::checksum_algorithm::crc64nvme};
};

}  // namespace cairn::bench
