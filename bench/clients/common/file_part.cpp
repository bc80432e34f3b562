#include "file_part.hpp"

#include <algorithm>
#include <fcntl.h>
#include <stdexcept>
#include <unistd.h>

namespace cairn::bench {
namespace {

void require(bool right, const char* otherwise) {
    if (!right) throw std::runtime_error(otherwise);
}

}  // namespace

descriptor open_file(const workload& load) {
    const bool put = load.operation == operation::put;
    const int flags = put ? O_RDONLY : O_RDWR | O_CREAT | O_TRUNC;
    descriptor file(checked(open(load.file.c_str(), flags | O_CLOEXEC, 0666), "open"));
    if (!put) checked(ftruncate(file.get(), static_cast<off_t>(load.object_bytes)), "ftruncate");
    return file;
}

std::span<const char> file_part::read(std::span<char> into) {
    into = into.first(std::min<std::uint64_t>(into.size(), missing()));
    const auto got =
        checked(pread(file_->get(), into.data(), into.size(), static_cast<off_t>(at_)), "pread");
    require(static_cast<std::size_t>(got) == into.size(), "the file is too short");
    sum_.update(std::as_bytes(into));
    at_ += into.size();
    return into;
}

void file_part::write(std::span<const char> bytes) {
    require(bytes.size() <= missing(), "the body is too long");
    sum_.update(std::as_bytes(bytes));
    const auto done = checked(
        pwrite(file_->get(), bytes.data(), bytes.size(), static_cast<off_t>(at_)), "pwrite");
    require(static_cast<std::size_t>(done) == bytes.size(), "pwrite was short");
    at_ += bytes.size();
}

void file_part::finish() {
    require(missing() == 0, "the body ends early");
    sum_.finish();
}

}  // namespace cairn::bench
