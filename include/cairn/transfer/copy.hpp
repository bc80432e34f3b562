#pragma once

#include <cairn/s3/operations/copy_object.hpp>
#include <cairn/transfer/progress.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::transfer {

/// What a copy has stored.
struct copy_output {
    copy_output() = default;
    std::string etag;                       ///< In its quotes.
    std::optional<std::string> version_id;  ///< Set in versioned buckets.
    std::uint64_t size_bytes = 0;
    std::uint64_t parts = 0;  ///< 0: it was copied by one request.
    /// The version that was copied, where the source's bucket keeps versions.
    std::optional<std::string> source_version_id;
};

/// A copy within S3, of an object of any size: nothing of it comes here.
///
/// What S3 keeps with the source is kept with the copy, however large it is: metadata, content
/// headers, tags, and encryption by a KMS key, unless `object` says otherwise. A KMS key of another
/// region can't be kept: name one. As with CopyObject, access control lists, locks, the storage
/// class and the website's redirection are not copied.
///
/// All of it is of one state of the source: a source that is replaced meanwhile makes the copy fail
/// with `precondition_failed`.
struct copy {
    using output = copy_output;
    copy(std::string from_bucket, std::string from_key, std::string to_bucket, std::string to_key);

    /// All that can be said of the copy: the source's version, directives, conditions, encryption.
    s3::copy_object object;
    /// Of an object that is too large for one request; unset, 128 MiB. It grows where an object
    /// would need more than S3's 10,000 parts.
    std::optional<std::uint64_t> part_size_bytes;
    transfer::on_progress on_progress;
};

/// A copy whose source is deleted once the copy has been found to be whole.
///
/// The source is deleted only while it is what was copied, and only if the copy has its length, its
/// ETag as told, and its checksum where S3 keeps one of both that can be compared. When that fails,
/// the error's `hint` says that both are there. In a bucket that keeps versions, the source gets a
/// delete marker, unless `copy.object` names its version: then that version goes for good.
struct move {
    using output = copy_output;
    move(std::string from_bucket, std::string from_key, std::string to_bucket, std::string to_key);
    explicit move(transfer::copy request);

    transfer::copy copy;
};

}  // namespace cairn::transfer
