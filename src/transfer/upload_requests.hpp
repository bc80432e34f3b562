#pragma once

#include <cairn/s3/operations/complete_multipart_upload.hpp>
#include <cairn/s3/operations/create_multipart_upload.hpp>
#include <cairn/s3/operations/list_parts.hpp>
#include <cairn/s3/operations/put_object.hpp>
#include <cairn/s3/operations/upload_part.hpp>

#include <string>

/// The requests of an upload in parts, each with what it takes of how the object is to be stored.
namespace cairn::transfer {

s3::create_multipart_upload creation(const s3::put_object& object);
s3::upload_part part(const s3::put_object& object, const std::string& upload_id,
                     std::int64_t part_number);
s3::list_parts listing(const s3::put_object& object, const std::string& upload_id);
s3::complete_multipart_upload completion(const s3::put_object& object,
                                         const std::string& upload_id);

}  // namespace cairn::transfer
