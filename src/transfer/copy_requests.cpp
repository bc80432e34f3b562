#include "transfer/copy_requests.hpp"

#include <cairn/wire/http.hpp>

namespace cairn::transfer {
namespace {

template <class Request>
Request about_copy(const s3::copy_object& object, Request request) {
    request.request_payer = object.request_payer;
    request.expected_bucket_owner = object.expected_bucket_owner;
    return request;
}

template <class Request>
void add_customer_key(Request& request, const s3::copy_object& object) {
    request.sse_customer_algorithm = object.sse_customer_algorithm;
    request.sse_customer_key = object.sse_customer_key;
    request.sse_customer_key_md5 = object.sse_customer_key_md5;
}

// Content headers and metadata.
template <class From>
void describe(s3::create_multipart_upload& request, const From& from) {
    request.cache_control = from.cache_control;
    request.content_disposition = from.content_disposition;
    request.content_encoding = from.content_encoding;
    request.content_language = from.content_language;
    request.content_type = from.content_type;
    request.expires = from.expires;
    request.metadata = from.metadata;
}

}  // namespace

s3::head_object look_at_source(const s3::copy_object& object) {
    const auto& source = object.copy_source;
    s3::head_object request(source.bucket, source.key);
    request.version_id = source.version_id;
    request.if_match = object.copy_source_if_match;
    request.if_none_match = object.copy_source_if_none_match;
    request.if_modified_since = object.copy_source_if_modified_since;
    request.if_unmodified_since = object.copy_source_if_unmodified_since;
    request.sse_customer_algorithm = object.copy_source_sse_customer_algorithm;
    request.sse_customer_key = object.copy_source_sse_customer_key;
    request.sse_customer_key_md5 = object.copy_source_sse_customer_key_md5;
    request.request_payer = object.request_payer;
    request.expected_bucket_owner = object.expected_source_bucket_owner;
    request.checksum_mode = s3::checksum_mode::enabled;
    return request;
}

s3::get_object_tagging ask_for_tags(const s3::copy_object& object) {
    const auto& source = object.copy_source;
    s3::get_object_tagging request(source.bucket, source.key);
    request.version_id = source.version_id;
    request.request_payer = object.request_payer;
    request.expected_bucket_owner = object.expected_source_bucket_owner;
    return request;
}

std::string query_of(const std::vector<s3::tag>& tags) {
    std::string query;
    for (const auto& each : tags) {
        if (!query.empty()) query += '&';
        query += wire::percent_encode(each.key) + "=" + wire::percent_encode(each.value);
    }
    return query;
}

void keep_encryption(s3::copy_object& object, const s3::head_object_output& source) {
    const bool told =
        object.server_side_encryption || object.sse_customer_algorithm || object.sse_kms_key_id;
    const bool by_kms =
        source.server_side_encryption && source.server_side_encryption->starts_with("aws:kms");
    if (told || !by_kms) return;
    object.server_side_encryption = source.server_side_encryption;
    object.sse_kms_key_id = source.sse_kms_key_id;
    if (!object.bucket_key_enabled) object.bucket_key_enabled = source.bucket_key_enabled;
}

s3::create_multipart_upload creation(const s3::copy_object& object,
                                     const s3::head_object_output& source) {
    auto request = about_copy(object, s3::create_multipart_upload(object.bucket, object.key));
    add_customer_key(request, object);
    if (object.metadata_directive == s3::metadata_directive::replace)
        describe(request, object);
    else
        describe(request, source);
    request.tagging = object.tagging;
    request.acl = object.acl;
    request.grant_full_control = object.grant_full_control;
    request.grant_read = object.grant_read;
    request.grant_read_acp = object.grant_read_acp;
    request.grant_write_acp = object.grant_write_acp;
    request.server_side_encryption = object.server_side_encryption;
    request.sse_kms_key_id = object.sse_kms_key_id;
    request.sse_kms_encryption_context = object.sse_kms_encryption_context;
    request.bucket_key_enabled = object.bucket_key_enabled;
    request.storage_class = object.storage_class;
    request.website_redirect_location = object.website_redirect_location;
    request.object_lock_mode = object.object_lock_mode;
    request.object_lock_retain_until_date = object.object_lock_retain_until_date;
    request.object_lock_legal_hold_status = object.object_lock_legal_hold_status;
    request.checksum_algorithm = object.checksum_algorithm;
    return request;
}

s3::upload_part_copy part(const s3::copy_object& object, const std::string& upload_id,
                          std::uint64_t index, byte_range range) {
    const auto number = static_cast<std::int64_t>(index) + 1;
    auto request = about_copy(object, s3::upload_part_copy(object.bucket, object.key, upload_id,
                                                           number, object.copy_source));
    add_customer_key(request, object);
    request.copy_source_range =
        "bytes=" + std::to_string(range.offset) + "-" + std::to_string(range.end() - 1);
    request.copy_source_if_match = object.copy_source_if_match;
    request.copy_source_sse_customer_algorithm = object.copy_source_sse_customer_algorithm;
    request.copy_source_sse_customer_key = object.copy_source_sse_customer_key;
    request.copy_source_sse_customer_key_md5 = object.copy_source_sse_customer_key_md5;
    request.expected_source_bucket_owner = object.expected_source_bucket_owner;
    return request;
}

s3::complete_multipart_upload completion(const s3::copy_object& object,
                                         const std::string& upload_id) {
    auto request =
        about_copy(object, s3::complete_multipart_upload(object.bucket, object.key, upload_id));
    add_customer_key(request, object);
    request.if_match = object.if_match;
    request.if_none_match = object.if_none_match;
    return request;
}

s3::list_parts listing(const s3::copy_object& object, const std::string& upload_id) {
    auto request = about_copy(object, s3::list_parts(object.bucket, object.key, upload_id));
    add_customer_key(request, object);
    return request;
}

}  // namespace cairn::transfer
