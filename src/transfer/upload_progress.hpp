#pragma once

#include <cairn/s3/body.hpp>
#include <cairn/transfer/progress.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace cairn::transfer {

/// How far an upload has come: what S3 has stored of it, and what is on its way there.
///
/// Used on one strand. Held by `shared_ptr`, since bodies that it counts may go after the upload.
class upload_progress : public std::enable_shared_from_this<upload_progress> {
  public:
    explicit upload_progress(on_progress hear) : hear_(std::move(hear)) {}

    /// `body`, whose bytes count as they go out. They are taken back when it is sent again, and
    /// when it goes.
    body::source counted(body::source body);
    /// S3 has so many bytes, all together.
    void stored(std::uint64_t bytes, std::optional<std::uint64_t> total);

  private:
    class counted_source;
    void tell() const;

    on_progress hear_;
    std::uint64_t stored_ = 0;
    std::uint64_t sending_ = 0;
    std::optional<std::uint64_t> total_;
};

}  // namespace cairn::transfer
