#pragma once

#include <cairn/s3/client.hpp>
#include <cairn/s3/operations/head_object.hpp>

namespace cairn::transfer {

/// Deletes the object that `object` names if it still has the ETag of `object.if_match`, as after a
/// copy or a download of that state, or else the version of `object.version_id`. Without
/// `version_id` it is deleted as S3 deletes: a bucket that keeps versions keeps it.
///
/// Not every server knows the condition on deletions, so the object is looked at just before; on
/// one that doesn't, what is stored in the moment between is lost. One that is gone already is a
/// success.
///
/// Errors: `precondition_failed` when it was replaced: it is kept; `invalid_argument` without
/// `if_match` and `version_id`. Cancellation: terminal.
awaitable<result<void>> delete_unchanged(s3::client client, s3::head_object object);

}  // namespace cairn::transfer
