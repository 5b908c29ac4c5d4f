#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace stator::http {

/// What a TLS server shows of itself and asks of its clients, as PEM text.
struct TlsIdentity {
  std::string certificate_chain;  ///< the server's own first
  std::string private_key;
  /// Authorities whose clients are let in. Not empty: a client must prove that it owns a
  /// certificate of theirs (mutual TLS), else the handshake fails.
  std::string client_authorities = {};
  bool is_tls13_only = false;  ///< else TLS 1.2 and 1.3
};

namespace detail {
class TlsContext;
}
/// An identity made ready for handshakes. Immutable, shared by connections; any thread.
using TlsContextPtr = std::shared_ptr<const detail::TlsContext>;

/// kInvalid, saying which part, for PEM that cannot be read and for a key that is not the
/// certificate's.
[[nodiscard]] Result<TlsContextPtr> make_tls_context(const TlsIdentity& identity);

/// The identity for the name that a client asks for (SNI, lower case; "" when it names none). Null
/// refuses the handshake (unrecognized_name). On any loop, once a handshake: must not block. A
/// session is resumed only under the context it began under, so that one made anew from changed
/// authorities asks everybody again.
using TlsChooser = std::function<TlsContextPtr(std::string_view server_name)>;

}  // namespace stator::http
