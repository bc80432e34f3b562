#pragma once

#include "testing/s3_store.hpp"

namespace cairn::testing::simulated {

/// What a request says of the object that it makes. Throws MetadataTooLarge, InvalidStorageClass
/// and InvalidTag.
properties read_properties(const request& r);
/// Adds an object's properties to a reply.
void write_properties(const properties& p, reply& to);
/// Throws what S3 answers to requests for what the simulation has in one form only, or not at all:
/// access control lists, other encryption than S3's own, and every `x-amz-` field that it doesn't
/// know.
void check_fields(const request& r);

}  // namespace cairn::testing::simulated
