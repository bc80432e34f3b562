#pragma once

#include <cairn/auth/environment.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>

namespace cairn::auth {

/// An environment of just these variables.
inline environment env_of(std::map<std::string, std::string> variables) {
    return
        [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
            const auto at = variables.find(name);
            if (at == variables.end()) return std::nullopt;
            return at->second;
        };
}

/// A home folder that goes with the test.
class home {
  public:
    home() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "cairn-home-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
        std::filesystem::create_directory(path_ / ".aws");
    }
    home(const home&) = delete;
    home& operator=(const home&) = delete;
    ~home() { std::filesystem::remove_all(path_); }

    std::string path(std::string_view name = "") const { return (path_ / name).string(); }
    void write(std::string_view name, std::string_view text) const {
        std::ofstream(path_ / name) << text;
    }
    void config(std::string_view text) const { write(".aws/config", text); }
    void credentials(std::string_view text) const { write(".aws/credentials", text); }

    /// HOME and `more`.
    environment env(std::map<std::string, std::string> more = {}) const {
        more.emplace("HOME", path_.string());
        return env_of(std::move(more));
    }

  private:
    std::filesystem::path path_;
};

}  // namespace cairn::auth
