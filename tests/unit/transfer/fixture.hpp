#pragma once

#include "support/scratch.hpp"
#include "unit/testing/simulated_s3_fixture.hpp"

#include <cairn/transfer.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

namespace cairn::transfer {

/// Transfers to and from a simulated S3, in parts of a few hundred bytes, without threads.
class transfer_test : public testing::simulated_s3_test {
  protected:
    static constexpr std::uint64_t part_bytes = 1000;
    static constexpr std::uint64_t threshold_bytes = 2000;

    transfer_test() {
        auto rules = on(time);
        rules.least_part_bytes = 1;
        s3 = testing::simulated_s3(rules);
        s3.create_bucket("bucket");
        net = network_to(s3);
        client = s3::client::create(config(net, time)).value();
        once = client.with(s3::resilience::none());
        transfers = manager(client, small());
    }
    // Idle connections are served as long as there are clients.
    void TearDown() override {
        transfers = manager(s3::client::create(config(net, time)).value());
        simulated_s3_test::TearDown();
    }

    static options small() {
        options o;
        o.part_size_bytes = part_bytes;
        o.multipart_threshold_bytes = threshold_bytes;
        o.max_parts_at_once = 3;
        o.file_threads = 0;
        return o;
    }

    /// Bytes no two stretches of which are alike.
    static std::string content(std::size_t size) {
        std::string data(size, '\0');
        std::uint64_t state = 42;
        for (auto& c : data) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            c = static_cast<char>(state >> 56U);
        }
        return data;
    }
    std::filesystem::path at(const std::string& name) const { return directory.path() / name; }
    std::filesystem::path write(const std::string& name, const std::string& data) const {
        std::ofstream(at(name), std::ios::binary) << data;
        return at(name);
    }
    std::optional<std::string> read(const std::string& name) const {
        std::ifstream file(at(name), std::ios::binary);
        if (!file) return std::nullopt;
        return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }
    std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(directory.path()))
            names.push_back(entry.path().filename().string());
        std::ranges::sort(names);
        return names;
    }
    /// Expects of what ended with an error that it doesn't deny a change that was made.
    template <class T>
    static void expect_honest(const std::optional<result<T>>& ended, bool changed, int n) {
        if (!ended || *ended || !changed) return;
        const auto told = ended->error().effect();
        EXPECT_TRUE(told == effect::unknown || told == effect::applied)
            << n << ": " << ended->error();
    }
    void refuse_always(const std::string& operation, unsigned status, const std::string& code) {
        s3.follow([=](const testing::s3_call& call) {
            return call.operation == operation ? testing::s3_fault::refusal(status, code)
                                               : testing::s3_fault();
        });
    }
    std::size_t asked(std::string_view operation) const {
        const auto log = s3.log();
        return static_cast<std::size_t>(
            std::ranges::count(log, operation, &testing::s3_log_entry::operation));
    }

    test::scratch_directory directory;
    manager transfers{client, small()};
};

}  // namespace cairn::transfer
