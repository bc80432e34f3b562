// The least CPU that a client can use: epoll and sockets, requests built beforehand, replies hardly
// read.

#include "../common/run.hpp"
#include "event_loop.hpp"
#include "plain_channel.hpp"
#include "tls_channel.hpp"

#include <variant>

namespace {

using namespace cairn::bench;

class floor_client {
  public:
    explicit floor_client(const workload& load) {
        if (load.tls()) {
            loop_.emplace<event_loop<tls_channel>>(load);
        } else {
            loop_.emplace<event_loop<plain_channel>>(load);
        }
    }

    tally run(std::uint64_t count) {
        if (auto* plain = std::get_if<event_loop<plain_channel>>(&loop_)) return plain->run(count);
        return std::get<event_loop<tls_channel>>(loop_).run(count);
    }

  private:
    std::variant<std::monostate, event_loop<plain_channel>, event_loop<tls_channel>> loop_;
};

}  // namespace

int main(int argc, char** argv) {
    return benchmark_main<floor_client>(argc, argv);
}
