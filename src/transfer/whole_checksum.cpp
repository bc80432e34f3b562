#include "transfer/whole_checksum.hpp"

#include "transfer/checksum_member.hpp"
#include "transfer/file_checksum.hpp"
#include "transfer/local_file.hpp"

#include <cairn/core/bytes.hpp>

#include <utility>

namespace cairn::transfer {

whole_checksum::whole_checksum(std::optional<kept_checksum> kept, part_plan plan)
    : kept_(std::move(kept)), plan_(plan) {
    if (by_parts()) parts_.resize(plan_.count());
}

bool whole_checksum::by_parts() const noexcept {
    return kept_ && kept_->part_bytes == 0 && is_crc(kept_->algorithm);
}

// Whatever S3 keeps, a part that is taken over has to be as it was.
codec::checksum_algorithm whole_checksum::of_parts() const noexcept {
    return by_parts() ? kept_->algorithm : codec::checksum_algorithm::crc64nvme;
}

codec::checksum whole_checksum::start() const {
    return codec::checksum(of_parts());
}

std::string whole_checksum::finish(std::uint64_t part, codec::checksum& running) {
    const auto sum = running.finish();
    if (by_parts()) parts_[part] = sum;
    return sum.base64();
}

awaitable<result<bool>> whole_checksum::take_over(std::uint64_t part, std::string finished,
                                                  local_file& file, workers& by) {
    const auto found = co_await checksum_of_file(of_parts(), file, plan_.part(part), by);
    if (!found) co_return found.error();
    if (by_parts()) parts_[part] = *found;
    co_return found->base64() == finished;
}

codec::checksum_value whole_checksum::combined() const {
    auto all = parts_[0];
    for (std::uint64_t i = 1; i < parts_.size(); ++i)
        all = codec::combine(kept_->algorithm, all, parts_[i], plan_.part(i).size);
    return all;
}

awaitable<result<bool>> whole_checksum::verify(local_file& file, workers& by) const {
    if (!kept_) co_return false;
    auto found = result<std::string>();
    if (by_parts())
        found = combined().base64();
    else
        found = co_await checksum_of_file(*kept_, file, plan_.object_bytes(), by);
    if (!found) co_return found.error();
    if (*found == kept_->value) co_return true;
    co_return error(errc::checksum_mismatch, "what has arrived has the " +
                                                 std::string(name_of(kept_->algorithm)) + " " +
                                                 *found + ", S3 keeps " + kept_->value)
        .hint("download it again; if that fails too, the object is damaged");
}

}  // namespace cairn::transfer
