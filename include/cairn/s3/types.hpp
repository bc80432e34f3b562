#pragma once

#include <array>
#include <chrono>
#include <string_view>

namespace cairn::s3 {

/// A moment as S3 tells it, in UTC.
using timestamp = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

/// @name Enumerations
/// S3's enumerations are open: members of these types are strings, so that a value newer than this
/// library passes through unchanged. Each has a namespace of its known values, and `values`, all of
/// them.
/// @{

/// Whether a copy takes its source's annotations.
namespace annotation_directive {
inline constexpr std::string_view copy = "COPY";
inline constexpr std::string_view exclude = "EXCLUDE";
inline constexpr std::array values{copy, exclude};
}  // namespace annotation_directive

/// The archive tier that an object has to be restored from.
namespace archive_status {
inline constexpr std::string_view archive_access = "ARCHIVE_ACCESS";
inline constexpr std::string_view deep_archive_access = "DEEP_ARCHIVE_ACCESS";
inline constexpr std::array values{archive_access, deep_archive_access};
}  // namespace archive_status

/// Ready-made access control lists of buckets.
namespace bucket_canned_acl {
inline constexpr std::string_view private_ = "private";
inline constexpr std::string_view public_read = "public-read";
inline constexpr std::string_view public_read_write = "public-read-write";
inline constexpr std::string_view authenticated_read = "authenticated-read";
inline constexpr std::array values{private_, public_read, public_read_write, authenticated_read};
}  // namespace bucket_canned_acl

/// Regions that a bucket can be created in; us-east-1 is told by giving none.
namespace bucket_location_constraint {
inline constexpr std::string_view af_south_1 = "af-south-1";
inline constexpr std::string_view ap_east_1 = "ap-east-1";
inline constexpr std::string_view ap_east_2 = "ap-east-2";
inline constexpr std::string_view ap_northeast_1 = "ap-northeast-1";
inline constexpr std::string_view ap_northeast_2 = "ap-northeast-2";
inline constexpr std::string_view ap_northeast_3 = "ap-northeast-3";
inline constexpr std::string_view ap_south_1 = "ap-south-1";
inline constexpr std::string_view ap_south_2 = "ap-south-2";
inline constexpr std::string_view ap_southeast_1 = "ap-southeast-1";
inline constexpr std::string_view ap_southeast_2 = "ap-southeast-2";
inline constexpr std::string_view ap_southeast_3 = "ap-southeast-3";
inline constexpr std::string_view ap_southeast_4 = "ap-southeast-4";
inline constexpr std::string_view ap_southeast_5 = "ap-southeast-5";
inline constexpr std::string_view ap_southeast_6 = "ap-southeast-6";
inline constexpr std::string_view ap_southeast_7 = "ap-southeast-7";
inline constexpr std::string_view ca_central_1 = "ca-central-1";
inline constexpr std::string_view ca_west_1 = "ca-west-1";
inline constexpr std::string_view cn_north_1 = "cn-north-1";
inline constexpr std::string_view cn_northwest_1 = "cn-northwest-1";
inline constexpr std::string_view eu = "EU";
inline constexpr std::string_view eu_central_1 = "eu-central-1";
inline constexpr std::string_view eu_central_2 = "eu-central-2";
inline constexpr std::string_view eu_north_1 = "eu-north-1";
inline constexpr std::string_view eu_south_1 = "eu-south-1";
inline constexpr std::string_view eu_south_2 = "eu-south-2";
inline constexpr std::string_view eu_west_1 = "eu-west-1";
inline constexpr std::string_view eu_west_2 = "eu-west-2";
inline constexpr std::string_view eu_west_3 = "eu-west-3";
inline constexpr std::string_view il_central_1 = "il-central-1";
inline constexpr std::string_view me_central_1 = "me-central-1";
inline constexpr std::string_view me_south_1 = "me-south-1";
inline constexpr std::string_view mx_central_1 = "mx-central-1";
inline constexpr std::string_view sa_east_1 = "sa-east-1";
inline constexpr std::string_view us_east_2 = "us-east-2";
inline constexpr std::string_view us_gov_east_1 = "us-gov-east-1";
inline constexpr std::string_view us_gov_west_1 = "us-gov-west-1";
inline constexpr std::string_view us_west_1 = "us-west-1";
inline constexpr std::string_view us_west_2 = "us-west-2";
inline constexpr std::array values{
    af_south_1,     ap_east_1,      ap_east_2,      ap_northeast_1, ap_northeast_2,
    ap_northeast_3, ap_south_1,     ap_south_2,     ap_southeast_1, ap_southeast_2,
    ap_southeast_3, ap_southeast_4, ap_southeast_5, ap_southeast_6, ap_southeast_7,
    ca_central_1,   ca_west_1,      cn_north_1,     cn_northwest_1, eu,
    eu_central_1,   eu_central_2,   eu_north_1,     eu_south_1,     eu_south_2,
    eu_west_1,      eu_west_2,      eu_west_3,      il_central_1,   me_central_1,
    me_south_1,     mx_central_1,   sa_east_1,      us_east_2,      us_gov_east_1,
    us_gov_west_1,  us_west_1,      us_west_2};
}  // namespace bucket_location_constraint

/// Among which buckets a name has to be unique.
namespace bucket_namespace {
inline constexpr std::string_view account_regional = "account-regional";
inline constexpr std::string_view global = "global";
inline constexpr std::array values{account_regional, global};
}  // namespace bucket_namespace

/// Kinds of bucket besides the general one.
namespace bucket_type {
inline constexpr std::string_view directory = "Directory";
inline constexpr std::array values{directory};
}  // namespace bucket_type

/// Checksums that S3 can verify and keep.
namespace checksum_algorithm {
inline constexpr std::string_view crc32 = "CRC32";
inline constexpr std::string_view crc32c = "CRC32C";
inline constexpr std::string_view sha1 = "SHA1";
inline constexpr std::string_view sha256 = "SHA256";
inline constexpr std::string_view crc64nvme = "CRC64NVME";
inline constexpr std::string_view sha512 = "SHA512";
inline constexpr std::string_view md5 = "MD5";
inline constexpr std::string_view xxhash64 = "XXHASH64";
inline constexpr std::string_view xxhash3 = "XXHASH3";
inline constexpr std::string_view xxhash128 = "XXHASH128";
inline constexpr std::array values{crc32,  crc32c, sha1,     sha256,  crc64nvme,
                                   sha512, md5,    xxhash64, xxhash3, xxhash128};
}  // namespace checksum_algorithm

/// Whether a read gives the stored checksums.
namespace checksum_mode {
inline constexpr std::string_view enabled = "ENABLED";
inline constexpr std::array values{enabled};
}  // namespace checksum_mode

/// What a checksum of parts is computed over.
namespace checksum_type {
inline constexpr std::string_view composite = "COMPOSITE";
inline constexpr std::string_view full_object = "FULL_OBJECT";
inline constexpr std::array values{composite, full_object};
}  // namespace checksum_type

/// Where a directory bucket keeps its copies.
namespace data_redundancy {
inline constexpr std::string_view single_availability_zone = "SingleAvailabilityZone";
inline constexpr std::string_view single_local_zone = "SingleLocalZone";
inline constexpr std::array values{single_availability_zone, single_local_zone};
}  // namespace data_redundancy

/// How keys are encoded in a reply's XML.
namespace encoding_type {
inline constexpr std::string_view url = "url";
inline constexpr std::array values{url};
}  // namespace encoding_type

/// Kinds of zone that a directory bucket can be in.
namespace location_type {
inline constexpr std::string_view availability_zone = "AvailabilityZone";
inline constexpr std::string_view local_zone = "LocalZone";
inline constexpr std::array values{availability_zone, local_zone};
}  // namespace location_type

/// Whether a copy takes its source's metadata.
namespace metadata_directive {
inline constexpr std::string_view copy = "COPY";
inline constexpr std::string_view replace = "REPLACE";
inline constexpr std::array values{copy, replace};
}  // namespace metadata_directive

/// Ready-made access control lists of objects.
namespace object_canned_acl {
inline constexpr std::string_view private_ = "private";
inline constexpr std::string_view public_read = "public-read";
inline constexpr std::string_view public_read_write = "public-read-write";
inline constexpr std::string_view authenticated_read = "authenticated-read";
inline constexpr std::string_view aws_exec_read = "aws-exec-read";
inline constexpr std::string_view bucket_owner_read = "bucket-owner-read";
inline constexpr std::string_view bucket_owner_full_control = "bucket-owner-full-control";
inline constexpr std::array values{
    private_,      public_read,       public_read_write,        authenticated_read,
    aws_exec_read, bucket_owner_read, bucket_owner_full_control};
}  // namespace object_canned_acl

/// Whether a legal hold keeps an object from being deleted.
namespace object_lock_legal_hold_status {
inline constexpr std::string_view on = "ON";
inline constexpr std::string_view off = "OFF";
inline constexpr std::array values{on, off};
}  // namespace object_lock_legal_hold_status

/// How strictly a locked object is kept.
namespace object_lock_mode {
inline constexpr std::string_view governance = "GOVERNANCE";
inline constexpr std::string_view compliance = "COMPLIANCE";
inline constexpr std::array values{governance, compliance};
}  // namespace object_lock_mode

/// Who owns objects that others upload.
namespace object_ownership {
inline constexpr std::string_view bucket_owner_preferred = "BucketOwnerPreferred";
inline constexpr std::string_view object_writer = "ObjectWriter";
inline constexpr std::string_view bucket_owner_enforced = "BucketOwnerEnforced";
inline constexpr std::array values{bucket_owner_preferred, object_writer, bucket_owner_enforced};
}  // namespace object_ownership

/// Storage classes as listings give them.
namespace object_storage_class {
inline constexpr std::string_view standard = "STANDARD";
inline constexpr std::string_view reduced_redundancy = "REDUCED_REDUNDANCY";
inline constexpr std::string_view glacier = "GLACIER";
inline constexpr std::string_view standard_ia = "STANDARD_IA";
inline constexpr std::string_view onezone_ia = "ONEZONE_IA";
inline constexpr std::string_view intelligent_tiering = "INTELLIGENT_TIERING";
inline constexpr std::string_view deep_archive = "DEEP_ARCHIVE";
inline constexpr std::string_view outposts = "OUTPOSTS";
inline constexpr std::string_view glacier_ir = "GLACIER_IR";
inline constexpr std::string_view snow = "SNOW";
inline constexpr std::string_view express_onezone = "EXPRESS_ONEZONE";
inline constexpr std::string_view fsx_openzfs = "FSX_OPENZFS";
inline constexpr std::string_view fsx_ontap = "FSX_ONTAP";
inline constexpr std::string_view aws_backup_warm = "AWS_BACKUP_WARM";
inline constexpr std::string_view aws_backup_low_cost_warm = "AWS_BACKUP_LOW_COST_WARM";
inline constexpr std::array values{standard,     reduced_redundancy, glacier,
                                   standard_ia,  onezone_ia,         intelligent_tiering,
                                   deep_archive, outposts,           glacier_ir,
                                   snow,         express_onezone,    fsx_openzfs,
                                   fsx_ontap,    aws_backup_warm,    aws_backup_low_cost_warm};
}  // namespace object_storage_class

/// What a listing gives only when asked.
namespace optional_object_attributes {
inline constexpr std::string_view restore_status = "RestoreStatus";
inline constexpr std::array values{restore_status};
}  // namespace optional_object_attributes

/// How far the replication of an object is.
namespace replication_status {
inline constexpr std::string_view complete = "COMPLETE";
inline constexpr std::string_view pending = "PENDING";
inline constexpr std::string_view failed = "FAILED";
inline constexpr std::string_view replica = "REPLICA";
inline constexpr std::string_view completed = "COMPLETED";
inline constexpr std::array values{complete, pending, failed, replica, completed};
}  // namespace replication_status

/// Who pays for the request.
namespace request_charged {
inline constexpr std::string_view requester = "requester";
inline constexpr std::array values{requester};
}  // namespace request_charged

/// Who agrees to pay for the request.
namespace request_payer {
inline constexpr std::string_view requester = "requester";
inline constexpr std::array values{requester};
}  // namespace request_payer

/// How S3 encrypts what it stores.
namespace server_side_encryption {
inline constexpr std::string_view aes256 = "AES256";
inline constexpr std::string_view aws_fsx = "aws:fsx";
inline constexpr std::string_view aws_backup = "aws:backup";
inline constexpr std::string_view aws_kms = "aws:kms";
inline constexpr std::string_view aws_kms_dsse = "aws:kms:dsse";
inline constexpr std::array values{aes256, aws_fsx, aws_backup, aws_kms, aws_kms_dsse};
}  // namespace server_side_encryption

/// Where, and how costly, an object is stored.
namespace storage_class {
inline constexpr std::string_view standard = "STANDARD";
inline constexpr std::string_view reduced_redundancy = "REDUCED_REDUNDANCY";
inline constexpr std::string_view standard_ia = "STANDARD_IA";
inline constexpr std::string_view onezone_ia = "ONEZONE_IA";
inline constexpr std::string_view intelligent_tiering = "INTELLIGENT_TIERING";
inline constexpr std::string_view glacier = "GLACIER";
inline constexpr std::string_view deep_archive = "DEEP_ARCHIVE";
inline constexpr std::string_view outposts = "OUTPOSTS";
inline constexpr std::string_view glacier_ir = "GLACIER_IR";
inline constexpr std::string_view snow = "SNOW";
inline constexpr std::string_view express_onezone = "EXPRESS_ONEZONE";
inline constexpr std::string_view fsx_openzfs = "FSX_OPENZFS";
inline constexpr std::string_view fsx_ontap = "FSX_ONTAP";
inline constexpr std::string_view aws_backup_warm = "AWS_BACKUP_WARM";
inline constexpr std::string_view aws_backup_low_cost_warm = "AWS_BACKUP_LOW_COST_WARM";
inline constexpr std::array values{
    standard,        reduced_redundancy, standard_ia, onezone_ia,      intelligent_tiering,
    glacier,         deep_archive,       outposts,    glacier_ir,      snow,
    express_onezone, fsx_openzfs,        fsx_ontap,   aws_backup_warm, aws_backup_low_cost_warm};
}  // namespace storage_class

/// Whether a copy takes its source's tags.
namespace tagging_directive {
inline constexpr std::string_view copy = "COPY";
inline constexpr std::string_view replace = "REPLACE";
inline constexpr std::array values{copy, replace};
}  // namespace tagging_directive

/// @}

}  // namespace cairn::s3
