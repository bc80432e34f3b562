#pragma once

/// A simulated world for tests: time, chance, and a network with its faults.
#include <cairn/testing/connection_fate.hpp>
#include <cairn/testing/link_options.hpp>
#include <cairn/testing/scripted_host.hpp>
#include <cairn/testing/seeded_random.hpp>
#include <cairn/testing/simulated_network.hpp>
#include <cairn/testing/simulation.hpp>
#include <cairn/testing/trace.hpp>
#include <cairn/testing/virtual_clock.hpp>
