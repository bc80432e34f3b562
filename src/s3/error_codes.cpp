#include "s3/error_codes.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace cairn::s3 {
namespace {

// Each list is sorted. Source: the table of error codes in S3's API reference, and what AWS's SDKs,
// MinIO, Ceph and versitygw add to it.
constexpr std::array<std::string_view, 1> not_modified{
    "NotModified",
};

constexpr std::array<std::string_view, 6> redirected{
    "EndpointNotFound", "IncorrectEndpoint", "PermanentRedirect", "PermanentRedirectControlError",
    "Redirect",         "TemporaryRedirect",
};

constexpr std::array<std::string_view, 81> bad_request{
    "AccessControlListNotSupported",
    "AmbiguousGrantByEmailAddress",
    "AuthorizationHeaderMalformed",
    "AuthorizationQueryParametersError",
    "BadDigest",
    "BucketHasAccessPointsAttached",
    "ConnectionClosedByRequester",
    "CredentialsNotSupported",
    "DeviceNotActiveError",
    "EncryptionTypeMismatch",
    "EntityTooLarge",
    "EntityTooSmall",
    "IllegalLocationConstraintException",
    "IllegalVersioningConfigurationException",
    "IncompleteBody",
    "IncorrectNumberOfFilesInPostRequest",
    "InlineDataTooLarge",
    "InvalidAccessPoint",
    "InvalidAccessPointAliasError",
    "InvalidAddressingHeader",
    "InvalidArgument",
    "InvalidBucketAclWithObjectOwnership",
    "InvalidBucketName",
    "InvalidBucketOwnerAWSAccountID",
    "InvalidDigest",
    "InvalidEncryptionAlgorithmError",
    "InvalidHostHeader",
    "InvalidHttpMethod",
    "InvalidLocationConstraint",
    "InvalidObjectState",
    "InvalidPart",
    "InvalidPartOrder",
    "InvalidPolicyDocument",
    "InvalidRequest",
    "InvalidSOAPRequest",
    "InvalidSessionException",
    "InvalidSignature",
    "InvalidStorageClass",
    "InvalidTag",
    "InvalidTargetBucketForLogging",
    "InvalidURI",
    "InvalidWriteOffset",
    "KMS.DisabledException",
    "KMS.InvalidKeyUsageException",
    "KMS.KMSInvalidStateException",
    "KMS.NotFoundException",
    "KeyTooLongError",
    "MalformedACLError",
    "MalformedPOSTRequest",
    "MalformedPolicy",
    "MalformedXML",
    "MaxMessageLengthExceeded",
    "MaxPostPreDataLengthExceededError",
    "MetadataTooLarge",
    "MethodNotAllowed",
    "MissingAttachment",
    "MissingContentLength",
    "MissingRequestBodyError",
    "MissingSecurityElement",
    "MissingSecurityHeader",
    "NoLoggingStatusForKey",
    "NotDeviceOwnerError",
    "NotImplemented",
    "ObjectNotInActiveTierError",
    "RequestHeaderSectionTooLarge",
    "RequestIsNotMultiPartContent",
    "RequestTorrentOfBucketError",
    "ResponseInterrupted",
    "TagPolicyException",
    "TokenCodeInvalidError",
    "TooManyAccessPoints",
    "TooManyBuckets",
    "TooManyMultiRegionAccessPointregionsError",
    "TooManyMultiRegionAccessPoints",
    "TooManyParts",
    "UnexpectedContent",
    "UnresolvableGrantByEmailAddress",
    "UnsupportedArgument",
    "UnsupportedSignature",
    "UserKeyMustBeSpecified",
    "XAmzContentSHA256Mismatch",
};

constexpr std::array<std::string_view, 20> access_denied{
    "AccessDenied",         "AccountProblem",
    "AllAccessDisabled",    "CrossLocationLoggingProhibited",
    "ExpiredToken",         "ExpiredTokenException",
    "InvalidAccessKeyId",   "InvalidPayer",
    "InvalidRegion",        "InvalidSecurity",
    "InvalidToken",         "MissingAuthenticationToken",
    "NotSignedUp",          "RequestExpired",
    "RequestTimeTooSkewed", "SignatureDoesNotMatch",
    "TokenRefreshRequired", "UnauthorizedAccessError",
    "UnexpectedIPError",    "XAdminUserNotFound",
};

constexpr std::array<std::string_view, 18> not_found{
    "NoSuchAccessPoint",
    "NoSuchAsyncRequest",
    "NoSuchBucket",
    "NoSuchBucketPolicy",
    "NoSuchCORSConfiguration",
    "NoSuchKey",
    "NoSuchLifecycleConfiguration",
    "NoSuchMultiRegionAccessPoint",
    "NoSuchObjectLockConfiguration",
    "NoSuchTagSet",
    "NoSuchUpload",
    "NoSuchVersion",
    "NoSuchWebsiteConfiguration",
    "NoTransformationDefined",
    "NotFound",
    "ObjectLockConfigurationNotFoundError",
    "OwnershipControlsNotFoundError",
    "ServerSideEncryptionConfigurationNotFoundError",
};

constexpr std::array<std::string_view, 9> conflict{
    "AccessPointAlreadyOwnedByYou", "BucketAlreadyExists",
    "BucketAlreadyOwnedByYou",      "BucketNotEmpty",
    "ClientTokenConflict",          "ConditionalRequestConflict",
    "InvalidBucketState",           "OperationAborted",
    "RestoreAlreadyInProgress",
};

constexpr std::array<std::string_view, 1> precondition_failed{
    "PreconditionFailed",
};

constexpr std::array<std::string_view, 1> range_not_satisfiable{
    "InvalidRange",
};

constexpr std::array<std::string_view, 16> throttled{
    "503 SlowDown",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "SlowDownRead",
    "SlowDownWrite",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequests",
    "TooManyRequestsException",
};

constexpr std::array<std::string_view, 4> service_failed{
    "InternalError",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
};

struct group {
    errc meaning;
    std::span<const std::string_view> codes;
};

constexpr std::array groups{
    group{errc::not_modified, not_modified},
    group{errc::redirected, redirected},
    group{errc::bad_request, bad_request},
    group{errc::access_denied, access_denied},
    group{errc::not_found, not_found},
    group{errc::conflict, conflict},
    group{errc::precondition_failed, precondition_failed},
    group{errc::range_not_satisfiable, range_not_satisfiable},
    group{errc::throttled, throttled},
    group{errc::service_failed, service_failed},
};

static_assert(std::all_of(groups.begin(), groups.end(), [](const group& g) {
    return std::is_sorted(g.codes.begin(), g.codes.end());
}));

using hint = std::pair<std::string_view, std::string_view>;

constexpr std::array hints{
    hint{"AccessDenied", "the credentials lack a permission for this, or a policy denies it"},
    hint{"BadDigest", "the body was changed on its way, or its checksum is wrong: send it again"},
    hint{"BucketAlreadyExists", "bucket names are shared by all accounts: choose another"},
    hint{"BucketAlreadyOwnedByYou", "the bucket exists and is yours: use it"},
    hint{"BucketNotEmpty", "delete its objects, and all their versions, first"},
    hint{"EntityTooLarge", "upload it in parts"},
    hint{"EntityTooSmall", "choose parts of 5 MiB or more; only the last may be smaller"},
    hint{"ExpiredToken", "the session credentials have expired: get new ones"},
    hint{"ExpiredTokenException", "the session credentials have expired: get new ones"},
    hint{"IllegalLocationConstraintException",
         "set create_bucket_configuration.location_constraint to the region of the endpoint"},
    hint{"InvalidAccessKeyId", "check the access key id, and that it is one of this server's"},
    hint{"InvalidLocationConstraint",
         "set create_bucket_configuration.location_constraint to a region of this server"},
    hint{"InvalidObjectState", "the object is archived: restore it first"},
    hint{"InvalidToken", "check the session token: it must come with the access key"},
    hint{"NoSuchBucket", "create the bucket, or check its name, the region and the endpoint"},
    hint{"NotImplemented", "this server doesn't do what the request asks for"},
    hint{"ObjectNotInActiveTierError", "the source is archived: restore it first"},
    hint{"RequestExpired", "set this machine's clock: it differs from the server's"},
    hint{"RequestTimeTooSkewed",
         "set this machine's clock: it differs from the server's by more than 15 minutes"},
    hint{"RequestTimeout", "the body reached the server too slowly"},
    hint{"SignatureDoesNotMatch", "check the secret access key"},
    hint{"SlowDown", "send fewer requests a second"},
    hint{"XAdminUserNotFound", "check the access key id, and that it is one of this server's"},
    hint{"XAmzContentSHA256Mismatch", "the body was changed on its way: send it again"},
};

static_assert(std::is_sorted(hints.begin(), hints.end()));

}  // namespace

std::optional<errc> known_meaning(std::string_view s3_code) noexcept {
    for (const auto& g : groups)
        if (std::binary_search(g.codes.begin(), g.codes.end(), s3_code)) return g.meaning;
    return std::nullopt;
}

std::string_view hint_for_code(std::string_view s3_code) noexcept {
    const auto* const found =
        std::find_if(hints.begin(), hints.end(), [&](const hint& h) { return h.first == s3_code; });
    return found == hints.end() ? std::string_view() : found->second;
}

}  // namespace cairn::s3
