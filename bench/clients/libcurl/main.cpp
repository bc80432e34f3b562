// A peer: libcurl with requests whose headers are built beforehand and not signed.

#include "../common/run.hpp"
#include "multi.hpp"
#include "transfer.hpp"

#include <stdexcept>
#include <vector>

namespace {

using namespace cairn::bench;

class libcurl_client {
  public:
    explicit libcurl_client(const workload& load)
        : plan_(load), multi_(static_cast<long>(load.connections)) {
        for (std::size_t i = 0; i < load.connections; ++i) {
            transfers_.push_back(std::make_unique<transfer>(plan_));
        }
    }

    tally run(std::uint64_t count) {
        tickets queue(plan_.load(), count);
        for (auto& each : transfers_) start_next(*each, queue);
        const auto on_done = [&](CURL* easy, CURLcode outcome) { finish(easy, outcome, queue); };
        while (!queue.all_settled()) multi_.wait_once(on_done);
        return queue.settled();
    }

  private:
    void start_next(transfer& idle, tickets& queue) {
        const auto ticket = queue.take();
        if (!ticket) return;
        idle.prepare(*ticket);
        multi_.add(idle.handle());
    }

    void finish(CURL* easy, CURLcode outcome, tickets& queue) {
        transfer* done = nullptr;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &done);
        multi_.remove(easy);
        queue.settle(done->finish(outcome));
        start_next(*done, queue);
    }

    transfer_plan plan_;
    multi multi_;
    std::vector<std::unique_ptr<transfer>> transfers_;
};

}  // namespace

int main(int argc, char** argv) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return benchmark_main<libcurl_client>(argc, argv);
}
