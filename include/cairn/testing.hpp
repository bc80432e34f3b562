#pragma once

/// A simulated world for tests: time, chance, a network with its faults, and an S3.
#include <cairn/testing/connection_fate.hpp>
#include <cairn/testing/link_options.hpp>
#include <cairn/testing/s3_fault.hpp>
#include <cairn/testing/scripted_host.hpp>
#include <cairn/testing/seeded_random.hpp>
#include <cairn/testing/simulated_network.hpp>
#include <cairn/testing/simulated_s3.hpp>
#include <cairn/testing/simulation.hpp>
#include <cairn/testing/trace.hpp>
#include <cairn/testing/virtual_clock.hpp>
