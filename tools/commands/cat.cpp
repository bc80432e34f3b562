#include "tools/session.hpp"
#include "tools/standard_stream.hpp"

#include <cairn/transfer/manager.hpp>

#include <unistd.h>
#include <vector>

namespace cairn::tool {
namespace {

constexpr auto examples =
    "  cairn cat s3://logs/today.txt | grep error\n"
    "  cairn cat 's3://logs/2026-11-*.gz' | zcat     one after another, in the order of their keys";

constexpr std::size_t piece_bytes = 256 * 1024;

class printer {
  public:
    printer(session& with, const asio::any_io_executor& executor)
        : with_(with), transfers_(with.client), output_(executor, STDOUT_FILENO) {}

    awaitable<void> print(s3_url url) {
        if (with_.options.dry_run) {
            with_.out.done("cat: " + url.text(), {{"operation", "cat"}, {"url", url.text()}}, true);
            co_return;
        }
        auto opened = co_await transfers_.open(url.bucket, url.key);
        if (!opened) {
            const auto why = co_await why_missing(with_.client, url, opened.error(),
                                                  "add /* for all that is in it");
            co_return with_.out.failed("cat", url.text(), why);
        }
        const auto done = co_await pass_on(opened->body);
        if (!done) with_.out.failed("cat", url.text(), done.error());
    }

    awaitable<void> print_all(s3_url url) {
        auto objects = objects_at(with_.client, url);
        bool any = false;
        for (;;) {
            const auto page = co_await objects.next();
            if (!page || (!*page && !any))
                with_.out.failed("cat", url.text(), page ? nothing_found(url) : page.error());
            if (!page || !*page) co_return;
            any = true;
            for (const auto& entry : **page) {
                s3_url one(url.bucket, objects.root() + entry.name);
                co_await print(std::move(one));
            }
        }
    }

  private:
    awaitable<result<void>> pass_on(body::reader& body) {
        std::vector<char> piece(piece_bytes);
        for (;;) {
            const auto size = co_await body.read_some(asio::buffer(piece));
            if (!size) co_return size.error();
            if (*size == 0) co_return result<void>();
            co_await output_.write(asio::buffer(piece.data(), *size));
        }
    }

    session& with_;
    transfer::manager transfers_;
    standard_stream output_;
};

awaitable<void> cat(session& with, std::vector<s3_url> urls) {
    const auto executor = co_await asio::this_coro::executor;
    printer to(with, executor);
    for (const auto& url : urls) {
        if (url.has_wildcards())
            co_await to.print_all(url);
        else
            co_await to.print(url);
    }
}

}  // namespace

void add_cat(CLI::App& app, action& chosen) {
    auto& command = add_command(app, "cat", "Write objects to standard output", examples);
    const auto arguments = std::make_shared<std::vector<std::string>>();
    command.add_option("URL", *arguments, "s3://BUCKET/KEY, with wildcards or not")->required();
    command.callback([arguments, &chosen] {
        chosen = [urls = require_objects(*arguments)](session& with) { return cat(with, urls); };
    });
}

}  // namespace cairn::tool
