#pragma once

/// Checksums, and compression as streaming transforms.
#include <cairn/codec/checksum.hpp>
#include <cairn/codec/compression.hpp>
#include <cairn/codec/stream.hpp>
#include <cairn/codec/transform.hpp>
