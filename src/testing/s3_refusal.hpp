#pragma once

#include "testing/s3_reply.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::testing::simulated {

/// S3's no to a request. Thrown wherever a rule is found broken and caught in one place, which
/// makes a reply of it; it never leaves the core.
struct refusal {
    refusal(unsigned status, std::string code, std::string message)
        : status(status), code(std::move(code)), message(std::move(message)) {}

    /// Adds an element to the error document.
    refusal with(std::string name, std::string value) &&;
    /// Adds a field to the reply's head.
    refusal with_header(std::string_view name, std::string_view value) &&;

    unsigned status;
    std::string code;
    std::string message;
    std::vector<std::pair<std::string, std::string>> details{};
    wire::fields headers{};
};

refusal access_denied(std::string message = "Access Denied");
refusal invalid_argument(std::string message, std::string name, std::string value);
refusal invalid_request(std::string message);
refusal malformed_xml();
refusal no_such_bucket(const std::string& bucket);
refusal no_such_key(const std::string& key);
/// A condition of the request that doesn't hold, by the name of its header.
refusal precondition_failed(std::string condition);
/// What S3 has and this simulation hasn't.
refusal not_implemented(const std::string& what);

/// The error document of `r` for a request of that id.
std::string error_document(const refusal& r, std::string_view resource, std::string_view request_id,
                           std::string_view host_id);

}  // namespace cairn::testing::simulated
