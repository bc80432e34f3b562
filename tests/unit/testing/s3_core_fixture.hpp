#pragma once

#include "support/document_texts.hpp"
#include "testing/s3_core.hpp"

#include <cairn/wire/signing.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::testing::simulated {

/// The core with an account, and requests that are signed as they should be.
class core_test : public ::testing::Test {
  protected:
    using headers = std::vector<std::pair<std::string, std::string>>;
    static constexpr std::string_view access_key = "AKIDEXAMPLE";
    static constexpr std::string_view secret_key = "s3cr3t";

    core_test() { expect_ok(send("PUT", "/bucket")); }

    /// A request with its length, unsigned.
    static wire::request_head head_of(std::string method, std::string target,
                                      const headers& more = {}, std::string_view body = {}) {
        wire::request_head head;
        head.method = std::move(method);
        head.target = std::move(target);
        head.headers.set("Host", "s3.example");
        head.headers.set("Content-Length", std::to_string(body.size()));
        head.headers.set("x-amz-content-sha256", wire::sha256_hex(body));
        for (const auto& [name, value] : more) head.headers.set(name, value);
        return head;
    }
    void sign(wire::request_head& head, std::string_view key = secret_key,
              const std::string& region = "us-east-1") const {
        const std::string hash(head.headers["x-amz-content-sha256"]);
        wire::signer(region, "s3").sign(head, hash, {access_key, key, {}}, now);
    }
    reply send(std::string method, std::string target, const headers& more = {},
               std::string body = {}) {
        auto head = head_of(std::move(method), std::move(target), more, body);
        sign(head);
        return s3.handle(head, std::move(body), now);
    }

    /// Requests that have to succeed.
    reply good(std::string method, std::string target, const headers& more = {},
               std::string body = {}) {
        auto r = send(std::move(method), std::move(target), more, std::move(body));
        expect_ok(r);
        return r;
    }
    std::string put(const std::string& key, std::string body, const headers& more = {}) {
        const auto r = good("PUT", "/bucket/" + key, more, std::move(body));
        return std::string(r.headers["ETag"]);
    }
    std::string get(const std::string& key) { return good("GET", "/bucket/" + key).body; }
    void wait(clock::duration time) { now += time; }

    static void expect_ok(const reply& r) { EXPECT_LT(r.status, 300u) << r.body; }
    /// Expects an error document with this code.
    static void expect_refused(const reply& r, unsigned status, std::string_view code) {
        EXPECT_EQ(r.status, status) << r.body;
        EXPECT_EQ(text(r, "Code"), code) << r.body;
    }
    /// The text of an element of a reply's document; a path of names, from the root on.
    static std::string text(const reply& r, std::string_view path) {
        const auto found = all(r, path);
        return found.empty() ? "" : found.front();
    }
    /// The texts of all elements of that path.
    static std::vector<std::string> all(const reply& r, std::string_view path) {
        return test::document_texts(r.body, path);
    }

    clock::utc_time now{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};
    core s3{"us-east-1",
            {auth::credentials(std::string(access_key), secret(std::string(secret_key)))},
            {"s3.example"}};
};

}  // namespace cairn::testing::simulated
