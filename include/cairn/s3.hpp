#pragma once

/// An S3 client, its operations, and what configures it.
#include <cairn/auth.hpp>
#include <cairn/core.hpp>
#include <cairn/s3/body.hpp>
#include <cairn/s3/checksums.hpp>
#include <cairn/s3/client.hpp>
#include <cairn/s3/config.hpp>
#include <cairn/s3/operations.hpp>
#include <cairn/s3/paginator.hpp>
#include <cairn/s3/types.hpp>
#include <cairn/wire.hpp>
