#pragma once

#include <string>
#include <string_view>

/// Rules that S3 or HTTP has for values, checked before anything is sent. Each says what is wrong
/// with a value, or nothing.
namespace cairn::s3 {

/// What any bucket of any provider, however old, keeps to.
std::string bucket_problem(std::string_view name);
/// What S3 wants of a new bucket's name.
std::string new_bucket_problem(std::string_view name);
std::string key_problem(std::string_view key);
/// Of a header field's value.
std::string header_problem(std::string_view value);
/// Of one entry of an object's metadata, which must come back as it went.
std::string metadata_problem(std::string_view name, std::string_view value);

/// Well-formed UTF-8.
bool is_utf8(std::string_view text) noexcept;

/// For `row::check`, on the C++ type of the member.
std::string check_bucket(const void* text);
std::string check_new_bucket(const void* text);
std::string check_key(const void* text);
std::string check_copy_source(const void* copy_source);
std::string check_deleted_objects(const void* objects);
std::string check_upload_id(const void* text);
std::string check_part_number(const void* number);
std::string check_completed_parts(const void* parts);
std::string check_tags(const void* tags);

}  // namespace cairn::s3
