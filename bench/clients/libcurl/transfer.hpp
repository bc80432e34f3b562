#pragma once

#include "../common/content.hpp"
#include "../common/workload.hpp"

#include <curl/curl.h>
#include <exception>
#include <memory>
#include <string>

namespace cairn::bench {

struct curl_easy_deleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct curl_list_deleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// What all transfers of a workload share: the header lines and the body to send.
class transfer_plan {
  public:
    explicit transfer_plan(const workload& load);

    const workload& load() const { return load_; }
    curl_slist* headers() const { return headers_.get(); }
    const std::string& upload() const { return upload_; }

  private:
    workload load_;
    std::unique_ptr<curl_slist, curl_list_deleter> headers_;
    std::string upload_;
};

/// One easy handle, used again for request after request.
class transfer {
  public:
    explicit transfer(const transfer_plan& plan);
    transfer(const transfer&) = delete;
    transfer& operator=(const transfer&) = delete;

    CURL* handle() const { return handle_.get(); }
    void prepare(const slice& part);
    /// Gives the slice that was moved; throws when it was not as it should be.
    slice finish(CURLcode outcome);

  private:
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
    void set_common_options();
    void set_get_options();
    void set_put_options();

    const transfer_plan* plan_;
    std::unique_ptr<CURL, curl_easy_deleter> handle_;
    slice current_{};
    content_check body_;
    std::exception_ptr failure_;
};

}  // namespace cairn::bench
