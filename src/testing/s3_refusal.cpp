#include "testing/s3_refusal.hpp"

#include "testing/s3_document.hpp"

namespace cairn::testing::simulated {

refusal refusal::with(std::string name, std::string value) && {
    details.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
}

refusal refusal::with_header(std::string_view name, std::string_view value) && {
    headers.set(name, value);
    return std::move(*this);
}

refusal access_denied(std::string message) {
    return {403, "AccessDenied", std::move(message)};
}

refusal invalid_argument(std::string message, std::string name, std::string value) {
    return refusal(400, "InvalidArgument", std::move(message))
        .with("ArgumentName", std::move(name))
        .with("ArgumentValue", std::move(value));
}

refusal invalid_request(std::string message) {
    return {400, "InvalidRequest", std::move(message)};
}

refusal malformed_xml() {
    return {400, "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published "
            "schema"};
}

refusal no_such_bucket(const std::string& bucket) {
    return refusal(404, "NoSuchBucket", "The specified bucket does not exist")
        .with("BucketName", bucket);
}

refusal no_such_key(const std::string& key) {
    return refusal(404, "NoSuchKey", "The specified key does not exist.").with("Key", key);
}

refusal precondition_failed(std::string condition) {
    return refusal(412, "PreconditionFailed",
                   "At least one of the pre-conditions you specified did not hold")
        .with("Condition", std::move(condition));
}

refusal not_implemented(const std::string& what) {
    return {501, "NotImplemented", "The simulated S3 does not have " + what};
}

std::string error_document(const refusal& r, std::string_view resource, std::string_view request_id,
                           std::string_view host_id) {
    document_writer xml("Error", false);
    xml.text("Code", r.code);
    xml.text("Message", r.message);
    for (const auto& [name, value] : r.details) xml.text(name, value);
    xml.text("Resource", resource);
    xml.text("RequestId", request_id);
    xml.text("HostId", host_id);
    return std::move(xml).take();
}

}  // namespace cairn::testing::simulated
