#include "support/io.hpp"

#include <cairn/testing/scripted_host.hpp>

#include <stdexcept>
#include <vector>

namespace cairn::testing {
namespace {

class scripted_host_test : public test::io {
  protected:
    // The client's end, to be talked on by way of a `peer` of its own.
    peer connect(script server) {
        net.add_host("host", scripted(std::move(server)));
        auto s = run(machine.transport()->connect({asio::ip::make_address("10.0.0.1"), 80}));
        return peer(std::move(s.value()));
    }

    simulated_network net{world};
    simulated_machine machine = net.add_machine("machine");
};

TEST_F(scripted_host_test, GivesReplyAfterReply) {
    auto client = connect(replies({reply(200, "one"), reply(404)}));
    for (const auto* head : {"200", "404", "404"}) {
        run(client.send("GET / HTTP/1.1\r\n\r\n"));
        const auto got = run(client.read_request());  // replies are framed as requests are
        EXPECT_EQ(got.substr(9, 3), head) << got;
    }
}

TEST_F(scripted_host_test, ReadsRequestsWithTheirBodies) {
    std::vector<std::string> seen;
    auto client = connect([&seen](peer& at, int n) {
        const auto keep = [](peer& from, std::vector<std::string>& into,
                             int which) -> awaitable<void> {
            for (;;) {
                auto request = co_await from.read_request();
                if (request.empty()) co_return;
                into.push_back(std::to_string(which) + ": " + request);
            }
        };
        return keep(at, seen, n);
    });
    run(client.send("PUT /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nhelloGET /b HTTP/1.1\r\n\r\nGET"));
    client.close();
    settle();
    EXPECT_EQ(seen,
              (std::vector<std::string>{"0: PUT /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello",
                                        "0: GET /b HTTP/1.1\r\n\r\n"}))
        << "and nothing of the last, which is not whole";
}

TEST(scripted_host, NeedsAReply) {
    EXPECT_THROW(replies({}), std::invalid_argument);
}

}  // namespace
}  // namespace cairn::testing
