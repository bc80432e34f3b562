#pragma once

#include "s3/operation_table.hpp"

#include <cairn/s3/operations.hpp>

#include <array>

namespace cairn::test {

/// The tables of all operations that cairn has.
inline const auto& all_tables() {
    using namespace s3;
    static const std::array<const operation_table*, 22> tables{
        &table_of<abort_multipart_upload>(),
        &table_of<complete_multipart_upload>(),
        &table_of<copy_object>(),
        &table_of<create_bucket>(),
        &table_of<create_multipart_upload>(),
        &table_of<delete_bucket>(),
        &table_of<delete_object>(),
        &table_of<delete_object_tagging>(),
        &table_of<delete_objects>(),
        &table_of<get_bucket_location>(),
        &table_of<get_object>(),
        &table_of<get_object_tagging>(),
        &table_of<head_bucket>(),
        &table_of<head_object>(),
        &table_of<list_buckets>(),
        &table_of<list_multipart_uploads>(),
        &table_of<list_objects_v2>(),
        &table_of<list_parts>(),
        &table_of<put_object>(),
        &table_of<put_object_tagging>(),
        &table_of<upload_part>(),
        &table_of<upload_part_copy>(),
    };
    return tables;
}

}  // namespace cairn::test
