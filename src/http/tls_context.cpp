#include "http/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <vector>

#include "base/check.hpp"
#include "http/tls_session.hpp"

namespace stator::http {

namespace detail {

namespace {

/// Mozilla's "intermediate" list without finite-field Diffie-Hellman; all of them fit HTTP/2
/// (RFC 9113, appendix A). TLS 1.3 has its own, good throughout.
constexpr const char* kCiphersOfTls12 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr int kClientChainDepthMax = 4;
constexpr long kSessionSeconds = 3600;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Bio = std::unique_ptr<BIO, Freed<&::BIO_free>>;
using Certificate = std::unique_ptr<X509, Freed<&::X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<&::EVP_PKEY_free>>;

Error bad_part(const std::string& what) {
  ::ERR_clear_error();
  return invalid(what);
}

/// Instead of OpenSSL's own, which asks at the terminal.
int no_password(char*, int, int, void*) {
  return 0;
}

Bio reader_of(const std::string& text) {
  return Bio(::BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Result<std::vector<Certificate>> read_certificates(const std::string& pem, const char* what) {
  const auto bio = reader_of(pem);
  std::vector<Certificate> result;
  for (;;) {
    Certificate next(::PEM_read_bio_X509(bio.get(), nullptr, &no_password, nullptr));
    if (next == nullptr) break;
    result.push_back(std::move(next));
  }
  const auto reason = ERR_GET_REASON(::ERR_peek_last_error());
  if (reason != PEM_R_NO_START_LINE) {
    return bad_part(std::string(what) + " has a certificate that cannot be read");
  }
  ::ERR_clear_error();
  if (result.empty()) return bad_part(std::string(what) + " has no certificate in PEM");
  return result;
}

/// "\x02h2\x08http/1.1" as a client sends it: ours is the order of preference.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  static constexpr unsigned char kOurs[] = "\x02h2\x08http/1.1";
  unsigned char* chosen = nullptr;
  const int found =
      ::SSL_select_next_proto(&chosen, out_size, kOurs, sizeof(kOurs) - 1, offered, offered_size);
  *out = chosen;
  // RFC 7301: no protocol in common ends the handshake.
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// What the front and every identity have in common. Null when OpenSSL cannot.
SslContext new_context() {
  SslContext context(::SSL_CTX_new(::TLS_server_method()));
  if (context == nullptr) return nullptr;
  auto* raw = context.get();
  ::SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  // A client that goes without saying goodbye cuts nothing short: requests say where they end.
  ::SSL_CTX_set_options(
      raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  // Buffers only while there is something in them: an idle connection holds none.
  ::SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                              SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  ::SSL_CTX_set_read_ahead(raw, 1);
  ::SSL_CTX_set_alpn_select_cb(raw, &choose_protocol, nullptr);
  // Sessions travel in tickets, under keys that live as long as the front; nothing is kept here.
  ::SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  ::SSL_CTX_set_timeout(raw, kSessionSeconds);
  ::SSL_CTX_set_num_tickets(raw, 1);
  if (::SSL_CTX_set_cipher_list(raw, kCiphersOfTls12) != 1) return nullptr;
  return context;
}

/// Where a session may be resumed: nowhere but under the context that began it.
bool name_sessions(SSL_CTX* context) {
  std::array<unsigned char, SSL_MAX_SID_CTX_LENGTH> name{};
  return ::RAND_bytes(name.data(), static_cast<int>(name.size())) == 1 &&
         ::SSL_CTX_set_session_id_context(context, name.data(), name.size()) == 1;
}

Result<void> use_own(SSL_CTX* context, const TlsIdentity& identity) {
  STATOR_TRY(const auto chain, read_certificates(identity.certificate_chain, "the chain"));
  if (::SSL_CTX_use_certificate(context, chain.front().get()) != 1) {
    return bad_part("the certificate cannot be used (its key may be too weak)");
  }
  for (std::size_t i = 1; i < chain.size(); ++i) {
    if (::SSL_CTX_add1_chain_cert(context, chain[i].get()) != 1) {
      return bad_part("the chain has a certificate that cannot be used");
    }
  }
  const auto bio = reader_of(identity.private_key);
  const Key key(::PEM_read_bio_PrivateKey(bio.get(), nullptr, &no_password, nullptr));
  if (key == nullptr) return bad_part("the private key is not PEM, or is under a password");
  if (::SSL_CTX_use_PrivateKey(context, key.get()) != 1 ||
      ::SSL_CTX_check_private_key(context) != 1) {
    return bad_part("the private key is not the certificate's");
  }
  return {};
}

Result<void> use_authorities(SSL_CTX* context, const std::string& pem) {
  STATOR_TRY(const auto authorities, read_certificates(pem, "the trust store"));
  auto* store = ::SSL_CTX_get_cert_store(context);
  for (const auto& authority : authorities) {
    if (::X509_STORE_add_cert(store, authority.get()) != 1 ||
        ::SSL_CTX_add_client_CA(context, authority.get()) != 1) {
      return bad_part("the trust store has a certificate that cannot be used");
    }
  }
  ::SSL_CTX_set_verify_depth(context, kClientChainDepthMax);
  return {};
}

/// The first host name of the server_name extension (RFC 6066, section 3); "" when there is none.
/// Nothing when it is malformed.
std::optional<std::string> server_name_of(SSL* ssl) {
  const unsigned char* bytes = nullptr;
  std::size_t size = 0;
  if (::SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &bytes, &size) != 1) return "";
  const auto number = [&](std::size_t at) {
    return static_cast<std::size_t>(bytes[at]) << 8 | bytes[at + 1];
  };
  if (size < 5 || number(0) != size - 2 || bytes[2] != TLSEXT_NAMETYPE_host_name) {
    return std::nullopt;
  }
  const auto length = number(3);
  if (length == 0 || length > TLSEXT_MAXLEN_host_name || length > size - 5) return std::nullopt;
  std::string name(reinterpret_cast<const char*>(bytes + 5), length);
  for (auto& c : name) {
    if (c <= 0x20 || c == 0x7f) return std::nullopt;
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

/// Before anything else of the handshake, resumption included, is looked at.
int on_client_hello(SSL* ssl, int* alert, void* argument) {
  const auto& front = *static_cast<const TlsFront*>(argument);
  auto& session = *static_cast<TlsSession*>(SSL_get_app_data(ssl));
  auto name = server_name_of(ssl);
  *alert = SSL_AD_DECODE_ERROR;
  if (!name) return SSL_CLIENT_HELLO_ERROR;
  TlsContextPtr chosen;
  *alert = SSL_AD_INTERNAL_ERROR;
  try {
    chosen = front.chooser()(*name);
  } catch (const std::exception&) {
    return SSL_CLIENT_HELLO_ERROR;  // no exception may pass through OpenSSL
  }
  *alert = SSL_AD_UNRECOGNIZED_NAME;
  if (chosen == nullptr) return SSL_CLIENT_HELLO_ERROR;
  chosen->apply(ssl);
  session.keep(std::move(chosen), *std::move(name));
  return SSL_CLIENT_HELLO_SUCCESS;
}

}  // namespace

void SslFree::operator()(ssl_ctx_st* context) const {
  ::SSL_CTX_free(context);
}

void SslFree::operator()(ssl_st* ssl) const {
  ::SSL_free(ssl);
}

void TlsContext::apply(ssl_st* ssl) const {
  // Certificate, key, authorities and the sessions' name come with the context; what SSL_new has
  // copied from the front's does not.
  ::SSL_set_SSL_CTX(ssl, context_.get());
  if (is_tls13_only_) ::SSL_set_min_proto_version(ssl, TLS1_3_VERSION);
  if (!asks_clients_) return;
  ::SSL_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  ::SSL_set_verify_depth(ssl, kClientChainDepthMax);
}

TlsFront::TlsFront(TlsChooser chooser) : chooser_(std::move(chooser)), context_(new_context()) {
  if (context_ == nullptr || !name_sessions(context_.get())) {
    throw ConfigError("TLS cannot be had from OpenSSL");
  }
  ::SSL_CTX_set_client_hello_cb(context_.get(), &on_client_hello, this);
}

}  // namespace detail

Result<TlsContextPtr> make_tls_context(const TlsIdentity& identity) {
  auto context = detail::new_context();
  if (context == nullptr || !detail::name_sessions(context.get())) {
    return internal("TLS cannot be had from OpenSSL");
  }
  STATOR_TRY_VOID(detail::use_own(context.get(), identity));
  const bool asks_clients = !identity.client_authorities.empty();
  if (asks_clients) {
    STATOR_TRY_VOID(detail::use_authorities(context.get(), identity.client_authorities));
  }
  return TlsContextPtr(std::make_shared<const detail::TlsContext>(std::move(context), asks_clients,
                                                                  identity.is_tls13_only));
}

}  // namespace stator::http
