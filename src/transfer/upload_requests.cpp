#include "transfer/upload_requests.hpp"

namespace cairn::transfer {
namespace {

// What every request about an object that a customer's key encrypts repeats.
template <class Request>
void add_customer_key(Request& request, const s3::put_object& object) {
    request.sse_customer_algorithm = object.sse_customer_algorithm;
    request.sse_customer_key = object.sse_customer_key;
    request.sse_customer_key_md5 = object.sse_customer_key_md5;
}

template <class Request>
Request about(const s3::put_object& object, Request request) {
    request.request_payer = object.request_payer;
    request.expected_bucket_owner = object.expected_bucket_owner;
    return request;
}

}  // namespace

s3::create_multipart_upload creation(const s3::put_object& object) {
    auto request = about(object, s3::create_multipart_upload(object.bucket, object.key));
    add_customer_key(request, object);
    request.acl = object.acl;
    request.cache_control = object.cache_control;
    request.content_disposition = object.content_disposition;
    request.content_encoding = object.content_encoding;
    request.content_language = object.content_language;
    request.content_type = object.content_type;
    request.expires = object.expires;
    request.grant_full_control = object.grant_full_control;
    request.grant_read = object.grant_read;
    request.grant_read_acp = object.grant_read_acp;
    request.grant_write_acp = object.grant_write_acp;
    request.metadata = object.metadata;
    request.server_side_encryption = object.server_side_encryption;
    request.storage_class = object.storage_class;
    request.website_redirect_location = object.website_redirect_location;
    request.sse_kms_key_id = object.sse_kms_key_id;
    request.sse_kms_encryption_context = object.sse_kms_encryption_context;
    request.bucket_key_enabled = object.bucket_key_enabled;
    request.tagging = object.tagging;
    request.object_lock_mode = object.object_lock_mode;
    request.object_lock_retain_until_date = object.object_lock_retain_until_date;
    request.object_lock_legal_hold_status = object.object_lock_legal_hold_status;
    return request;
}

s3::upload_part part(const s3::put_object& object, const std::string& upload_id,
                     std::int64_t part_number) {
    auto request =
        about(object, s3::upload_part(object.bucket, object.key, upload_id, part_number));
    add_customer_key(request, object);
    return request;
}

s3::list_parts listing(const s3::put_object& object, const std::string& upload_id) {
    auto request = about(object, s3::list_parts(object.bucket, object.key, upload_id));
    add_customer_key(request, object);
    return request;
}

s3::complete_multipart_upload completion(const s3::put_object& object,
                                         const std::string& upload_id) {
    auto request =
        about(object, s3::complete_multipart_upload(object.bucket, object.key, upload_id));
    add_customer_key(request, object);
    request.if_match = object.if_match;
    request.if_none_match = object.if_none_match;
    return request;
}

}  // namespace cairn::transfer
