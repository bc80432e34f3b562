#pragma once

/// A simulated world for tests: time, chance and the network.
#include <cairn/testing/seeded_random.hpp>
#include <cairn/testing/simulation.hpp>
#include <cairn/testing/trace.hpp>
#include <cairn/testing/virtual_clock.hpp>
