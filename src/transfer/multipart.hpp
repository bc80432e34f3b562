#pragma once

#include <cairn/s3/client.hpp>
#include <cairn/s3/operations/complete_multipart_upload.hpp>
#include <cairn/s3/operations/create_multipart_upload.hpp>
#include <cairn/s3/operations/list_parts.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::transfer {

/// What S3 has made of an upload.
struct stored_object {
    stored_object() = default;
    std::string etag;
    std::optional<std::string> version_id;
};

/// The ETag that S3 gives an object of these parts: the MD5 of their MD5s, and their number.
/// Nothing where a part's ETag is no MD5, as with KMS.
std::optional<std::string> etag_of_parts(const std::vector<s3::completed_part>& parts);

/// `why` an upload has come to no end, and what of it: before it is completed, no object changes.
error unfinished(error why, bool is_completing);

/// `to`, with `more` behind what it hints at already.
error add_hint(error to, const std::string& more);

/// Creates an upload, and gives its id. One that was created, and whose caller has been cancelled
/// meanwhile, is aborted again; `look` looks for its parts.
///
/// Cancellation: goes on for up to 30 s, since an upload whose reply is lost has no id to abort;
/// `canceled`, and nothing more of the caller is cancelled.
awaitable<result<std::string>> create(s3::client client, s3::create_multipart_upload request,
                                      s3::list_parts look);

/// Completes an upload. When the reply is lost, or says that there is no such upload, a look at the
/// upload tells whether to try again, five times in all; and once it is gone, a look at the object
/// whether an earlier try has done it: by ETag, or by checksum, and size.
///
/// An error's effect is `unknown` when that could not be settled.
awaitable<result<stored_object>> complete(s3::client client, s3::complete_multipart_upload request,
                                          std::uint64_t size_bytes);

/// Aborts an upload, in a bounded number of tries. Fails with a hint that names the upload if its
/// parts are left behind, for which `look` looks.
awaitable<result<void>> abort(s3::client client, s3::list_parts look);
/// Aborts the upload that `why` has ended. Gives `why`, with that hint if parts are left behind.
awaitable<error> abort(s3::client client, s3::list_parts look, error why);

}  // namespace cairn::transfer
