#include "http/tls_session.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>

#include "base/check.hpp"

namespace stator::http::detail {

namespace {

/// More than a handshake with a long chain; a client that makes us answer without ever reading
/// (KeyUpdate, say) is cut off here.
constexpr std::size_t kUnsentBytesMax = 128u << 10;

std::string text_of(const std::unique_ptr<BIO, decltype(&::BIO_free)>& bio) {
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &bytes);
  return size <= 0 ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

template <class Print>
std::string printed(const Print& print) {
  const std::unique_ptr<BIO, decltype(&::BIO_free)> bio(::BIO_new(::BIO_s_mem()), &::BIO_free);
  if (bio != nullptr) print(bio.get());
  return text_of(bio);
}

std::string name_text(const X509_NAME* name) {
  return printed([&](BIO* out) { ::X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253); });
}

std::string serial_text(const X509* certificate) {
  const std::unique_ptr<BIGNUM, decltype(&::BN_free)> number(
      ::ASN1_INTEGER_to_BN(::X509_get0_serialNumber(certificate), nullptr), &::BN_free);
  if (number == nullptr) return "";
  char* digits = ::BN_bn2hex(number.get());
  std::string result;
  for (const char* digit = digits; digit != nullptr && *digit != '\0'; digit += 2) {
    if (!result.empty()) result += ':';
    result.append(digit, 2);
  }
  ::OPENSSL_free(digits);
  return result;
}

}  // namespace

/// OpenSSL's way to the socket: signals stay off, and a full socket is the session's affair.
struct TlsBio {
  static int write(BIO* bio, const char* bytes, int size) {
    auto& session = *static_cast<TlsSession*>(::BIO_get_data(bio));
    std::string_view rest(bytes, static_cast<std::size_t>(size));
    BIO_clear_retry_flags(bio);
    while (session.unsent_.empty() && !rest.empty()) {
      const auto count = ::send(session.socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (count >= 0) {
        rest.remove_prefix(static_cast<std::size_t>(count));
      } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
        break;
      } else if (errno != EINTR) {
        return -1;
      }
    }
    if (session.unsent_.size() + rest.size() > kUnsentBytesMax) return -1;
    session.unsent_.append(rest);
    return size;
  }

  static int read(BIO* bio, char* bytes, int size) {
    const auto& session = *static_cast<const TlsSession*>(::BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    for (;;) {
      const auto count = ::recv(session.socket_, bytes, static_cast<std::size_t>(size), 0);
      if (count == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
      if (count >= 0) return static_cast<int>(count);
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) BIO_set_retry_read(bio);
      return -1;
    }
  }

  static long control(BIO* bio, int command, long, void*) {
    switch (command) {
      case BIO_CTRL_FLUSH:
        return 1;
      case BIO_CTRL_EOF:
        return ::BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
      default:
        return 0;
    }
  }

  static const BIO_METHOD* method() {
    static const std::unique_ptr<BIO_METHOD, decltype(&::BIO_meth_free)> kMethod = [] {
      std::unique_ptr<BIO_METHOD, decltype(&::BIO_meth_free)> made(
          ::BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "stator"), &::BIO_meth_free);
      STATOR_CHECK(made != nullptr);
      ::BIO_meth_set_write(made.get(), &write);
      ::BIO_meth_set_read(made.get(), &read);
      ::BIO_meth_set_ctrl(made.get(), &control);
      return made;
    }();
    return kMethod.get();
  }
};

std::unique_ptr<TlsSession> TlsSession::over(ssl_ctx_st* context, int socket) {
  std::unique_ptr<TlsSession> session(new TlsSession);
  session->socket_ = socket;
  session->ssl_.reset(::SSL_new(context));
  BIO* bio = ::BIO_new(TlsBio::method());
  if (session->ssl_ == nullptr || bio == nullptr) {
    ::BIO_free(bio);
    return nullptr;
  }
  ::BIO_set_data(bio, session.get());
  ::BIO_set_init(bio, 1);
  ::SSL_set_bio(session->ssl_.get(), bio, bio);
  SSL_set_app_data(session->ssl_.get(), session.get());
  return session;
}

