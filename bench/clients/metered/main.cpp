// Runs a program to its end, and tells what it used: `bench-metered REPORT PROGRAM [ARGUMENT...]`.

#include "../common/descriptor.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

namespace {

using cairn::bench::checked;

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

// Not from the driver itself: a process is charged with the memory of the one that made it.
pid_t start(char** arguments) {
    const pid_t child = checked(fork(), "fork");
    if (child != 0) return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execvp(arguments[0], arguments);
    std::perror(arguments[0]);
    std::_Exit(127);
}

int run(const char* report, char** arguments) {
    const auto begin = std::chrono::steady_clock::now();
    const pid_t child = start(arguments);
    int status = 0;
    rusage used{};
    checked(wait4(child, &status, 0, &used), "wait4");
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    std::ofstream(report) << R"({"user_seconds": )" << seconds(used.ru_utime)
                          << R"(, "system_seconds": )" << seconds(used.ru_stime)
                          << R"(, "wall_seconds": )" << wall.count() << R"(, "peak_rss_kib": )"
                          << used.ru_maxrss << "}\n";
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: %s REPORT PROGRAM [ARGUMENT...]\n", argv[0]);
        return EXIT_FAILURE;
    }
    try {
        return run(argv[1], argv + 2);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return EXIT_FAILURE;
    }
}
