#pragma once

#include "testing/s3_core.hpp"

#include <cairn/testing/simulated_s3.hpp>

#include <map>
#include <mutex>

namespace cairn::testing {

/// What all handles of one simulated S3 share. Thread-safe.
struct simulated_s3::state {
    explicit state(const simulated_s3_options& options);

    /// A request that has been heard, and what is to go wrong with it.
    struct arrival {
        s3_call call;
        s3_fault fault;
    };
    arrival arrive(const wire::request_head& head);
    /// The answer to what is no request.
    simulated::reply refuse_garbage();
    /// The refusal that need not wait for the body, if there is one.
    std::optional<simulated::reply> refuse_early(const wire::request_head& head,
                                                 const arrival& how);
    /// Carries a request out, or not, as its fault has it; nothing when it gets no answer.
    std::optional<simulated::reply> answer(const wire::request_head& head, bytes body,
                                           const arrival& how);

    const std::shared_ptr<cairn::clock> clock;
    /// Held, before `mutex`, while a plan is shown a request: one at a time, in their order. May be
    /// taken again by a plan that makes requests itself.
    std::recursive_mutex arrivals;
    mutable std::mutex mutex;
    simulated::core core;
    std::shared_ptr<const s3_fault_plan> plan;  ///< Null: nothing goes wrong.
    std::size_t requests = 0;
    std::map<std::string, std::size_t> requests_by_operation;
    std::vector<s3_log_entry> log;

  private:
    s3_call hear(const wire::request_head& head);
    simulated::reply refuse(const wire::request_head& head, const s3_fault& fault);
    void note(const wire::request_head& head, const s3_call& call, unsigned status);
};

}  // namespace cairn::testing
