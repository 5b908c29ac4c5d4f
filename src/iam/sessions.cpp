#include "iam/sessions.hpp"

#include <span>

#include "archive/gzip.hpp"
#include "base/bytes.hpp"
#include "crypto/crypto.hpp"
#include "iam/errors.hpp"
#include "json/json.hpp"

namespace stator::iam {
namespace {

constexpr std::size_t kNonceBytes = 12, kKeyIdBytes = 4;
constexpr std::size_t kTokenBytesMax = 6'144;
constexpr std::size_t kMessageBytesMax = 16'384;
/// The room for policies and tags, packed: what AWS counts in PackedPolicySize.
constexpr std::size_t kPackedBytesMax = 2'048;
constexpr std::size_t kUnpackedBytesMax = 1u << 16;
constexpr std::size_t kSecretBytes = 30;  // forty characters of base64
constexpr std::string_view kTokenContext = "stator session token 2";
constexpr std::string_view kMessageContext = "stator authorization message 1";

std::string make_nonce(Random& random) {
  std::string nonce(kNonceBytes, '\0');
  random.fill(std::as_writable_bytes(std::span(nonce)));
  return nonce;
}

aws::sigv4::SecretKey derive_secret(std::string_view key, std::string_view access_key_id) {
  const auto derived = crypto::hmac_sha256(key, access_key_id);
  return {base64_encode(std::string_view(derived).substr(0, kSecretBytes))};
}

json::Array array_of(const std::vector<std::string>& texts) {
  json::Array array;
  for (const auto& text : texts) array.emplace_back(text);
  return array;
}

/// The session's policies and tags, compressed; "" when it has none.
std::string pack(const SessionExtras& extras) {
  if (!extras.policy && extras.policy_arns.empty() && extras.tags.empty()) return {};
  json::Object object;
  if (extras.policy) object["p"] = *extras.policy;
  object["a"] = array_of(extras.policy_arns);
  json::Array tags;
  for (const auto& tag : extras.tags) tags.push_back(json::Array{tag.key, tag.value});
  object["t"] = std::move(tags);
  object["x"] = array_of(extras.transitive_tag_keys);
  archive::GzipWriter writer;
  writer.append(json::dump(object));
  return writer.finish();
}

bool read_texts(const json::Object& object, std::string_view name, std::vector<std::string>& out) {
  const auto* value = json::find(object, name);
  if (value == nullptr || !value->is_array()) return false;
  for (const auto& item : value->get_array()) {
    if (!item.is_string()) return false;
    out.emplace_back(json::view(item.get_string()));
  }
  return true;
}

bool unpack(std::string_view packed, SessionExtras& extras) {
  if (packed.empty()) return true;
  std::string text;
  const auto unpacked = archive::gunzip(packed, [&](std::string_view piece) -> Result<void> {
    if (text.size() + piece.size() > kUnpackedBytesMax) return invalid("too large");
    text.append(piece);
    return {};
  });
  const auto object = unpacked ? json::parse_object(text) : Result<json::Object>(unpacked.error());
  if (!object) return false;
  extras.policy = json::find_string(*object, "p");
  const auto* tags = json::find(*object, "t");
  if (tags == nullptr || !tags->is_array()) return false;
  for (const auto& item : tags->get_array()) {
    if (!item.is_array() || item.get_array().size() != 2) return false;
    const auto& pair = item.get_array();
    if (!pair[0].is_string() || !pair[1].is_string()) return false;
    extras.tags.push_back({std::string(json::view(pair[0].get_string())),
                           std::string(json::view(pair[1].get_string()))});
  }
  return read_texts(*object, "a", extras.policy_arns) &&
         read_texts(*object, "x", extras.transitive_tag_keys);
}

/// The length of the JSON part in two bytes, that part, and the packed rest.
std::string to_plain(const Session& session, std::string_view packed) {
  json::Object object{{"y", static_cast<int>(session.kind)},
                      {"a", session.account},
                      {"n", session.name},
                      {"i", session.id},
                      {"s", session.session_name},
                      {"k", session.access_key_id},
                      {"b", epoch_ms(session.issued)},
                      {"e", epoch_ms(session.expires)}};
  const auto& extras = session.extras;
  if (!extras.source_identity.empty()) object["d"] = extras.source_identity;
  if (!extras.federated_provider.empty()) object["f"] = extras.federated_provider;
  const std::string text = json::dump(object);
  std::string plain{static_cast<char>(text.size() >> 8), static_cast<char>(text.size() & 0xff)};
  return plain.append(text).append(packed);
}

std::optional<Session> from_plain(std::string_view plain) {
  if (plain.size() < 2) return std::nullopt;
  const auto size =
      std::size_t(static_cast<unsigned char>(plain[0])) << 8 | static_cast<unsigned char>(plain[1]);
  if (plain.size() - 2 < size) return std::nullopt;
  const auto object = json::parse_object(plain.substr(2, size));
  if (!object) return std::nullopt;
  const auto kind = json::find_int(*object, "y");
  auto account = json::find_string(*object, "a");
  auto name = json::find_string(*object, "n");
  auto id = json::find_string(*object, "i");
  auto session_name = json::find_string(*object, "s");
  auto access_key_id = json::find_string(*object, "k");
  const auto issued = json::find_int(*object, "b");
  const auto expires = json::find_int(*object, "e");
  if (!kind || *kind < 0 || *kind > static_cast<int>(Session::Kind::kRoot) || !account || !name ||
      !id || !session_name || !access_key_id || !issued || !expires) {
    return std::nullopt;
  }
  Session session{.kind = static_cast<Session::Kind>(*kind),
                  .account = *std::move(account),
                  .name = *std::move(name),
                  .id = *std::move(id),
                  .session_name = *std::move(session_name),
                  .access_key_id = *std::move(access_key_id),
                  .issued = from_epoch_ms(*issued),
                  .expires = from_epoch_ms(*expires),
                  .extras = {}};
  session.extras.source_identity = json::find_string(*object, "d").value_or("");
  session.extras.federated_provider = json::find_string(*object, "f").value_or("");
  if (!unpack(plain.substr(2 + size), session.extras)) return std::nullopt;
  return session;
}

Error packed_too_large(const SessionExtras& extras, int percent) {
  const bool has_policy = extras.policy || !extras.policy_arns.empty();
  const std::string share = std::to_string(percent) + "% of allotted space";
  return {ErrorCode::kInvalid,
          has_policy ? "Packed policy consumes " + share + ", please use smaller policy."
                     : "Packed size of session tags consumes " + share + ".",
          "PackedPolicyTooLarge"};
}

}  // namespace

Sessions::Sessions(const Secrets& secrets, Random& random)
    : random_(random), storage_key_(crypto::hmac_sha256(secrets.storage_key, "stored secrets")) {
  for (const auto& key : secrets.session_keys) {
    keys_.push_back({.id = crypto::hmac_sha256(key.bytes, "key id").substr(0, kKeyIdBytes),
                     .token = crypto::hmac_sha256(key.bytes, "session tokens"),
                     .derivation = crypto::hmac_sha256(key.bytes, "session secrets"),
                     .message = crypto::hmac_sha256(key.bytes, "authorization messages")});
  }
}

const Sessions::Keys* Sessions::keys_of(std::string_view sealed) const {
  for (const auto& keys : keys_) {
    if (sealed.starts_with(keys.id)) return &keys;
  }
  return nullptr;
}

Result<SessionCredentials> Sessions::issue(Session session) {
  const std::string packed = pack(session.extras);
  std::optional<int> percent;
  if (!packed.empty()) {
    percent = static_cast<int>((packed.size() * 100 + kPackedBytesMax - 1) / kPackedBytesMax);
  }
  if (packed.size() > kPackedBytesMax) return packed_too_large(session.extras, *percent);
  session.access_key_id = make_access_key_id(random_, "ASIA", session.account);
  const Keys& keys = keys_.front();
  const auto sealed =
      crypto::seal(keys.token, make_nonce(random_), to_plain(session, packed), kTokenContext);
  return SessionCredentials{
      .credentials = {.access_key_id = {session.access_key_id},
                      .secret = derive_secret(keys.derivation, session.access_key_id),
                      .session_token = base64_encode(keys.id + sealed)},
      .expires = session.expires,
      .packed_percent = percent};
}

std::optional<OpenedSession> Sessions::open(std::string_view token) const {
  if (token.size() > kTokenBytesMax) return std::nullopt;
  const auto bytes = base64_decode(token);
  const Keys* keys = bytes ? keys_of(*bytes) : nullptr;
  if (keys == nullptr) return std::nullopt;
  const auto sealed = std::string_view(*bytes).substr(kKeyIdBytes);
  const auto plain = crypto::open(keys->token, sealed, kTokenContext);
  auto session = plain ? from_plain(*plain) : std::nullopt;
  if (!session) return std::nullopt;
  auto secret = derive_secret(keys->derivation, session->access_key_id);
  return OpenedSession{*std::move(session), std::move(secret)};
}

std::string Sessions::seal_secret(std::string_view access_key_id, std::string_view secret) {
  return base64_encode(crypto::seal(storage_key_, make_nonce(random_), secret, access_key_id));
}

std::optional<std::string> Sessions::open_secret(std::string_view access_key_id,
                                                 std::string_view sealed) const {
  const auto bytes = base64_decode(sealed);
  return bytes ? crypto::open(storage_key_, *bytes, access_key_id) : std::nullopt;
}

std::string Sessions::seal_message(std::string_view message) {
  const Keys& keys = keys_.front();
  return base64url_encode(
      keys.id + crypto::seal(keys.message, make_nonce(random_), message, kMessageContext));
}

std::optional<std::string> Sessions::open_message(std::string_view sealed) const {
  if (sealed.size() > kMessageBytesMax) return std::nullopt;
  const auto bytes = base64url_decode(sealed);
  const Keys* keys = bytes ? keys_of(*bytes) : nullptr;
  if (keys == nullptr) return std::nullopt;
  return crypto::open(keys->message, std::string_view(*bytes).substr(kKeyIdBytes), kMessageContext);
}

}  // namespace stator::iam
