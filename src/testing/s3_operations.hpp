#pragma once

#include "testing/s3_store.hpp"

/// S3's operations on the store: each answers one request, whose signature and payload have been
/// found right, or throws a refusal. Those called `check_...` look at what can be refused before
/// the body has come.
namespace cairn::testing::simulated {

// s3_buckets.cpp
/// Whether a bucket can have this name.
bool is_bucket_name(std::string_view name);
reply list_buckets(call& c);
reply create_bucket(call& c);
reply head_bucket(call& c);
reply delete_bucket(call& c);
reply get_bucket_location(call& c);
reply put_bucket_versioning(call& c);
reply get_bucket_versioning(call& c);

// s3_objects.cpp
void check_put_object(call& c);
reply put_object(call& c);
reply get_object(call& c);  // and HeadObject

// s3_copies.cpp
reply copy_object(call& c);
reply upload_part_copy(call& c);

// s3_tagging.cpp
reply get_object_tagging(call& c);
reply put_object_tagging(call& c);
reply delete_object_tagging(call& c);

// s3_deletions.cpp
reply delete_object(call& c);
reply delete_objects(call& c);

// s3_listings.cpp
reply list_objects(call& c);
reply list_objects_v2(call& c);
reply list_object_versions(call& c);

// s3_multipart.cpp
reply create_multipart_upload(call& c);
void check_upload_part(call& c);
reply upload_part(call& c);
reply complete_multipart_upload(call& c);
reply abort_multipart_upload(call& c);
reply list_parts(call& c);
reply list_multipart_uploads(call& c);

}  // namespace cairn::testing::simulated
