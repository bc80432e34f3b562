#pragma once

#include "transfer/context.hpp"
#include "transfer/local_file.hpp"
#include "transfer/part_plan.hpp"
#include "transfer/resume_token.hpp"
#include "transfer/sent_parts.hpp"

#include <cairn/s3/operations/put_object.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cairn::transfer {

/// The upload to go on with.
struct resumed_upload {
    resumed_upload() = default;
    std::string upload_id;    ///< Empty: there is none.
    std::vector<bool> there;  ///< Which parts S3 has, and has right.
};

/// Finds the parts of `file` that S3 has of the upload that `token` is of, adds them to `sent`, and
/// compares each with the file by its checksum, or by MD5 and ETag. An upload for something else
/// than is `wanted` now is aborted.
///
/// Fails with `invalid_argument` when the token is another object's, and when what has to be
/// aborted can't be.
awaitable<result<resumed_upload>> find_parts(context& in, const s3::put_object& object,
                                             const std::optional<resume_token>& token,
                                             const resume_token& wanted,
                                             std::shared_ptr<local_file> file, part_plan plan,
                                             sent_parts& sent);

}  // namespace cairn::transfer
