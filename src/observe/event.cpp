#include <cairn/observe/event.hpp>

#include <iomanip>
#include <ostream>

namespace cairn::observe {
namespace {

struct milliseconds {
    clock::duration value;
};

std::ostream& operator<<(std::ostream& out, milliseconds m) {
    const auto flags = out.flags();
    const auto precision = out.precision();
    out << std::fixed << std::setprecision(3)
        << std::chrono::duration<double, std::milli>(m.value).count() << " ms";
    out.flags(flags);
    out.precision(precision);
    return out;
}

struct end {
    const error* failed;
};

std::ostream& operator<<(std::ostream& out, end e) {
    if (!e.failed) return out << "done";
    return out << "failed: " << *e.failed;
}

class writer {
  public:
    explicit writer(std::ostream& out) : out_(out) {}

    void operator()(const call_started& e) const { out_ << e.operation; }
    void operator()(const call_ended& e) const {
        out_ << "ended after " << milliseconds{e.took} << " and " << e.attempts
             << (e.attempts == 1 ? " attempt, " : " attempts, ") << end{e.failed};
    }
    void operator()(const attempt_started& e) const { out_ << "attempt " << e.number; }
    void operator()(const attempt_ended& e) const {
        out_ << "attempt " << e.number << " ended after " << milliseconds{e.took} << ", "
             << end{e.failed};
    }
    void operator()(const retry_scheduled& e) const {
        out_ << "tries again in " << milliseconds{e.pause};
    }
    void operator()(const retry_given_up& e) const { out_ << "is not tried again: " << e.why; }
    void operator()(const call_corrected& e) const {
        out_ << "tries again at once, with " << e.with;
    }
    void operator()(const call_rejected& e) const {
        out_ << "turned away by the " << e.by << ", " << end{e.failed};
    }
    void operator()(const call_queued& e) const {
        out_ << "waited in the queue of the " << e.where << " for " << milliseconds{e.took};
    }
    void operator()(const call_hedged& e) const {
        out_ << "begun once more beside itself after " << milliseconds{e.after};
    }
    void operator()(const breaker_changed& e) const {
        out_ << "circuit breaker";
        if (!e.name.empty()) out_ << " of " << e.name;
        out_ << ": " << e.from << " -> " << e.to;
    }
    void operator()(const connection_step& e) const {
        out_ << e.step << " " << e.peer << " took " << milliseconds{e.took} << ", "
             << end{e.failed};
    }
    void operator()(const connection_acquired& e) const {
        out_ << (e.reused ? "idle" : "new") << " connection to " << e.peer << " after "
             << milliseconds{e.took};
    }
    void operator()(const reply_begun& e) const {
        out_ << "HTTP " << e.http_status << " after " << milliseconds{e.took};
    }
    void operator()(const body_ended& e) const {
        out_ << "body ended after " << e.bytes << " bytes, " << end{e.failed};
    }

  private:
    std::ostream& out_;
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const event& e) {
    if (e.call != 0)
        out << "call " << e.call << ": ";
    else if (!std::holds_alternative<breaker_changed>(e.what))
        out << "a call: ";
    std::visit(writer(out), e.what);
    return out;
}

}  // namespace cairn::observe
