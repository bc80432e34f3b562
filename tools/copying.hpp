#pragma once

#include "tools/carrier.hpp"

#include <cairn/transfer/pattern.hpp>

namespace cairn::tool {

/// What cp and mv take.
struct copy_options {
    copy_options() = default;
    std::string command;
    location from;
    location to;
    std::string source;
    std::string destination;
    bool recursive = false;
    transfer::name_filter names;
    transfer_options how;

    /// From one file or object to one, rather than from a tree to a tree.
    bool is_single() const { return !recursive && !(from.url && from.url->has_wildcards()); }
};

/// Adds cp or mv to the command line: they differ in what becomes of the source.
void add_copying(CLI::App& command, action& chosen);

}  // namespace cairn::tool
