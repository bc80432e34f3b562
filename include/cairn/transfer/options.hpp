#pragma once

#include <cairn/core/clock.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace cairn::transfer {

/// What all transfers of a manager share. Larger values than S3's limits count as these limits.
struct options {
    options();

    /// The size of a part. It grows where an object would need more than S3's 10,000 parts. S3, and
    /// most like it, refuse less than 5 MiB for all but the last one, and only once all are sent.
    std::uint64_t part_size_bytes = 8ULL << 20U;
    /// Uploads of at least so many bytes go in parts, smaller ones as one request. Downloads go in
    /// parts if they are larger than one.
    std::uint64_t multipart_threshold_bytes = 16ULL << 20U;
    /// Objects of more bytes are copied within S3 in parts; S3 copies 5 GiB by one request.
    std::uint64_t copy_threshold_bytes = 5ULL << 30U;
    /// Parts on the way at once, of all uploads and copies together; and so many again of all
    /// downloads. At least 1.
    std::size_t max_parts_at_once = 16;
    /// What buffers of uploads hold at most, all together: files need 256 KiB for each part on
    /// the way, streams whole parts. Never less than one part.
    std::uint64_t upload_memory_bytes = 64ULL << 20U;
    /// The same of downloads, whose files need 384 KiB for each part: three quarters are for what
    /// opened objects read ahead.
    std::uint64_t download_memory_bytes = 64ULL << 20U;
    /// Threads for files that are not in the page cache, for compression, and for checksums of
    /// files; 0: they hold up the event loop. So many objects, or 1, are compressed and
    /// decompressed at once: that takes memory of its own, for zstd up to 90 MiB at level 19 and
    /// 778 MiB at 22 (`ZSTD_estimateCStreamSize` of zstd 1.5.4), and `max_window_bytes` to
    /// decompress.
    std::size_t file_threads = 2;
    /// How long a request goes on where the service is down or overloaded, and the client's guards
    /// would rather fail: it waits so long in all for an open circuit breaker, and is tried ten
    /// times, with the pauses of the client's retries. Guards that the client doesn't have stay
    /// off, and before any call of the client has succeeded it is no more patient than they are.
    /// Zero: its guards as they are.
    cairn::clock::duration patience = std::chrono::minutes(1);
};

}  // namespace cairn::transfer
