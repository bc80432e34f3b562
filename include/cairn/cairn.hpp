#pragma once

/// All of cairn.
#include <cairn/checkpoint.hpp>
#include <cairn/s3.hpp>
