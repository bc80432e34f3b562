#pragma once

#include "integration/server.hpp"

#include <cairn/wire/http.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::test {

/// What a server answered.
struct answer {
    answer() = default;

    unsigned status = 0;
    wire::fields headers;
    std::string body;

    /// The text of the first element of that path below the document's root; empty if there is
    /// none.
    std::string text(std::string_view path) const;
    /// The texts of all elements of that path.
    std::vector<std::string> all(std::string_view path) const;
};

/// Requests as they are written, signed: for what the client has no operation for.
class raw_requests : public server_test {
  protected:
    using fields = std::vector<std::pair<std::string, std::string>>;

    /// Deletes what the client can't see: versions and unfinished uploads.
    void TearDown() override;

    /// @param target behind the bucket's name: "/key?uploads".
    answer ask(std::string method, const std::string& target, const fields& more = {},
               std::string body = {});
    /// The same, of a request that has to succeed.
    answer done(std::string method, const std::string& target, const fields& more = {},
                std::string body = {});
    /// Expects an error document.
    static ::testing::AssertionResult is_refusal(const answer& a, unsigned status,
                                                 std::string_view code);
};

}  // namespace cairn::test
