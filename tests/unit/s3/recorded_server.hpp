#pragma once

#include "support/constant_random.hpp"
#include "support/io.hpp"
#include "support/peer.hpp"

#include <cairn/auth/providers.hpp>
#include <cairn/s3/client.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cairn::s3 {

/// A client and a scripted server on a simulated network.
class recorded_server : public test::io {
  protected:
    client_config config_for(test::script server, test::constant_random::side chance) {
        net = std::make_shared<test::simulated_transport>(std::move(server));
        client_config config(
            auth::static_credentials(auth::credentials("AKIDEXAMPLE", secret("s3cr3t"))));
        config.endpoint = "http://s3.example";
        config.transport = net;
        config.clock = time;
        config.random = std::make_shared<test::constant_random>(chance);
        return config;
    }
    /// Keeps what each request looked like, in order, and gives each the next answer, the last one
    /// again and again, on whatever connection it comes; an empty answer is a hang-up.
    test::script recording(std::vector<std::string> answers) {
        return [this, answers = std::move(answers), next = std::make_shared<std::size_t>(0)](
                   test::peer& at, int) -> awaitable<void> {
            for (;;) {
                auto request = co_await at.read_request();
                if (request.empty()) co_return;
                requests.push_back(std::move(request));
                const auto& answer = answers[std::min((*next)++, answers.size() - 1)];
                if (answer.empty()) co_return;
                co_await at.send(answer);
            }
        };
    }
    /// Keeps what each request looked like, and gives it the answer that `answer` makes of it, so
    /// much later.
    test::script answering(std::function<std::string(const std::string& request)> answer,
                           clock::duration later = {}) {
        return [this, answer = std::move(answer), later](test::peer& at, int) -> awaitable<void> {
            for (;;) {
                auto request = co_await at.read_request();
                if (request.empty()) co_return;
                requests.push_back(std::move(request));
                auto told = answer(requests.back());
                co_await time->sleep_until(time->now() + later);
                co_await at.send(std::move(told));
            }
        };
    }

    std::shared_ptr<test::simulated_transport> net;
    std::vector<std::string> requests;
};

}  // namespace cairn::s3
