#include "s3/aws_chunked.hpp"

#include "wire/body_length.hpp"

#include <array>
#include <charconv>

namespace cairn::s3 {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view chunk_signature = ";chunk-signature=";
constexpr std::string_view trailer_signature = "x-amz-trailer-signature:";
constexpr std::size_t signature_bytes = 64;
// What is summed at once, just before it is sent, while it is in the cache.
constexpr std::size_t max_piece_bytes = 1024 * 1024;

class hexadecimal {
  public:
    explicit hexadecimal(std::uint64_t number)
        : end_(std::to_chars(digits_.data(), digits_.data() + digits_.size(), number, 16).ptr) {}
    hexadecimal(const hexadecimal&) = delete;
    hexadecimal& operator=(const hexadecimal&) = delete;
    std::string_view text() const noexcept {
        return {digits_.data(), static_cast<std::size_t>(end_ - digits_.data())};
    }

  private:
    std::array<char, 16> digits_{};
    char* end_;
};

std::uint64_t line_bytes(std::uint64_t chunk, bool is_signed) {
    return hexadecimal(chunk).text().size() +
           (is_signed ? chunk_signature.size() + signature_bytes : 0) + line_end.size();
}

std::uint64_t trailer_bytes(const trailing_checksum& trailer, bool is_signed) {
    const auto base64 = (codec::bytes_of(trailer.algorithm) + 2) / 3 * 4;
    const auto field = trailer.field.size() + 1 + base64 + line_end.size();
    return field + (is_signed ? trailer_signature.size() + signature_bytes + line_end.size() : 0);
}

std::span<const std::byte> as_bytes(asio::const_buffer piece) {
    return {static_cast<const std::byte*>(piece.data()), piece.size()};
}

}  // namespace

aws_chunked::aws_chunked(wire::body_source& content, std::uint64_t chunk_bytes, signing how,
                         std::optional<trailing_checksum> trailer)
    : content_(content),
      chunk_bytes_(chunk_bytes),
      signed_(how == signing::signed_chunks),
      trailer_(std::move(trailer)) {}

std::uint64_t aws_chunked::size() const noexcept {
    const auto content = content_.size();
    const auto last = content % chunk_bytes_;
    auto all =
        content + content / chunk_bytes_ * (line_bytes(chunk_bytes_, signed_) + line_end.size());
    if (last > 0) all += line_bytes(last, signed_) + line_end.size();
    all += line_bytes(0, signed_) + line_end.size();
    return all + (trailer_ ? trailer_bytes(*trailer_, signed_) : 0);
}

bool aws_chunked::rewind() noexcept {
    begun_ = false;
    return content_.rewind();
}

void aws_chunked::begin() {
    begun_ = true;
    ended_ = false;
    unchunked_ = content_.size();
    left_of_chunk_ = 0;
    rest_ = {};
    line_.clear();
    sum_.reset();
    if (trailer_) running_.emplace(trailer_->algorithm);
    if (signed_) signer_->restart();
}

awaitable<result<asio::const_buffer>> aws_chunked::next() {
    if (!begun_) begin();
    if (left_of_chunk_ > 0) return next_piece();
    return unchunked_ > 0 ? next_chunk() : end();
}

// The line in front of a chunk, and the end of the one before.
awaitable<result<asio::const_buffer>> aws_chunked::next_chunk() {
    const auto size = std::min(chunk_bytes_, unchunked_);
    if (signed_) {
        const auto gathered = co_await gather(static_cast<std::size_t>(size));
        if (!gathered) co_return gathered.error();
        chunk_ = *gathered;
    }
    line_ = unchunked_ < content_.size() ? line_end : std::string_view();
    line_ += hexadecimal(size).text();
    if (signed_) line_.append(chunk_signature).append(signer_->sign(as_bytes(chunk_)));
    line_ += line_end;
    unchunked_ -= size;
    left_of_chunk_ = size;
    co_return asio::buffer(line_);
}

awaitable<result<asio::const_buffer>> aws_chunked::next_piece() {
    auto& from = signed_ ? chunk_ : rest_;
    if (from.size() == 0) {
        const auto more = co_await content_.next();
        if (!more) co_return more.error();
        if (more->size() == 0)
            co_return wrong_length("shorter", content_.size() - unchunked_ - left_of_chunk_);
        from = *more;
    }
    const auto most = std::min<std::uint64_t>(left_of_chunk_, max_piece_bytes);
    const auto piece = asio::buffer(from, static_cast<std::size_t>(most));
    from += piece.size();
    left_of_chunk_ -= piece.size();
    if (running_) running_->update(as_bytes(piece));
    co_return piece;
}

// The next so many bytes in one piece.
awaitable<result<asio::const_buffer>> aws_chunked::gather(std::size_t bytes) {
    copied_.clear();
    for (;;) {
        const auto some = asio::buffer(rest_, bytes - copied_.size());
        rest_ += some.size();
        if (some.size() == bytes) co_return some;
        copied_.append(static_cast<const char*>(some.data()), some.size());
        if (copied_.size() == bytes) co_return asio::buffer(copied_);
        const auto more = co_await content_.next();
        if (!more) co_return more.error();
        if (more->size() == 0)
            co_return wrong_length("shorter", content_.size() - unchunked_ + copied_.size());
        rest_ = *more;
    }
}

// The empty chunk and the trailer: with them the peer has all.
awaitable<result<asio::const_buffer>> aws_chunked::end() {
    if (std::exchange(ended_, true)) co_return asio::const_buffer();
    if (rest_.size() == 0) {
        const auto more = co_await content_.next();
        if (!more) co_return more.error();
        rest_ = *more;
    }
    if (rest_.size() > 0) co_return wrong_length("longer", content_.size() + rest_.size());
    line_ = content_.size() > 0 ? line_end : std::string_view();
    line_ += '0';
    if (signed_) line_.append(chunk_signature).append(signer_->sign({}));
    line_ += line_end;
    if (trailer_) append_trailer();
    line_ += line_end;
    co_return asio::buffer(line_);
}

void aws_chunked::append_trailer() {
    sum_ = running_->finish();
    const auto field = trailer_->field + ':' + sum_->base64();
    line_.append(field).append(line_end);
    if (signed_)
        line_.append(trailer_signature)
            .append(signer_->sign_trailer(field + '\n'))
            .append(line_end);
}

error aws_chunked::wrong_length(std::string_view how, std::uint64_t seen) const {
    return wire::body_length_error(content_.size(), seen, how);
}

}  // namespace cairn::s3
