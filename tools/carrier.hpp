#pragma once

#include "tools/location.hpp"
#include "tools/session.hpp"
#include "tools/transfer_options.hpp"

#include <cairn/transfer/manager.hpp>
#include <cairn/transfer/tree.hpp>

#include <string>
#include <vector>

namespace cairn::tool {

/// One object's way from place to place.
struct job {
    job(location source, location destination, transfer::tree_entry what)
        : from(std::move(source)), to(std::move(destination)), entry(std::move(what)) {}

    location from;
    location to;
    transfer::tree_entry entry;  ///< What is known of the source.
};

/// Carries objects for cp, mv and sync: up, down, or across, several at once.
class carrier {
  public:
    /// @param command its name, for errors. A `mv` removes each source once it has arrived.
    carrier(session& with, std::string command, const transfer_options& how);

    /// Carries them all and reports each; one that fails keeps no other back.
    awaitable<void> carry(std::vector<job> jobs);
    /// What it sends by.
    const transfer::manager& transfers() const noexcept { return transfers_; }
    /// Reports what has become of one that somebody else has carried.
    void conclude(const job& at, const result<void>& done);
    /// Reports what is in the way of a job before it is one.
    void failed(const std::string& what, const error& e);

  private:
    awaitable<result<void>> one(const job& at);
    result<void> check(const job& at) const;
    awaitable<result<void>> move_bytes(const job& at);
    awaitable<result<void>> upload(const job& at);
    awaitable<result<void>> download(const job& at);
    awaitable<result<void>> copy(const job& at);
    error hinted(const job& at, error why) const;
    void tell(const job& at);
    boost::json::object about(const job& at) const;

    session& with_;
    std::string command_;
    const transfer_options& how_;
    transfer::manager transfers_;
    bool moves_;
};

/// The error of a file, with what to do if its path tells.
error with_hint(error e, const std::filesystem::path& file);
/// The error of a folder.
/// @param if_file what to do where its path is a file's.
error with_folder_hint(error e, const std::filesystem::path& folder, const char* if_file);

}  // namespace cairn::tool