std::unique_ptr<TlsSession> TlsSession::create(const TlsFront& front, int socket) {
  auto session = over(front.context(), socket);
  if (session != nullptr) ::SSL_set_accept_state(session->ssl_.get());
  return session;
}

std::unique_ptr<TlsSession> TlsSession::create_client(ssl_ctx_st* context, int socket,
                                                      const std::string& host) {
  auto session = over(context, socket);
  if (session == nullptr) return nullptr;
  auto* ssl = session->ssl_.get();
  ::SSL_set_connect_state(ssl);
  // An address is checked as an address, a name as a name and sent as SNI.
  if (::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(ssl), host.c_str()) != 1) {
    ::ERR_clear_error();
    if (::SSL_set1_host(ssl, host.c_str()) != 1 ||
        ::SSL_set_tlsext_host_name(ssl, host.c_str()) != 1) {
      return nullptr;
    }
  }
  return session;
}

std::string TlsSession::distrust() const {
  const auto verified = ::SSL_get_verify_result(ssl_.get());
  return verified == X509_V_OK ? "" : ::X509_verify_cert_error_string(verified);
}

Io TlsSession::outcome(int result) {
  const int reason = ::SSL_get_error(ssl_.get(), result);
  ::ERR_clear_error();
  if (reason == SSL_ERROR_WANT_READ) return Io::kAgain;
  if (reason == SSL_ERROR_ZERO_RETURN) return Io::kEnd;
  is_broken_ = true;
  return Io::kFailed;
}

Io TlsSession::handshake() {
  ::ERR_clear_error();
  const int result = ::SSL_do_handshake(ssl_.get());
  if (result != 1) return outcome(result) == Io::kAgain ? Io::kAgain : Io::kFailed;
  is_up_ = true;
  return Io::kDone;
}

Io TlsSession::read(std::span<char> into, std::size_t& count) {
  ::ERR_clear_error();
  const int result = ::SSL_read_ex(ssl_.get(), into.data(), into.size(), &count);
  return result == 1 ? Io::kDone : outcome(result);
}

Io TlsSession::write(std::string_view bytes, std::size_t& count) {
  if (has_unsent()) return Io::kAgain;
  ::ERR_clear_error();
  const int result = ::SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
  return result == 1 ? Io::kDone : outcome(result);
}

Io TlsSession::flush() {
  std::size_t sent = 0;
  while (sent < unsent_.size()) {
    const auto count = ::send(socket_, unsent_.data() + sent, unsent_.size() - sent, MSG_NOSIGNAL);
    if (count >= 0) {
      sent += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      unsent_.erase(0, sent);
      return errno == EAGAIN || errno == EWOULDBLOCK ? Io::kAgain : Io::kFailed;
    }
  }
  unsent_ = std::string();  // its memory too
  return Io::kDone;
}

void TlsSession::shut() {
  if (!is_up_ || is_broken_) return;
  ::ERR_clear_error();
  (void)::SSL_shutdown(ssl_.get());
  ::ERR_clear_error();
}

bool TlsSession::has_unread() const {
  return ::SSL_has_pending(ssl_.get()) == 1;
}

bool TlsSession::is_http2() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  ::SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return std::string_view(reinterpret_cast<const char*>(name), size) == "h2";
}

std::shared_ptr<const ClientCertificate> TlsSession::client_certificate() const {
  X509* shown = ::SSL_get0_peer_certificate(ssl_.get());
  if (shown == nullptr) return nullptr;
  auto result = std::make_shared<ClientCertificate>();
  result->pem = printed([&](BIO* out) { ::PEM_write_bio_X509(out, shown); });
  result->subject = name_text(::X509_get_subject_name(shown));
  result->issuer = name_text(::X509_get_issuer_name(shown));
  result->serial = serial_text(shown);
  result->not_before =
      printed([&](BIO* out) { ::ASN1_TIME_print(out, ::X509_get0_notBefore(shown)); });
  result->not_after =
      printed([&](BIO* out) { ::ASN1_TIME_print(out, ::X509_get0_notAfter(shown)); });
  ::ERR_clear_error();
  return result;
}

}  // namespace stator::http::detail
