#include "wire/connection.hpp"

#include <cstring>

namespace cairn::wire {

asio::mutable_buffer read_buffer::prepare(std::size_t grow_to) {
    if (begin_ > 0) {
        std::memmove(storage_.data(), storage_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ == storage_.size() && storage_.size() < grow_to) storage_.resize(grow_to);
    return asio::buffer(storage_.data() + end_, storage_.size() - end_);
}

}  // namespace cairn::wire
