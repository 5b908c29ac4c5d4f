#include "iam/sessions.hpp"

#include <array>
#include <span>

#include "base/bytes.hpp"
#include "crypto/crypto.hpp"
#include "iam/secrets.hpp"
#include "json/json.hpp"

namespace stator::iam {
namespace {

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTokenBytesMax = 4'096;
constexpr std::size_t kSecretBytes = 30;  // forty characters of base64
constexpr std::string_view kTokenContext = "stator session token 1";

std::string make_nonce(Random& random) {
  std::string nonce(kNonceBytes, '\0');
  random.fill(std::as_writable_bytes(std::span(nonce)));
  return nonce;
}

std::string to_plain(const Session& session) {
  return json::dump(json::Object{{"a", session.account},
                                 {"r", session.role_name},
                                 {"i", session.role_id},
                                 {"s", session.session_name},
                                 {"k", session.access_key_id},
                                 {"e", epoch_ms(session.expires)}});
}

std::optional<Session> from_plain(std::string_view plain) {
  const auto object = json::parse_object(plain);
  if (!object) return std::nullopt;
  auto account = json::find_string(*object, "a");
  auto role_name = json::find_string(*object, "r");
  auto role_id = json::find_string(*object, "i");
  auto session_name = json::find_string(*object, "s");
  auto access_key_id = json::find_string(*object, "k");
  const auto expires = json::find_int(*object, "e");
  if (!account || !role_name || !role_id || !session_name || !access_key_id || !expires) {
    return std::nullopt;
  }
  return Session{*std::move(account),      *std::move(role_name),     *std::move(role_id),
                 *std::move(session_name), *std::move(access_key_id), from_epoch_ms(*expires)};
}

}  // namespace

Sessions::Sessions(std::string sealing_key, Random& random)
    : random_(random),
      token_key_(crypto::hmac_sha256(sealing_key, "session tokens")),
      derivation_key_(crypto::hmac_sha256(sealing_key, "session secrets")),
      storage_key_(crypto::hmac_sha256(sealing_key, "stored secrets")) {}

SessionCredentials Sessions::issue(Session session) {
  session.access_key_id = make_access_key_id(random_, "ASIA");
  const std::string nonce = make_nonce(random_);
  const auto sealed = crypto::seal(token_key_, nonce, to_plain(session), kTokenContext);
  return {.credentials = {.access_key_id = {session.access_key_id},
                          .secret = secret_of(session.access_key_id),
                          .session_token = base64_encode(sealed)},
          .expires = session.expires};
}

std::optional<Session> Sessions::open(std::string_view token) const {
  if (token.size() > kTokenBytesMax) return std::nullopt;
  const auto sealed = base64_decode(token);
  if (!sealed) return std::nullopt;
  const auto plain = crypto::open(token_key_, *sealed, kTokenContext);
  return plain ? from_plain(*plain) : std::nullopt;
}

aws::sigv4::SecretKey Sessions::secret_of(std::string_view access_key_id) const {
  const auto derived = crypto::hmac_sha256(derivation_key_, access_key_id);
  return {base64_encode(std::string_view(derived).substr(0, kSecretBytes))};
}

std::string Sessions::seal_secret(std::string_view access_key_id, std::string_view secret) {
  return base64_encode(crypto::seal(storage_key_, make_nonce(random_), secret, access_key_id));
}

std::optional<std::string> Sessions::open_secret(std::string_view access_key_id,
                                                 std::string_view sealed) const {
  const auto bytes = base64_decode(sealed);
  return bytes ? crypto::open(storage_key_, *bytes, access_key_id) : std::nullopt;
}

}  // namespace stator::iam
