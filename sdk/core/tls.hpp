#pragma once

#include <memory>
#include <string>

#include "core/stream.hpp"

namespace stator::sdk {

/// Speaks TLS 1.2 or 1.3 over `plain`. libssl.so.3 is loaded at the first call, so that a function
/// that never leaves stator never pays for it. The certificate must chain to the trust store and
/// name `host`; the store is AWS_CA_BUNDLE or SSL_CERT_FILE where set, else the system's bundle.
[[nodiscard]] Outcome<std::unique_ptr<Stream>> start_tls(std::unique_ptr<Stream> plain,
                                                         const std::string& host,
                                                         Deadline deadline);

}  // namespace stator::sdk
