#include "support/checkpoint_conformance.hpp"
#include "support/scratch.hpp"

namespace cairn::test {
namespace {

class in_memory final : public checkpoint_place {
  public:
    std::shared_ptr<checkpoint::backing> open() override { return memory_; }

  private:
    std::shared_ptr<checkpoint::backing> memory_ = checkpoint::memory_backing();
};

class in_files final : public checkpoint_place {
  public:
    std::shared_ptr<checkpoint::backing> open() override {
        return checkpoint::file_backing(root_.path()).value();
    }

  private:
    scratch_directory root_;
};

INSTANTIATE_TEST_SUITE_P(
    stores, checkpoint_conformance,
    ::testing::Values(checkpoint_place_maker{"memory",
                                             [] { return std::make_unique<in_memory>(); }},
                      checkpoint_place_maker{"file", [] { return std::make_unique<in_files>(); }}),
    name_of_place);

}  // namespace
}  // namespace cairn::test
