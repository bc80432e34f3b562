// A peer: libcurl copies parts between a file and pre-signed URLs, an easy handle a connection.

#include "../common/file_part.hpp"
#include "multi.hpp"
#include "transfer.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace cairn::bench;

// The most that libcurl takes; its default of 16 KiB is far slower.
constexpr long buffer_bytes = 256 * 1024;

/// One easy handle, used again for part after part.
class lane {
  public:
    lane(const workload& load, const descriptor& file)
        : load_(load), file_(file), handle_(curl_easy_init()) {
        const bool put = load.operation == operation::put;
        set(CURLOPT_URL,
            ((load.tls() ? "https://" : "http://") + load.authority() + load.path()).c_str());
        set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_FAILONERROR, 1L);
        set(CURLOPT_PRIVATE, this);
        set(CURLOPT_BUFFERSIZE, buffer_bytes);
        set(CURLOPT_UPLOAD_BUFFERSIZE, buffer_bytes);
        set(CURLOPT_WRITEFUNCTION, put ? &lane::on_reply : &lane::on_body);
        set(CURLOPT_WRITEDATA, this);
        set(CURLOPT_READFUNCTION, &lane::on_wanted);
        set(CURLOPT_READDATA, this);
        if (put) set(CURLOPT_UPLOAD, 1L);
        if (load.tls()) set(CURLOPT_CAINFO, load.ca_file.c_str());
    }

    CURL* handle() const { return handle_.get(); }

    void prepare(const slice& part) {
        current_ = part;
        moving_.emplace(file_, part);
        if (load_.operation == operation::put)
            set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(part.length));
        else
            set(CURLOPT_RANGE, part.range().c_str());
    }

    slice finish(CURLcode outcome) {
        if (failure_) std::rethrow_exception(failure_);
        if (outcome != CURLE_OK) throw std::runtime_error(curl_easy_strerror(outcome));
        moving_->finish();
        return current_;
    }

  private:
    template <class Value>
    void set(CURLoption option, Value value) {
        const CURLcode outcome = curl_easy_setopt(handle(), option, value);
        if (outcome != CURLE_OK) throw std::runtime_error(curl_easy_strerror(outcome));
    }

    // What throws must not do so through libcurl.
    template <class Step>
    static std::size_t guarded(void* self, std::size_t otherwise, Step step) {
        auto& owner = *static_cast<lane*>(self);
        try {
            return step(*owner.moving_);
        } catch (...) {
            owner.failure_ = std::current_exception();
            return otherwise;
        }
    }
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) {
        return guarded(self, 0, [&](file_part& part) {
            part.write({data, size * count});
            return size * count;
        });
    }
    static std::size_t on_wanted(char* into, std::size_t size, std::size_t count, void* self) {
        return guarded(self, CURL_READFUNC_ABORT,
                       [&](file_part& part) { return part.read({into, size * count}).size(); });
    }
    static std::size_t on_reply(char*, std::size_t size, std::size_t count, void*) {
        return size * count;
    }

    const workload& load_;
    const descriptor& file_;
    std::unique_ptr<CURL, curl_easy_deleter> handle_;
    slice current_{};
    std::optional<file_part> moving_;
    std::exception_ptr failure_;
};

void run(const workload& load) {
    const descriptor file = open_file(load);
    multi all(static_cast<long>(load.connections));
    tickets queue(load, load.object_bytes / load.request_bytes);
    std::vector<std::unique_ptr<lane>> lanes;
    const auto start_next = [&](lane& idle) {
        const auto ticket = queue.take();
        if (!ticket) return;
        idle.prepare(*ticket);
        all.add(idle.handle());
    };
    for (std::size_t i = 0; i < load.connections; ++i) {
        lanes.push_back(std::make_unique<lane>(load, file));
        start_next(*lanes.back());
    }
    const auto on_done = [&](CURL* easy, CURLcode outcome) {
        lane* done = nullptr;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &done);
        all.remove(easy);
        queue.settle(done->finish(outcome));
        start_next(*done);
    };
    while (!queue.all_settled()) all.wait_once(on_done);
}

}  // namespace

int main(int argc, char** argv) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    try {
        run(parse_workload(argc, argv));
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return EXIT_FAILURE;
    }
}
