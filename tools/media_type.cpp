#include "tools/media_type.hpp"

#include <cairn/core/ascii.hpp>

#include <algorithm>
#include <array>

namespace cairn::tool {
namespace {

struct known_type {
    std::string_view extension;
    std::string_view type;
};

// The commonest of IANA's, and what browsers expect where that is another.
constexpr std::array known_types{
    known_type{".7z", "application/x-7z-compressed"},
    known_type{".aac", "audio/aac"},
    known_type{".avi", "video/x-msvideo"},
    known_type{".avif", "image/avif"},
    known_type{".bmp", "image/bmp"},
    known_type{".bz2", "application/x-bzip2"},
    known_type{".css", "text/css"},
    known_type{".csv", "text/csv"},
    known_type{".doc", "application/msword"},
    known_type{".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    known_type{".epub", "application/epub+zip"},
    known_type{".flac", "audio/flac"},
    known_type{".gif", "image/gif"},
    known_type{".gz", "application/gzip"},
    known_type{".heic", "image/heic"},
    known_type{".htm", "text/html"},
    known_type{".html", "text/html"},
    known_type{".ico", "image/vnd.microsoft.icon"},
    known_type{".ics", "text/calendar"},
    known_type{".jar", "application/java-archive"},
    known_type{".jpeg", "image/jpeg"},
    known_type{".jpg", "image/jpeg"},
    known_type{".js", "text/javascript"},
    known_type{".json", "application/json"},
    known_type{".log", "text/plain"},
    known_type{".m4a", "audio/mp4"},
    known_type{".m4v", "video/mp4"},
    known_type{".map", "application/json"},
    known_type{".md", "text/markdown"},
    known_type{".mjs", "text/javascript"},
    known_type{".mkv", "video/matroska"},
    known_type{".mov", "video/quicktime"},
    known_type{".mp3", "audio/mpeg"},
    known_type{".mp4", "video/mp4"},
    known_type{".mpeg", "video/mpeg"},
    known_type{".mpg", "video/mpeg"},
    known_type{".odp", "application/vnd.oasis.opendocument.presentation"},
    known_type{".ods", "application/vnd.oasis.opendocument.spreadsheet"},
    known_type{".odt", "application/vnd.oasis.opendocument.text"},
    known_type{".ogg", "audio/ogg"},
    known_type{".ogv", "video/ogg"},
    known_type{".opus", "audio/ogg"},
    known_type{".otf", "font/otf"},
    known_type{".parquet", "application/vnd.apache.parquet"},
    known_type{".pdf", "application/pdf"},
    known_type{".png", "image/png"},
    known_type{".ppt", "application/vnd.ms-powerpoint"},
    known_type{".pptx",
               "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    known_type{".rtf", "application/rtf"},
    known_type{".svg", "image/svg+xml"},
    known_type{".tar", "application/x-tar"},
    known_type{".tgz", "application/gzip"},
    known_type{".tif", "image/tiff"},
    known_type{".tiff", "image/tiff"},
    known_type{".ttf", "font/ttf"},
    known_type{".txt", "text/plain"},
    known_type{".wasm", "application/wasm"},
    known_type{".wav", "audio/wav"},
    known_type{".weba", "audio/webm"},
    known_type{".webm", "video/webm"},
    known_type{".webmanifest", "application/manifest+json"},
    known_type{".webp", "image/webp"},
    known_type{".woff", "font/woff"},
    known_type{".woff2", "font/woff2"},
    known_type{".xhtml", "application/xhtml+xml"},
    known_type{".xls", "application/vnd.ms-excel"},
    known_type{".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    known_type{".xml", "text/xml"},
    known_type{".xz", "application/x-xz"},
    known_type{".yaml", "application/yaml"},
    known_type{".yml", "application/yaml"},
    known_type{".zip", "application/zip"},
    known_type{".zst", "application/zstd"},
};
static_assert(std::ranges::is_sorted(known_types, {}, &known_type::extension));

}  // namespace

std::string_view media_type_of(const std::filesystem::path& file) {
    const auto extension = ascii::lower(file.extension().native());
    const auto* const found =
        std::ranges::lower_bound(known_types, extension, {}, &known_type::extension);
    return found != known_types.end() && found->extension == extension ? found->type
                                                                       : std::string_view();
}

}  // namespace cairn::tool
