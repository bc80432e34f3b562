#pragma once

#include <cairn/core/result.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace cairn::auth {

/// The properties of one section: lower-case name to value. The lines of a value that goes on over
/// several are joined by `\n`.
using properties = std::map<std::string, std::string, std::less<>>;

/// Sections by name.
using sections = std::map<std::string, properties, std::less<>>;

/// What AWS's shared config and credentials files hold.
struct shared_config {
    sections profiles;
    sections sso_sessions;
    sections services;
};

/// The two files differ in how they name profiles: `[profile name]` in one, `[name]` in the other.
enum class config_kind { config, credentials };

/// Reads the text of a shared config or credentials file. Sections of other kinds or with names
/// that AWS's tools don't know are skipped, as they do.
///
/// Fails with `invalid_configuration`, whose detail starts with `file_name` and the line and never
/// shows a value.
/// Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials files".
result<shared_config> parse_config_file(std::string_view text, config_kind kind,
                                        std::string_view file_name);

/// Both files as one: what `credentials` says goes before what `config` says.
shared_config merge(shared_config config, shared_config credentials);

/// The nested properties of a value such as that of `s3 =`, by lower-case name.
properties sub_properties(std::string_view value);

}  // namespace cairn::auth
