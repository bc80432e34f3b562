#pragma once

#include <cairn/auth/config_file.hpp>
#include <cairn/auth/environment.hpp>
#include <cairn/core/result.hpp>

#include <string>
#include <string_view>

namespace cairn::auth {

/// Where AWS's shared files are; empty when nothing says so.
struct file_locations {
    std::string config;
    std::string credentials;
};

/// `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`, else `.aws/config` and `.aws/credentials`
/// in `HOME`. A leading `~/` is `HOME`.
file_locations locate_files(const environment& env);

/// `wanted` if it is not empty, else `AWS_PROFILE`, `AWS_DEFAULT_PROFILE` or "default".
std::string selected_profile(const environment& env, std::string_view wanted = {});

/// The profile in use, as both files together give it.
struct profile {
    std::string name;
    bool found = false;  ///< Whether either file has it.
    properties values;   ///< Empty when none has.
    sections services;   ///< The `[services ...]` sections that `services =` names one of.
    file_locations files;

    /// The property's value, or an empty view.
    std::string_view operator[](std::string_view key) const noexcept;
    /// "profile 'name' (~/.aws/config, ~/.aws/credentials)" with the files' real names, for errors.
    std::string description() const;
};

/// Reads both files, which are small, and picks the profile. A file that doesn't exist, or whose
/// folder is closed to this process, is an empty one.
///
/// Fails with `invalid_configuration` when a file can't be read or breaks the format, or when a
/// profile other than "default" is in neither.
result<profile> load_profile(const environment& env, std::string_view wanted = {});

}  // namespace cairn::auth
