#pragma once

/// Credentials and settings, found where every AWS tool finds them.
#include <cairn/auth/config_file.hpp>
#include <cairn/auth/credentials.hpp>
#include <cairn/auth/environment.hpp>
#include <cairn/auth/profile.hpp>
#include <cairn/auth/providers.hpp>
#include <cairn/auth/settings.hpp>
#include <cairn/core.hpp>
