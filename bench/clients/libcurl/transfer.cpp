#include "transfer.hpp"

#include "../common/request.hpp"

#include <stdexcept>

namespace cairn::bench {
namespace {

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
    const CURLcode outcome = curl_easy_setopt(handle, option, value);
    if (outcome != CURLE_OK) throw std::runtime_error(curl_easy_strerror(outcome));
}

void append(std::unique_ptr<curl_slist, curl_list_deleter>& list, const std::string& line) {
    curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
    if (!longer) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
}

std::string url(const workload& load) {
    return (load.tls() ? "https://" : "http://") + load.authority() + load.path();
}

}  // namespace

transfer_plan::transfer_plan(const workload& load) : load_(load) {
    for (const std::string& line : s3_header_lines(load)) append(headers_, line);
    // Drop what libcurl would add and a signed S3 request does not have.
    append(headers_, "Accept:");
    if (load.operation == operation::put) {
        append(headers_, "Content-Type:");
        upload_ = make_content(load.object_bytes);
    }
}

transfer::transfer(const transfer_plan& plan) : plan_(&plan), handle_(curl_easy_init()) {
    if (!handle_) throw std::runtime_error("curl_easy_init failed");
    set_common_options();
    plan.load().operation == operation::put ? set_put_options() : set_get_options();
}

void transfer::set_common_options() {
    const workload& load = plan_->load();
    set(handle(), CURLOPT_URL, url(load).c_str());
    set(handle(), CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    set(handle(), CURLOPT_NOSIGNAL, 1L);
    set(handle(), CURLOPT_FAILONERROR, 1L);
    set(handle(), CURLOPT_PRIVATE, this);
    set(handle(), CURLOPT_HTTPHEADER, plan_->headers());
    set(handle(), CURLOPT_WRITEFUNCTION, &transfer::on_body);
    set(handle(), CURLOPT_WRITEDATA, this);
    if (load.tls()) set(handle(), CURLOPT_CAINFO, load.ca_file.c_str());
}

void transfer::set_get_options() {
    set(handle(), CURLOPT_HTTPGET, 1L);
    set(handle(), CURLOPT_BUFFERSIZE, static_cast<long>(plan_->load().read_buffer_bytes()));
}

// POSTFIELDS, not UPLOAD: head and body then go in one send, which is libcurl at its best.
void transfer::set_put_options() {
    set(handle(), CURLOPT_POSTFIELDSIZE, static_cast<long>(plan_->upload().size()));
    set(handle(), CURLOPT_POSTFIELDS, plan_->upload().data());
    set(handle(), CURLOPT_CUSTOMREQUEST, "PUT");
}

void transfer::prepare(const slice& part) {
    const bool get = plan_->load().operation == operation::get;
    current_ = part;
    body_ = content_check(get ? part : slice{0, 0});
    if (plan_->load().ranged()) set(handle(), CURLOPT_RANGE, part.range().c_str());
}

slice transfer::finish(CURLcode outcome) {
    if (failure_) std::rethrow_exception(failure_);
    if (outcome != CURLE_OK) throw std::runtime_error(curl_easy_strerror(outcome));
    body_.finish();
    return current_;
}

std::size_t transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto& owner = *static_cast<transfer*>(self);
    try {
        owner.body_.feed({data, size * count});
        return size * count;
    } catch (...) {
        owner.failure_ = std::current_exception();
        return 0;
    }
}

}  // namespace cairn::bench
