#pragma once

/// Every S3 operation that cairn knows.
#include <cairn/s3/operations/abort_multipart_upload.hpp>
#include <cairn/s3/operations/complete_multipart_upload.hpp>
#include <cairn/s3/operations/copy_object.hpp>
#include <cairn/s3/operations/create_bucket.hpp>
#include <cairn/s3/operations/create_multipart_upload.hpp>
#include <cairn/s3/operations/delete_bucket.hpp>
#include <cairn/s3/operations/delete_object.hpp>
#include <cairn/s3/operations/delete_object_tagging.hpp>
#include <cairn/s3/operations/delete_objects.hpp>
#include <cairn/s3/operations/get_bucket_location.hpp>
#include <cairn/s3/operations/get_object.hpp>
#include <cairn/s3/operations/get_object_tagging.hpp>
#include <cairn/s3/operations/head_bucket.hpp>
#include <cairn/s3/operations/head_object.hpp>
#include <cairn/s3/operations/list_buckets.hpp>
#include <cairn/s3/operations/list_multipart_uploads.hpp>
#include <cairn/s3/operations/list_objects_v2.hpp>
#include <cairn/s3/operations/list_parts.hpp>
#include <cairn/s3/operations/put_object.hpp>
#include <cairn/s3/operations/put_object_tagging.hpp>
#include <cairn/s3/operations/upload_part.hpp>
#include <cairn/s3/operations/upload_part_copy.hpp>
