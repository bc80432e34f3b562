#include "testing/fate.hpp"

namespace cairn::testing {

fault_chances::fault_chances() = default;
link_options::link_options() = default;
connection_fate::connection_fate() = default;

namespace {

void draw_for(const fault_chances& chances, connection_fate& fate, seeded_random& random) {
    if (random.chance(chances.refused)) fate.refused = true;
    if (random.chance(chances.unanswered)) fate.unanswered = true;
    if (random.chance(chances.tls_failed)) fate.tls = static_cast<tls_fault>(1 + random.below(4));
    if (random.chance(chances.reset)) {
        const bool receiving = random.chance(0.5);
        (receiving ? fate.reset_after_received : fate.reset_after_sent) =
            random.below(chances.within_bytes);
    }
    if (random.chance(chances.vanished))
        fate.vanished_after_received = random.below(chances.within_bytes);
}

}  // namespace

connection_fate draw_fate(const fault_chances& machine, const fault_chances& host,
                          seeded_random& random) {
    connection_fate fate;
    draw_for(machine, fate, random);
    draw_for(host, fate, random);
    return fate;
}

std::string describe(tls_fault reason) {
    switch (reason) {
        case tls_fault::certificate_expired:
            return "the server's certificate is refused: certificate has expired";
        case tls_fault::unknown_authority:
            return "the server's certificate is refused: unable to get local issuer certificate";
        case tls_fault::wrong_host:
            return "the server's certificate is refused: hostname mismatch";
        default:
            return "unexpected eof while reading";
    }
}

}  // namespace cairn::testing
