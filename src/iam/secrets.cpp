#include "iam/secrets.hpp"

#include <array>
#include <span>

#include "base/bytes.hpp"
#include "base/check.hpp"
#include "base/file.hpp"
#include "base/ids.hpp"
#include "base/strings.hpp"

namespace stator::iam {
namespace {

constexpr std::size_t kFileBytesMax = 4'096;
constexpr unsigned kOwnerOnly = 0600;
constexpr std::size_t kSealingKeyBytes = 32;
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

std::string parse_sealing_key(const std::filesystem::path& path, std::string_view text) {
  auto key = hex_decode(trim(text.substr(0, text.find('\n'))));
  if (key && key->size() == kSealingKeyBytes) return *std::move(key);
  throw ConfigError(path.string() +
                    " is damaged: it must hold 64 hex digits; restore it, or remove it, which ends "
                    "every session and makes users' access keys unusable");
}

}  // namespace

std::string make_access_key_id(Random& random, std::string_view prefix) {
  return std::string(prefix) + random_text(random, kBase32, 16);
}

std::string make_secret(Random& random) {
  return base64_encode(random_bytes(random, 30));
}

Secrets load_or_make_secrets(const std::filesystem::path& data, Random& random) {
  Secrets secrets;
  const auto session_path = data / "session_key";
  const auto root_path = data / "credentials";

  const std::string session_text = data.empty() ? "" : read_or_empty(session_path);
  if (session_text.empty()) {
    secrets.sealing_key = random_bytes(random, kSealingKeyBytes);
    if (!data.empty()) write_secret(session_path, hex_encode(secrets.sealing_key) + "\n");
  } else {
    secrets.sealing_key = parse_sealing_key(session_path, session_text);
  }

  const std::string root_text = data.empty() ? "" : read_or_empty(root_path);
  if (root_text.empty()) {
    secrets.root.access_key_id.value = make_access_key_id(random, "AKIA");
    secrets.root.secret.value = make_secret(random);
    if (!data.empty()) {
      write_secret(root_path, std::string(kIdName) + secrets.root.access_key_id.value + "\n" +
                                  std::string(kSecretName) + secrets.root.secret.value + "\n");
    }
  } else {
    secrets.root = parse_root(root_path, root_text);
  }
  return secrets;
}

}  // namespace stator::iam
