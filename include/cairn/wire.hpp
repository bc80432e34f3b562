#pragma once

/// HTTP/1.1: messages, bodies, signing, and the seam to the network.
#include <cairn/core.hpp>
#include <cairn/wire/body.hpp>
#include <cairn/wire/http.hpp>
#include <cairn/wire/pool.hpp>
#include <cairn/wire/signing.hpp>
#include <cairn/wire/transport.hpp>
