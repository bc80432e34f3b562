#pragma once

#include "meter.hpp"
#include "workload.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>

namespace cairn::bench {

/// The `main` of every client program. `Client` is made from a workload and runs a number of
/// requests.
template <class Client>
int benchmark_main(int argc, char** argv) {
    try {
        const workload load = parse_workload(argc, argv);
        Client client(load);
        // Opens every connection, so that the figures are those of a connection in use.
        client.run(load.connections);
        const usage start = usage::now();
        print_measurement(start, client.run(load.requests));
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return EXIT_FAILURE;
    }
}

}  // namespace cairn::bench
