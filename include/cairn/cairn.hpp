#pragma once

/// All of cairn.
#include <cairn/checkpoint.hpp>
#include <cairn/codec.hpp>
#include <cairn/observe.hpp>
#include <cairn/resilience.hpp>
#include <cairn/s3.hpp>
#include <cairn/transfer.hpp>
