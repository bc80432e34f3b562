#pragma once

/// What every layer stands on: errors and results, time, randomness, bytes and secrets.
#include <cairn/core/ascii.hpp>
#include <cairn/core/asio.hpp>
#include <cairn/core/bytes.hpp>
#include <cairn/core/clock.hpp>
#include <cairn/core/error.hpp>
#include <cairn/core/random.hpp>
#include <cairn/core/result.hpp>
#include <cairn/core/secret.hpp>
#include <cairn/core/workers.hpp>
