// Asio's own code, compiled once for the whole program (CAIRN_SEPARATE_ASIO).
#ifdef BOOST_ASIO_SEPARATE_COMPILATION
#include <boost/asio/impl/src.hpp>
#endif
