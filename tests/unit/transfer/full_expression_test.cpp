#include "support/io.hpp"
#include "support/peer.hpp"
#include "support/scratch.hpp"

#include <cairn/auth/providers.hpp>
#include <cairn/transfer.hpp>

#include <filesystem>

// GCC 12 destroys some temporaries of a co_await expression twice. Each public awaitable is called
// here with temporaries that own memory, in one full expression; ASan tells whether that was safe.

namespace cairn::transfer {
namespace {

std::string long_text(char c) {
    return std::string(100, c);  // beyond the small-string buffer
}
std::string name() {
    return "bucket-" + std::string(40, 'b');
}

class full_expression_test : public test::io {
  protected:
    manager connect() {
        s3::client_config config(auth::anonymous_credentials());
        config.endpoint = "http://s3.example";
        config.transport =
            std::make_shared<test::simulated_transport>(test::replies({test::reply(404)}));
        config.clock = time;
        options o;
        o.file_threads = 0;
        o.multipart_threshold_bytes = 1000;
        return {s3::client::create(std::move(config)).value(), o};
    }
    // Whatever the outcome, it was reached.
    template <class T>
    static void reached(const result<T>& r) {
        EXPECT_TRUE(r.has_value() || !r.error().what().empty());
    }
    template <class T>
    static void reached(const std::vector<result<T>>& all) {
        for (const auto& each : all) reached(each);
    }
    // To places that are not there.
    static std::filesystem::path path() { return "/nonexistent/" + long_text('p'); }
    static s3::head_object object_as_seen() {
        s3::head_object object(name(), long_text('k'));
        object.if_match = long_text('e');
        return object;
    }
    static source piped() { return source::stream(body::reader(), 5000); }
    static upload described(source from) {
        upload request(std::move(from), name(), long_text('k'));
        request.object.metadata[long_text('m')] = long_text('v');
        request.on_progress = [text = long_text('h')](const progress&) {};
        return request;
    }
    static upload compressed(source from) {
        auto request = described(std::move(from));
        request.compression = codec::zstd_options(1);
        return request;
    }
    static upload resumable(source from) {
        auto request = described(std::move(from));
        request.resume_file = path();
        return request;
    }
    static download decoded() {
        download request(name(), long_text('k'), path());
        request.decompression.emplace();
        return request;
    }
    static copy copied() { return {name(), long_text('k'), name(), long_text('l')}; }
};

TEST_F(full_expression_test, EverydayForms) {
    const auto all = [](manager m) -> awaitable<void> {
        reached(co_await m.upload_file(path(), name(), long_text('k')));
        reached(co_await m.upload_file(path(), name(), long_text('k'), on_progress()));
        reached(co_await m.download_file(name(), long_text('k'), path()));
        reached(co_await m.download_file(name(), long_text('k'), path(), on_progress()));
        reached(co_await m.open(name(), long_text('k')));
        reached(co_await m.open(s3::get_object(name(), long_text('k'))));
        reached(co_await m.delete_prefix(name(), long_text('k')));
        reached(co_await m.delete_objects(name(), std::vector(1, long_text('k'))));
    };
    run(all(connect()));
}

TEST_F(full_expression_test, Requests) {
    const auto all = [](manager m) -> awaitable<void> {
        reached(co_await m.send(upload(source::file(path()), name(), long_text('k'))));
        for (const std::size_t size : {100, 5000}) {
            reached(co_await m.send(described(source::bytes(std::string(size, 'x')))));
            reached(co_await m.send(described(source::view(std::string_view("text")))));
            reached(co_await m.send(compressed(source::bytes(std::string(size, 'x')))));
            reached(co_await m.send(described(piped())));
        }
        reached(co_await m.send(resumable(source::file(path()))));
        reached(co_await m.send(download(name(), long_text('k'), path())));
        reached(co_await m.send(decoded()));
        reached(co_await m.send(copied()));
        reached(co_await m.send(move(copied())));
        reached(co_await m.send(move(name(), long_text('k'), name(), long_text('l'))));
        reached(co_await m.copy_prefix(copied()));
        reached(co_await m.move_prefix(move(copied())));
        reached(co_await m.send(sync(tree::folder(path()), tree::prefix(name(), long_text('p')))));
        reached(co_await m.send(sync(tree::prefix(name(), long_text('p')), tree::folder(path())),
                                sync_plan()));
        reached(co_await m.plan(sync(tree::prefix(name(), long_text('p')), tree::folder(path()))));
    };
    run(all(connect()));
}

TEST_F(full_expression_test, BatchesAndTrees) {
    const auto all = [](s3::client s3) -> awaitable<void> {
        using std::vector;
        reached(co_await send_all(
            s3, vector<s3::head_object>(3, s3::head_object(name(), long_text('k')))));
        reached(co_await send_all(
            s3, vector<s3::delete_object>(3, s3::delete_object(name(), long_text('k'))), 2));
        reached(co_await read_all(
            s3, vector<s3::get_object>(3, s3::get_object(name(), long_text('k'))), 100));
        reached(co_await delete_unchanged(s3, object_as_seen()));
        reached(co_await object_tree(s3, name(), long_text('p') + "/").next());
        reached(co_await object_tree(s3, name(), pattern(long_text('p') + "*")).all());
        reached(co_await manager(s3).upload_file(path(), name(), long_text('k')));
    };
    run(all(connect().client()));
}

}  // namespace
}  // namespace cairn::transfer
