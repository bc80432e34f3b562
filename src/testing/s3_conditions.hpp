#pragma once

#include "testing/s3_store.hpp"

namespace cairn::testing::simulated {

/// Whether a conditional read gives what it found. Throws PreconditionFailed.
/// Source: AWS, "GetObject", on combinations of conditions; RFC 9110, section 13.2.2.
bool is_modified(const request& r, const version& found);
/// Whether a request may write `key`; throws PreconditionFailed, and NoSuchKey for an `If-Match`
/// of an object that isn't there.
void check_write(const request& r, const bucket& in, const std::string& key);
/// Whether a request may delete `current`, which may be null. Throws PreconditionFailed.
void check_delete(const request& r, const version* current);
/// Whether `source` may be copied. Throws PreconditionFailed.
void check_copy_source(const request& r, const version& source);

/// Whether `etag` is one of those that `condition` names, quoted or not; "*" names all.
bool matches(std::string_view condition, std::string_view etag);

}  // namespace cairn::testing::simulated
