#pragma once

/// Every S3 operation that cairn knows.
#include <cairn/s3/operations/copy_object.hpp>
#include <cairn/s3/operations/create_bucket.hpp>
#include <cairn/s3/operations/delete_bucket.hpp>
#include <cairn/s3/operations/delete_object.hpp>
#include <cairn/s3/operations/delete_objects.hpp>
#include <cairn/s3/operations/get_bucket_location.hpp>
#include <cairn/s3/operations/get_object.hpp>
#include <cairn/s3/operations/head_bucket.hpp>
#include <cairn/s3/operations/head_object.hpp>
#include <cairn/s3/operations/list_buckets.hpp>
#include <cairn/s3/operations/list_objects_v2.hpp>
#include <cairn/s3/operations/put_object.hpp>
