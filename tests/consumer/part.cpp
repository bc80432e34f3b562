// An example, as somebody else's program that uses one layer of cairn.
#include "../../examples/resilience/retry.cpp"

#if defined(CAIRN_VERSION) || defined(BOOST_ASIO_NO_DEPRECATED)
#error "cairn's own definitions have reached its user"
#endif
