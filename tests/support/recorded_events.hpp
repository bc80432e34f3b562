#pragma once

#include <cairn/observe/sink.hpp>

#include <string>
#include <vector>

namespace cairn::test {

/// Events as lines, in their order.
class recorded_events {
  public:
    std::shared_ptr<observe::sink> sink() {
        return observe::line_sink([this](const std::string& line) { lines.push_back(line); });
    }

    std::vector<std::string> lines;
};

}  // namespace cairn::test
