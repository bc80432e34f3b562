#include "prebuilt_requests.hpp"

#include "../common/content.hpp"
#include "../common/request.hpp"

namespace cairn::bench {

prebuilt_requests::prebuilt_requests(const workload& load)
    : request_bytes_(load.request_bytes), has_reply_body_(load.operation == operation::get) {
    const std::string body = has_reply_body_ ? std::string() : make_content(load.object_bytes);
    for (std::uint64_t first = 0; first < load.object_bytes; first += load.request_bytes) {
        requests_.push_back(request_head(load, slice{first, load.request_bytes}) + body);
    }
}

}  // namespace cairn::bench
