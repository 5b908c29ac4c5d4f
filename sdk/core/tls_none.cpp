#include "core/tls.hpp"

namespace stator::sdk {

// In place of tls.cpp in static programs, which can load no library.
Outcome<std::unique_ptr<Stream>> start_tls(std::unique_ptr<Stream>, const std::string& host,
                                           Deadline) {
  return Failure{STATOR1_CONFIGURATION,
                 "TLS: this function is linked statically, without TLS, and cannot reach https://" +
                     host + "; use an http endpoint, or the layer"};
}

}  // namespace stator::sdk
