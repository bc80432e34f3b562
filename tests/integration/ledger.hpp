#pragma once

#include <cairn/checkpoint.hpp>
#include <cairn/s3/client.hpp>

#include <map>
#include <random>
#include <set>
#include <string>

namespace cairn::test {

/// An object as its writer knows it. Its content follows from its size and its seed.
struct object_record {
    enum class state { there, gone, perhaps };

    std::string content() const;

    std::size_t size = 0;
    unsigned seed = 0;
    state now = state::there;
};

/// What a writer of objects and checkpoints was told became of them, to be held against what is
/// there. Each key is written once; each checkpoint has a number of its own.
///
/// Thread safety: none; one writer a ledger.
class ledger {
  public:
    using entry = std::pair<const std::string, object_record>;

    /// @param name what its keys, and its thread's, start with.
    ledger(std::string bucket, std::string name);

    const std::string& bucket() const noexcept { return bucket_; }
    const std::string& name() const noexcept { return name_; }
    /// What all that the thread's store writes starts with.
    std::string store_prefix() const { return name_ + "-threads"; }

    /// @name Objects
    /// @{
    std::string new_key() const;
    void put(const std::string& key, object_record made);
    void put_failed(const std::string& key, object_record made, const error& e);
    void removed(const std::string& key);
    void remove_failed(const std::string& key, const error& e);
    /// One that is known to be there; null when there is none.
    const entry* pick(std::mt19937_64& dice) const;
    const std::map<std::string, object_record>& objects() const noexcept { return objects_; }
    /// @}

    /// @name Checkpoints, of one thread
    /// @{
    awaitable<result<checkpoint::thread>> open_thread(s3::client client) const;
    static checkpoint::draft draft_of(int number);
    void saved(int number, const checkpoint::info& as);
    void save_failed(int number, const error& e);
    std::size_t saves() const noexcept { return saved_.size(); }
    /// @}

    /// Compares all of it with what `direct` finds; each difference fails the test.
    awaitable<void> check(s3::client direct) const;

  private:
    static object_record::state after(const error& e, object_record::state done,
                                      object_record::state not_done);
    awaitable<void> check_objects(s3::client direct) const;
    awaitable<void> check_thread(s3::client direct) const;

    const std::string bucket_;
    const std::string name_;
    std::map<std::string, object_record> objects_;
    std::map<int, std::string> saved_;  ///< Ids of acknowledged checkpoints, by their number.
    std::set<int> uncertain_;           ///< Numbers whose save may have been made.
};

}  // namespace cairn::test
