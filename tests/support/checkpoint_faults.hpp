#pragma once

#include <cairn/checkpoint/backing.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cairn::test {

/// How a call to a backing goes wrong.
enum class fault {
    none,
    refused,       ///< It fails before anything is sent.
    lost_request,  ///< It never arrives, and nobody knows.
    lost_reply,    ///< It is carried out, and nobody knows.
    contended,     ///< A create is answered `contended`; any other call is `refused`.
};

std::string name_of(fault f);

/// Stands between a store and its backing: keeps a log of calls, makes chosen ones go wrong, and
/// lets other coroutines run before and after each.
class faulty_backing final : public checkpoint::backing {
  public:
    struct call {
        call(std::string name, std::string key) : name(std::move(name)), key(std::move(key)) {}
        std::string name;
        std::string key;
    };
    /// What happens to the call of index `index`, counted from 0.
    using plan = std::function<fault(std::size_t index, const call& c)>;

    explicit faulty_backing(std::shared_ptr<checkpoint::backing> inner)
        : inner_(std::move(inner)) {}

    /// Starts a new log and a new plan.
    void follow(plan p);
    /// The same, with nothing going wrong.
    void heal() { follow(nullptr); }
    const std::vector<call>& calls() const noexcept { return calls_; }
    /// The names of the calls in order: "list get create".
    std::string log() const;

    awaitable<result<checkpoint::create_outcome>> create(std::string key, bytes data) override;
    awaitable<result<void>> put(std::string key, bytes data) override;
    awaitable<result<bytes>> get(std::string key, std::size_t limit) override;
    awaitable<result<std::vector<std::string>>> list(std::string prefix, std::string start_after,
                                                     std::size_t limit) override;
    awaitable<result<std::vector<result<void>>>> remove(std::vector<std::string> keys) override;
    std::string location(std::string_view key) const override { return inner_->location(key); }

  private:
    fault begin(std::string name, std::string key);

    std::shared_ptr<checkpoint::backing> inner_;
    plan plan_;
    std::vector<call> calls_;
};

}  // namespace cairn::test
