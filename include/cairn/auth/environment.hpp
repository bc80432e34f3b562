#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>

namespace cairn::auth {

/// Where environment variables come from: the value of a name, or nothing when it is not set.
/// Injected, so that a program or a test can have another environment than its process.
using environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The process's own environment. Safe to call from several threads while none changes it.
environment process_environment();

/// The value of the first of `names` that is set and not empty: to AWS's tools, an empty variable
/// is one that is not set.
std::optional<std::string> first_set(const environment& env,
                                     std::initializer_list<const char*> names);

}  // namespace cairn::auth
