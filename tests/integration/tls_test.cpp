#include "integration/server.hpp"
#include "support/scratch.hpp"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>

namespace cairn::test {
namespace {

/// Who is trusted to be the server.
class https_certificates : public server_test {
  protected:
    /// A client of `host`, wherever that is, which is asked for no bucket in its name.
    static s3::client_config config_for(const std::string& host) {
        auto config = server_config();
        config.endpoint = endpoint_at(host);
        config.transport = std::make_shared<local_transport>(config.tls);
        return config;
    }
    void expect_works(s3::client_config config) {
        const auto client = connect(std::move(config));
        good(client.put_object(bucket, "k", "hello"));
        EXPECT_EQ(get("k"), "hello");
    }
    void expect_refused(s3::client_config config, const std::vector<std::string>& subjects) {
        const auto client = connect(std::move(config));
        const auto e = bad(client.put_object(bucket, "k", "v"));
        EXPECT_TRUE(is_error(e, errc::tls_failed, effect::not_applied, {path_of(bucket, "k")}));
        for (const auto& subject : subjects) EXPECT_THAT(e.what(), ::testing::HasSubstr(subject));
        EXPECT_EQ(bad(s3.get_object(bucket, "k")).code(), errc::not_found);
    }
};

TEST_F(https_certificates, of_our_authority_are_trusted) {
    expect_works(server_config());
}

TEST_F(https_certificates, of_unknown_authorities_are_refused) {
    auto config = server_config();
    config.tls.ca_file.clear();
    expect_refused(std::move(config), {"certificate", "AWS_CA_BUNDLE"});
}

TEST_F(https_certificates, name_hosts) {
    expect_works(config_for("s3.localhost"));
}

TEST_F(https_certificates, name_addresses) {
    expect_works(config_for("127.0.0.1"));
}

TEST_F(https_certificates, of_other_hosts_are_refused) {
    expect_refused(config_for("another.example"), {"certificate", "hostname", "another.example"});
}

TEST_F(https_certificates, of_other_addresses_are_refused) {
    expect_refused(config_for("127.0.0.2"), {"certificate", "IP address", "127.0.0.2"});
}

TEST_F(https_certificates, with_a_wildcard_are_for_one_label_only) {
    expect_refused(config_for("a.b.s3.localhost"), {"certificate", "hostname"});
}

// Under the name that `openssl rehash` would give it.
TEST_F(https_certificates, of_an_authority_in_a_folder_are_trusted) {
    auto config = server_config();
    const auto ca_file = std::exchange(config.tls.ca_file, {});
    auto* const in = std::fopen(ca_file.c_str(), "r");
    ASSERT_TRUE(in);
    auto* const authority = PEM_read_X509(in, nullptr, nullptr, nullptr);
    std::fclose(in);
    ASSERT_TRUE(authority);
    std::array<char, 32> name{};
    std::snprintf(name.data(), name.size(), "%08lx.0", X509_subject_name_hash(authority));
    X509_free(authority);

    const scratch_directory folder;
    std::filesystem::copy_file(ca_file, folder.path() / name.data());
    config.tls.ca_path = folder.path();
    expect_works(std::move(config));
}

}  // namespace
}  // namespace cairn::test
