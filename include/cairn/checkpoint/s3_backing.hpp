#pragma once

#include <cairn/checkpoint/backing.hpp>
#include <cairn/s3/client.hpp>

#include <memory>
#include <string>

namespace cairn::checkpoint {

/// Keeps every object in a bucket, which must exist. The client needs permission to get, put, list
/// and delete: without ListBucket, S3 says `access_denied` where it should say that there is
/// nothing yet.
std::shared_ptr<backing> s3_backing(s3::client client, std::string bucket);

}  // namespace cairn::checkpoint
