#pragma once

#include <cairn/auth/credentials.hpp>
#include <cairn/auth/environment.hpp>

#include <memory>
#include <string_view>
#include <vector>

/// Providers of credentials. Those that read variables and files do so when they are made, and
/// answer from memory: what was wrong then is what `get()` fails with.
namespace cairn::auth {

using provider_ptr = std::shared_ptr<credentials_provider>;

/// Always these credentials.
provider_ptr static_credentials(credentials keys);

/// Requests go out unsigned, for what a server lets everyone do.
provider_ptr anonymous_credentials();

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, unless it is empty, `AWS_SESSION_TOKEN`.
///
/// `get()` fails with `missing_credentials` when neither key is set, and with
/// `invalid_configuration` when only one is, or one is empty or holds a blank or a line break.
provider_ptr environment_credentials(const environment& env);

/// `aws_access_key_id`, `aws_secret_access_key` and `aws_session_token` of a profile in the shared
/// credentials or config file. Which profile and files: see `load_profile`.
///
/// `get()` fails with `missing_credentials` when the profile has no keys, with
/// `invalid_configuration` when they are half there or malformed, when `load_profile` fails, and
/// when the profile is for another kind of credentials, which it names.
provider_ptr profile_credentials(const environment& env, std::string_view profile_name = {});

/// Tries its links in order and keeps to the one that answered. A link that fails with
/// `missing_credentials` passes to the next; any other failure is the chain's own.
/// When every link passes, fails with `missing_credentials` and all that they looked for.
provider_ptr credentials_chain(std::vector<provider_ptr> links);

/// As AWS's tools find credentials: in the environment, then in the shared files. With a
/// `profile_name`, that profile alone, whatever the environment holds.
provider_ptr default_chain(const environment& env = process_environment(),
                           std::string_view profile_name = {});

}  // namespace cairn::auth
