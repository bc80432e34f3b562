#include <cairn/observe/sink.hpp>

#include <sstream>
#include <stdexcept>

namespace cairn::observe {
namespace {

class lines final : public sink {
  public:
    explicit lines(std::function<void(const std::string&)> write) : write_(std::move(write)) {}

    void on(const event& e) noexcept override {
        try {
            std::ostringstream line;
            line << e;
            write_(line.str());
        } catch (...) {
            return;  // a log that fails must not fail the call
        }
    }

  private:
    std::function<void(const std::string&)> write_;
};

}  // namespace

std::shared_ptr<sink> line_sink(std::function<void(const std::string& line)> write) {
    if (!write) throw std::invalid_argument("line_sink has no function to write lines with");
    return std::make_shared<lines>(std::move(write));
}

}  // namespace cairn::observe
