#pragma once

#include "support/constant_random.hpp"
#include "support/io.hpp"
#include "support/peer.hpp"

#include <cairn/auth/providers.hpp>
#include <cairn/s3/client.hpp>
#include <cairn/testing/simulated_s3.hpp>

#include <gmock/gmock.h>

#include <memory>
#include <string>

namespace cairn::testing {

/// A simulated S3, a network to it, and clients.
class simulated_s3_test : public test::io {
  protected:
    static simulated_s3_options on(std::shared_ptr<cairn::clock> time) {
        simulated_s3_options options;
        options.clock = std::move(time);
        return options;
    }
    static std::shared_ptr<test::simulated_transport> network_to(const simulated_s3& s3) {
        return std::make_shared<test::simulated_transport>(
            [s3](test::peer& at, int) { return s3.serve(at.take()); });
    }
    static s3::client_config config(std::shared_ptr<wire::transport> network,
                                    std::shared_ptr<cairn::clock> time) {
        s3::client_config c(auth::static_credentials(
            auth::credentials("simulated-access-key", secret("simulated-secret-key"))));
        c.endpoint = "http://s3.example";
        c.transport = std::move(network);
        c.clock = std::move(time);
        c.random = std::make_shared<test::constant_random>(test::constant_random::side::least);
        return c;
    }

    template <class T>
    T good(awaitable<result<T>> work) {
        return run(std::move(work)).value();
    }
    template <class T>
    error bad(awaitable<result<T>> work) {
        const auto ended = run(std::move(work));
        if (ended) throw std::logic_error("it was to fail, and succeeded");
        return ended.error();
    }
    std::string get(const std::string& key) {
        auto got = good(client.get_object("bucket", key));
        return good(got.body.read_all(100'000'000));
    }

    simulated_s3_test() { s3.create_bucket("bucket"); }
    // Idle connections are served as long as there are clients.
    void TearDown() override {
        client = once = s3::client::create(config(net, time)).value();
        io::TearDown();
    }

    simulated_s3 s3{on(time)};
    std::shared_ptr<test::simulated_transport> net = network_to(s3);
    s3::client client = s3::client::create(config(net, time)).value();
    /// Without retries.
    s3::client once = client.with(s3::resilience::none());
};

}  // namespace cairn::testing
