#include "iam/secrets.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "base/check.hpp"
#include "base/file.hpp"
#include "base/ids.hpp"
#include "base/strings.hpp"
#include "base/time_format.hpp"

namespace stator::iam {
namespace {

constexpr std::size_t kFileBytesMax = 4'096;
constexpr unsigned kOwnerOnly = 0600;
constexpr std::size_t kSealingKeyBytes = 32;
constexpr std::string_view kStored = "stored", kSession = "session";
constexpr std::string_view kIdName = "aws_access_key_id=";
constexpr std::string_view kSecretName = "aws_secret_access_key=";

std::string random_bytes(Random& random, std::size_t count) {
  std::string bytes(count, '\0');
  random.fill(std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

/// The file's text, or "" when there is no such file.
std::string read_or_empty(const std::filesystem::path& path) {
  auto text = read_file(path, kFileBytesMax);
  if (text) return *std::move(text);
  if (text.error().code == ErrorCode::kNotFound) return {};
  throw ConfigError("cannot read " + path.string() + ": " + text.error().message);
}

void write_secret(const std::filesystem::path& path, std::string_view text) {
  const auto written = write_file_durably(path, text, kOwnerOnly);
  if (!written) throw ConfigError("cannot write " + path.string() + ": " + written.error().message);
}

aws::sigv4::Credentials parse_root(const std::filesystem::path& path, std::string_view text) {
  aws::sigv4::Credentials root;
  for (const auto raw : split(text, '\n')) {
    const auto line = trim(raw.substr(0, raw.find('\r')));
    if (line.starts_with(kIdName)) root.access_key_id.value = line.substr(kIdName.size());
    if (line.starts_with(kSecretName)) root.secret.value = line.substr(kSecretName.size());
  }
  const auto& id = root.access_key_id.value;
  if (id.size() < 16 || id.size() > 128 || id.starts_with("ASIA") || root.secret.value.empty()) {
    throw ConfigError(path.string() + " does not hold a root access key (two lines, " +
                      std::string(kIdName) + "... and " + std::string(kSecretName) +
                      "...); restore it, or remove it and a new key is made at the next start");
  }
  return root;
}

[[noreturn]] void refuse_session_key(const std::filesystem::path& path) {
  throw ConfigError(path.string() +
                    " is damaged: it must hold a line 'stored' with 64 hex digits and lines "
                    "'session' with 64 hex digits and a time; restore it, or remove it, which ends "
                    "every session and makes users' access keys unusable");
}

std::string parse_key(const std::filesystem::path& path, std::string_view hex) {
  auto key = hex_decode(hex);
  if (!key || key->size() != kSealingKeyBytes) refuse_session_key(path);
  return *std::move(key);
}

/// Files of one line of hex digits hold one key for both uses, of an unknown age.
void parse_session_key(const std::filesystem::path& path, std::string_view text, Secrets& secrets) {
  for (const auto raw : split(text, '\n')) {
    const auto line = trim(raw.substr(0, raw.find('\r')));
    if (line.empty() || line.starts_with('#')) continue;
    const auto words = split(line, ' ');
    if (words.size() == 1 && secrets.storage_key.empty()) {
      secrets.storage_key = parse_key(path, words[0]);
      secrets.session_keys.push_back({secrets.storage_key, from_epoch_ms(0)});
    } else if (words.size() == 2 && words[0] == kStored && secrets.storage_key.empty()) {
      secrets.storage_key = parse_key(path, words[1]);
    } else if (words.size() == 3 && words[0] == kSession) {
      const auto created = parse_iso8601_basic(words[2]);
      if (!created) refuse_session_key(path);
      secrets.session_keys.push_back({parse_key(path, words[1]), *created});
    } else {
      refuse_session_key(path);
    }
  }
  if (secrets.storage_key.empty()) refuse_session_key(path);
}

std::string session_key_text(const Secrets& secrets) {
  std::string text(kStored);
  text.append(" ").append(hex_encode(secrets.storage_key)).append("\n");
  for (const auto& key : secrets.session_keys) {
    text.append(kSession).append(" ").append(hex_encode(key.bytes));
    text.append(" ").append(iso8601_basic(key.created)).append("\n");
  }
  return text;
}

/// Adds a key where the newest is too old, and drops those whose last token is over. Whether
/// anything changed.
bool rotate(std::vector<SealingKey>& keys, WallTime now, Random& random) {
  std::stable_sort(keys.begin(), keys.end(),
                   [](const SealingKey& a, const SealingKey& b) { return a.created > b.created; });
  bool is_changed = false;
  if (keys.empty() || keys.front().created + kSealingKeyAgeMax <= now) {
    keys.insert(keys.begin(), {random_bytes(random, kSealingKeyBytes), now});
    is_changed = true;
  }
  // A key seals until the next newer one is made.
  std::size_t kept = 1;
  while (kept < keys.size() && keys[kept - 1].created + kSealingKeyOpens > now) ++kept;
  is_changed |= kept < keys.size();
  keys.resize(kept);
  return is_changed;
}

void load_sealing_keys(const SecretsParts& parts, Random& random, Secrets& secrets) {
  const auto path = parts.data / "session_key";
  const std::string text = parts.data.empty() ? "" : read_or_empty(path);
  if (text.empty()) {
    secrets.storage_key = random_bytes(random, kSealingKeyBytes);
  } else {
    parse_session_key(path, text, secrets);
  }
  const bool is_changed = rotate(secrets.session_keys, parts.now, random);
  if (is_changed && !parts.data.empty()) write_secret(path, session_key_text(secrets));
}

/// The bits of an id after its prefix: one that is set, forty of the account, the rest by chance.
constexpr int kAccountShift = 7;
constexpr std::uint64_t kAccountMask = (1ull << 40) - 1;
constexpr std::size_t kPrefixLength = 4, kCodedLength = 10;  // 48 of 50 bits count

}  // namespace

std::string make_access_key_id(Random& random, std::string_view prefix, std::string_view account) {
  std::uint64_t number = 0;
  for (const char c : account) number = number * 10 + static_cast<std::uint64_t>(c - '0');
  // Fifty bits, ten letters: the account and nine bits below it that mean nothing.
  std::uint64_t bits = (1ull << 49) | (number & kAccountMask) << (kAccountShift + 2);
  bits |= random.below(1ull << (kAccountShift + 2));
  std::string id(prefix);
  for (std::size_t i = kCodedLength; i-- > 0;) id += kBase32[(bits >> (5 * i)) & 31];
  return id + random_text(random, kBase32, 16 - kCodedLength);
}

std::optional<std::string> account_of_access_key_id(std::string_view id) {
  if (id.size() != kPrefixLength + 16) return std::nullopt;
  std::uint64_t bits = 0;
  for (const char c : id.substr(kPrefixLength, kCodedLength)) {
    const auto value = kBase32.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 5 | value;
  }
  if ((bits >> 49) == 0) return std::nullopt;
  std::string account = std::to_string((bits >> (kAccountShift + 2)) & kAccountMask);
  constexpr std::size_t kAccountLength = 12;
  if (account.size() > kAccountLength) return std::nullopt;
  return std::string(kAccountLength - account.size(), '0') + account;
}

std::string make_secret(Random& random) {
  return base64_encode(random_bytes(random, 30));
}

Secrets load_or_make_secrets(const SecretsParts& parts, Random& random) {
  Secrets secrets;
  load_sealing_keys(parts, random, secrets);

  const auto root_path = parts.data / "credentials";
  const std::string root_text = parts.data.empty() ? "" : read_or_empty(root_path);
  if (root_text.empty()) {
    secrets.root.access_key_id.value = make_access_key_id(random, "AKIA", parts.account);
    secrets.root.secret.value = make_secret(random);
    if (!parts.data.empty()) {
      write_secret(root_path, std::string(kIdName) + secrets.root.access_key_id.value + "\n" +
                                  std::string(kSecretName) + secrets.root.secret.value + "\n");
    }
  } else {
    secrets.root = parse_root(root_path, root_text);
  }
  return secrets;
}

}  // namespace stator::iam
