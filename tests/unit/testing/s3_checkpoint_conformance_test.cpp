#include "support/checkpoint_conformance.hpp"
#include "unit/testing/simulated_s3_fixture.hpp"

#include <cairn/checkpoint/s3_backing.hpp>

namespace cairn::test {
namespace {

using cairn::testing::simulated_s3;
using cairn::testing::simulated_s3_options;

/// A bucket of a simulated S3 of its own, on a simulated network.
class in_simulated_s3 final : public checkpoint_place {
  public:
    in_simulated_s3() { s3_.create_bucket("bucket"); }

    // A client of its own, as a process that has just started has.
    std::shared_ptr<checkpoint::backing> open() override {
        s3::client_config config(auth::static_credentials(
            auth::credentials("simulated-access-key", secret("simulated-secret-key"))));
        config.endpoint = "http://s3.example";
        config.clock = time_;
        config.transport = std::make_shared<simulated_transport>(
            [s3 = s3_](peer& at, int) { return s3.serve(at.take()); });
        return checkpoint::s3_backing(s3::client::create(std::move(config)).value(), "bucket");
    }

  private:
    static simulated_s3_options on(std::shared_ptr<cairn::clock> time) {
        simulated_s3_options options;
        options.clock = std::move(time);
        return options;
    }

    std::shared_ptr<testing::virtual_clock> time_ = std::make_shared<testing::virtual_clock>();
    simulated_s3 s3_{on(time_)};
};

INSTANTIATE_TEST_SUITE_P(stores, checkpoint_conformance,
                         ::testing::Values(checkpoint_place_maker{
                             "simulated_s3", [] { return std::make_unique<in_simulated_s3>(); }}),
                         name_of_place);

}  // namespace
}  // namespace cairn::test
