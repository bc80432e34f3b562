#pragma once

#include "transfer/part_plan.hpp"

#include <cairn/s3/operations/complete_multipart_upload.hpp>
#include <cairn/s3/operations/copy_object.hpp>
#include <cairn/s3/operations/create_multipart_upload.hpp>
#include <cairn/s3/operations/get_object_tagging.hpp>
#include <cairn/s3/operations/head_object.hpp>
#include <cairn/s3/operations/list_parts.hpp>
#include <cairn/s3/operations/upload_part_copy.hpp>

#include <string>
#include <vector>

/// The requests of a copy, each with what it takes of all that was said of the copy.
namespace cairn::transfer {

/// Looks at the source, under the copy's conditions on it.
s3::head_object look_at_source(const s3::copy_object& object);
s3::get_object_tagging ask_for_tags(const s3::copy_object& object);
/// The tags as a query, as `x-amz-tagging` takes them.
std::string query_of(const std::vector<s3::tag>& tags);

/// Has the copy be encrypted as its source is, if it is by a KMS key and nothing else was asked
/// for.
void keep_encryption(s3::copy_object& object, const s3::head_object_output& source);

/// @param source what it gives to the copy, unless the copy's metadata replaces it.
s3::create_multipart_upload creation(const s3::copy_object& object,
                                     const s3::head_object_output& source);
s3::upload_part_copy part(const s3::copy_object& object, const std::string& upload_id,
                          std::uint64_t index, byte_range range);
s3::complete_multipart_upload completion(const s3::copy_object& object,
                                         const std::string& upload_id);
s3::list_parts listing(const s3::copy_object& object, const std::string& upload_id);

}  // namespace cairn::transfer
