#include "support/io.hpp"
#include "support/peer.hpp"

#include <cairn/auth/providers.hpp>
#include <cairn/s3/client.hpp>

// GCC 12 destroys some temporaries of a co_await expression twice. Each public awaitable is called
// here with temporaries that own memory, in one full expression; ASan tells whether that was safe.

namespace cairn::s3 {
namespace {

const std::string long_text(100, 'x');  // beyond the small-string buffer

class full_expression_test : public test::io {
  protected:
    client connect() {
        client_config config(auth::static_credentials(
            auth::credentials(long_text, secret(long_text), secret(long_text))));
        config.endpoint = "http://s3.example";
        config.transport =
            std::make_shared<test::simulated_transport>(test::replies({test::reply(404)}));
        config.clock = time;
        return client::create(std::move(config)).value();
    }
    // Whatever the outcome, it was reached.
    template <class T>
    static void reached(const result<T>& r) {
        EXPECT_TRUE(r.has_value() || !r.error().what().empty());
    }
    static std::string name() { return "bucket-" + std::string(40, 'b'); }
};

TEST_F(full_expression_test, EverydayForms) {
    const auto all = [](client s3) -> awaitable<void> {
        reached(co_await s3.create_bucket(name()));
        reached(co_await s3.head_bucket(name()));
        reached(co_await s3.bucket_location(name()));
        reached(co_await s3.list_buckets());
        reached(co_await s3.put_object(name(), long_text, long_text + "!"));
        reached(co_await s3.put_object(name(), long_text, body::view(long_text)));
        reached(co_await s3.put_object(name(), long_text, body::file("/nonexistent/" + long_text)));
        reached(co_await s3.put_object(name(), long_text, "text"));
        reached(co_await s3.get_object(name(), long_text));
        reached(co_await s3.head_object(name(), long_text));
        reached(co_await s3.copy_object(name(), long_text, name(), long_text + "2"));
        reached(co_await s3.delete_object(name(), long_text));
        reached(co_await s3.delete_objects(name(), std::vector<std::string>(3, long_text)));
        reached(co_await s3.list_objects(name(), long_text).next());
        reached(co_await s3.delete_bucket(name()));
    };
    run(all(connect()));
}

TEST_F(full_expression_test, Operations) {
    const auto all = [](client s3) -> awaitable<void> {
        reached(co_await s3.send(create_bucket(name())));
        reached(co_await s3.send(head_bucket(name())));
        reached(co_await s3.send(get_bucket_location(name())));
        reached(co_await s3.send(list_buckets()));
        reached(co_await s3.send(put_object(name(), long_text)));
        reached(co_await s3.send(get_object(name(), long_text)));
        reached(co_await s3.send(head_object(name(), long_text)));
        reached(co_await s3.send(copy_object(name(), long_text, copy_source(name(), long_text))));
        reached(co_await s3.send(delete_object(name(), long_text)));
        reached(co_await s3.send(delete_objects(name(), std::vector<std::string>(3, long_text))));
        reached(co_await s3.send(list_objects_v2(name())));
        reached(co_await s3.send(create_multipart_upload(name(), long_text)));
        reached(co_await s3.send(upload_part(name(), long_text, long_text, 1)));
        reached(co_await s3.send(
            upload_part_copy(name(), long_text, long_text, 1, copy_source(name(), long_text))));
        reached(co_await s3.send(complete_multipart_upload(name(), long_text, long_text)));
        reached(co_await s3.send(abort_multipart_upload(name(), long_text, long_text)));
        reached(co_await s3.send(list_parts(name(), long_text, long_text)));
        reached(co_await s3.send(list_multipart_uploads(name())));
        reached(co_await s3.send(get_object_tagging(name(), long_text)));
        reached(co_await s3.send(
            put_object_tagging(name(), long_text, std::vector<tag>(2, tag(long_text, long_text)))));
        reached(co_await s3.send(delete_object_tagging(name(), long_text)));
        reached(co_await s3.send(delete_bucket(name())));
    };
    run(all(connect()));
}

TEST_F(full_expression_test, ReadersAndProviders) {
    const auto all = [](client s3) -> awaitable<void> {
        reached(co_await body::reader().read_all(10));
        reached(co_await body::reader().save("/nonexistent/" + long_text));
        reached(co_await auth::static_credentials(auth::credentials(long_text, secret(long_text)))
                    ->get());
        reached(co_await auth::anonymous_credentials()->get());
        reached(co_await paginator<list_objects_v2>(s3, list_objects_v2(name())).next());
        reached(
            co_await wire::make_transport(wire::tls_options()).value()->resolve("192.0.2.1", 80));
    };
    run(all(connect()));
}

}  // namespace
}  // namespace cairn::s3
