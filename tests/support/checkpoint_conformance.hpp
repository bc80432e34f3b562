#pragma once

#include "support/checkpoint_faults.hpp"
#include "support/io.hpp"

#include <cairn/checkpoint.hpp>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace cairn::test {

/// Somewhere to keep checkpoints, for one test.
class checkpoint_place {
  public:
    virtual ~checkpoint_place() = default;
    /// The backing as a process that has just started sees it.
    virtual std::shared_ptr<checkpoint::backing> open() = 0;
    /// Whether what it gives uses real sockets.
    virtual bool on_network() const { return false; }
};

/// A kind of backing, by name.
struct checkpoint_place_maker {
    std::string name;
    std::function<std::unique_ptr<checkpoint_place>()> make;
};

/// Names instances of the suite, and makes the linker take it in:
/// `INSTANTIATE_TEST_SUITE_P(real, checkpoint_conformance, ::testing::Values(...), name_of_place)`.
std::string name_of_place(const ::testing::TestParamInfo<checkpoint_place_maker>& info);
void PrintTo(const checkpoint_place_maker& maker, std::ostream* out);

/// What every checkpoint store does, whatever it keeps its checkpoints in.
class checkpoint_conformance : public io,
                               public ::testing::WithParamInterface<checkpoint_place_maker> {
  protected:
    using info = checkpoint::info;
    using snapshot = checkpoint::snapshot;
    using draft = checkpoint::draft;
    using session = checkpoint::thread;

    void SetUp() override;
    void TearDown() override;

    /// The store as a process that has just started sees it.
    checkpoint::store open_store();
    static draft with_state(bytes state);
    /// Saves a checkpoint whose only channel is `state`; a failure fails the test.
    info save(session& t, bytes state);
    /// Everything that is listed; a failure fails the test.
    std::vector<info> list_all(checkpoint::listing l);
    std::vector<info> list_all(const session& t) { return list_all(t.list()); }
    std::vector<std::string> ids_of(const std::vector<info>& checkpoints);
    /// The keys below `part` of this test's prefix, by way of the backing.
    std::vector<std::string> keys_below(const std::string& part);
    /// The key of a checkpoint's record.
    std::string key_of(const info& checkpoint);
    bytes object_at(const std::string& key);
    void put_object_at(const std::string& key, bytes data);

    /// Runs two writers of one thread while the plan makes calls go wrong, and expects that what
    /// they were told is true. Gives the number of calls that they made.
    std::size_t run_two_writers(faulty_backing::plan plan);
    /// From one call that goes wrong to the next: over a network each trial takes long.
    std::size_t stride() const { return place->on_network() ? 11 : 1; }

    std::unique_ptr<checkpoint_place> place;
    std::shared_ptr<faulty_backing> backing;  ///< Used by `store`.
    checkpoint::store_options options;
    checkpoint::store store;

  private:
    int runs_of_two_writers_ = 0;
};

/// Expects a failed result of a certain kind.
template <class T>
::testing::AssertionResult fails_with(const result<T>& r, errc code, effect e = effect::none) {
    if (r) return ::testing::AssertionFailure() << "it succeeded";
    if (r.error().code() == code && r.error().effect() == e) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure()
           << r.error() << " (effect " << static_cast<int>(r.error().effect()) << ')';
}

}  // namespace cairn::test
