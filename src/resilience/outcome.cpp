#include <cairn/resilience/outcome.hpp>

#include <boost/system/system_error.hpp>

#include <system_error>

namespace cairn::detail {

error error_of(const std::exception_ptr& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const error_exception& e) {
        return e.error();
    } catch (const boost::system::system_error& e) {
        return error(e.code()).effect(effect::unknown);
    } catch (const std::system_error& e) {
        return error(error_code(e.code()), e.what()).effect(effect::unknown);
    } catch (const std::exception& e) {
        return error(errc::unexpected_exception, e.what()).effect(effect::unknown);
    } catch (...) {
        return error(errc::unexpected_exception).effect(effect::unknown);
    }
}

}  // namespace cairn::detail
