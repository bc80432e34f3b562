#include "tools/session.hpp"
#include "tools/text.hpp"

#include <cairn/transfer/pattern.hpp>

#include <iomanip>
#include <sstream>

namespace cairn::tool {
namespace {

constexpr auto examples =
    "  cairn ls                                buckets\n"
    "  cairn ls s3://photos/2026/              what is right below a prefix\n"
    "  cairn ls -l --human-readable --summarize --recursive s3://photos\n"
    "  cairn ls 's3://logs/2026-*/*.gz'        what matches, at any depth";

struct ls_options {
    ls_options() = default;
    std::string argument = "s3://";
    s3_url url;
    bool recursive = false;
    bool long_form = false;
    bool human_readable = false;
    bool summarize = false;
};

class listing {
  public:
    listing(report& out, const ls_options& options) : out_(out), options_(options) {
        const auto& key = options.url.key;
        // Below one prefix, names are shown without it.
        if (!everything()) hidden_ = key.size() - last_segment(key).size();
        if (options.url.has_wildcards()) keys_.emplace(key);
    }

    s3::list_objects_v2 request() const {
        s3::list_objects_v2 asked(options_.url.bucket);
        asked.prefix = keys_ ? std::string(keys_->literal_start()) : options_.url.key;
        if (!everything()) asked.delimiter = "/";
        return asked;
    }

    void add(const s3::list_objects_v2_output& page) {
        for (const auto& below : page.common_prefixes) add_prefix(below.prefix);
        for (const auto& object : page.contents)
            if (!keys_ || keys_->matches(object.key)) add_object(object);
        out_.flush();
    }

    void end() const {
        if (!options_.summarize) return;
        if (out_.is_json()) {
            out_.line({{"objects", objects_}, {"bytes", bytes_}});
            return;
        }
        out_.line("");
        out_.line("Total Objects: " + std::to_string(objects_));
        out_.line("   Total Size: " + size_text(bytes_));
    }

    bool is_empty() const { return objects_ == 0 && prefixes_ == 0; }

  private:
    bool everything() const { return options_.recursive || options_.url.has_wildcards(); }

    void add_prefix(const std::string& prefix) {
        ++prefixes_;
        if (out_.is_json())
            out_.line({{"url", s3_url(options_.url.bucket, prefix).text()}, {"type", "prefix"}});
        else
            out_.line((options_.long_form ? std::string(27, ' ') + "PRE " : "") +
                      prefix.substr(hidden_));
    }

    void add_object(const s3::object& object) {
        ++objects_;
        const auto size = static_cast<std::uint64_t>(object.size.value_or(0));
        bytes_ += size;
        if (out_.is_json())
            out_.line(as_json(object));
        else
            out_.line((options_.long_form ? columns(object, size) : "") +
                      object.key.substr(hidden_));
    }

    boost::json::object as_json(const s3::object& object) const {
        boost::json::object value{{"url", s3_url(options_.url.bucket, object.key).text()},
                                  {"type", "object"},
                                  {"size", object.size.value_or(0)}};
        if (object.last_modified) value["last_modified"] = utc_time(*object.last_modified);
        if (object.etag) value["etag"] = *object.etag;
        if (object.storage_class) value["storage_class"] = *object.storage_class;
        return value;
    }

    std::string size_text(std::uint64_t bytes) const {
        return options_.human_readable ? human_bytes(bytes) : std::to_string(bytes);
    }

    std::string columns(const s3::object& object, std::uint64_t size) const {
        std::ostringstream line;
        line << local_time(object.last_modified.value_or(s3::timestamp())) << ' ' << std::setw(10)
             << size_text(size) << ' ';
        return line.str();
    }

    report& out_;
    const ls_options& options_;
    std::size_t hidden_ = 0;
    std::optional<transfer::pattern> keys_;
    std::uint64_t objects_ = 0;
    std::uint64_t prefixes_ = 0;
    std::uint64_t bytes_ = 0;
};

awaitable<void> list_buckets(session& with, std::shared_ptr<const ls_options> o) {
    s3::paginator<s3::list_buckets> pages(with.client, s3::list_buckets());
    for (;;) {
        const auto page = co_await pages.next();
        if (!page) with.out.failed("ls", "", page.error());
        if (!page || !*page) co_return;
        for (const auto& bucket : (*page)->buckets) {
            const auto made = bucket.creation_date.value_or(s3::timestamp());
            if (with.out.is_json())
                with.out.line({{"url", "s3://" + bucket.name},
                               {"type", "bucket"},
                               {"creation_date", utc_time(made)}});
            else
                with.out.line((o->long_form ? local_time(made) + " " : "") + bucket.name);
        }
        with.out.flush();
    }
}

awaitable<void> list_objects(session& with, std::shared_ptr<const ls_options> o) {
    listing shown(with.out, *o);
    s3::paginator<s3::list_objects_v2> pages(with.client, shown.request());
    for (;;) {
        const auto page = co_await pages.next();
        if (!page) {
            with.out.failed("ls", o->url.text(), page.error());
            co_return;
        }
        if (!*page) break;
        shown.add(**page);
    }
    // An empty bucket is a bucket; a prefix that nothing has is none.
    if (shown.is_empty() && !o->url.key.empty())
        with.out.failed("ls", o->url.text(), nothing_found(o->url));
    shown.end();
}

}  // namespace

void add_ls(CLI::App& app, action& chosen) {
    auto& command = add_command(app, "ls", "List buckets, or objects", examples);
    const auto o = std::make_shared<ls_options>();
    command.add_option("URL", o->argument, "s3://BUCKET/PREFIX, or with wildcards; none: buckets");
    command.add_flag("-r,--recursive", o->recursive, "List all objects that start with the prefix");
    command.add_flag("-l,--long", o->long_form, "Show when each was modified, and its size");
    command.add_flag("--human-readable", o->human_readable, "Show sizes as 1.2 MiB");
    command.add_flag("--summarize", o->summarize, "End with the number and the size of all");
    command.callback([o, &chosen] {
        const auto url = parse_s3_url(o->argument);
        if (!url) throw usage_error("\"" + o->argument + "\" is no s3://BUCKET/PREFIX");
        o->url = *url;
        if (url->bucket.empty()) {
            chosen = [o](session& with) { return list_buckets(with, o); };
            return;
        }
        check_bucket(*url);
        chosen = [o](session& with) { return list_objects(with, o); };
    });
}

}  // namespace cairn::tool
