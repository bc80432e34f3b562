// Asio's own code, compiled once for the whole program (CAIRN_SEPARATE_ASIO).
#include <boost/asio/impl/src.hpp>
