#include "core/credentials.hpp"

#include <cstdio>
#include <ctime>
#include <memory>

#include "core/http.hpp"
#include "core/text.hpp"
#include "stator/json.hpp"

namespace stator::sdk {
namespace {

constexpr std::int64_t kRefreshBeforeMs = 5 * 60 * 1000;
constexpr std::int64_t kTimeoutMs = 2000;

Failure no_credentials(std::string_view why) {
  return {STATOR1_CONFIGURATION, "no credentials: " + std::string(why)};
}

// "2026-01-02T03:04:05Z" in milliseconds since 1970, or 0.
std::int64_t parse_time(const std::string& text) {
  std::tm utc{};
  if (strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &utc) == nullptr) return 0;
  return std::int64_t{timegm(&utc)} * 1000;
}

std::string container_uri() {
  if (std::string uri = environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"); !uri.empty()) {
    return "http://169.254.170.2" + uri;
  }
  return environment("AWS_CONTAINER_CREDENTIALS_FULL_URI");
}

// The endpoint hands out keys to whoever asks, so it is only asked where AWS puts it: on the
// loopback, at its link-local addresses, or behind TLS.
bool is_trusted(const Url& url) {
  return url.tls || url.host == "localhost" || url.host.starts_with("127.") || url.host == "::1" ||
         url.host == "169.254.170.2" || url.host == "169.254.170.23";
}

std::string profile_file() {
  if (std::string path = environment("AWS_SHARED_CREDENTIALS_FILE"); !path.empty()) return path;
  const std::string home = environment("HOME");
  return home.empty() ? home : home + "/.aws/credentials";
}

// The keys of AWS_PROFILE, else of "default", in the shared credentials file; empty without them.
Credentials profile_keys() {
  std::string profile = environment("AWS_PROFILE");
  if (profile.empty()) profile = "default";
  Credentials keys;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen(profile_file().c_str(), "re"), &std::fclose);
  bool is_mine = false;
  char line[4096];
  while (file && std::fgets(line, sizeof line, file.get()) != nullptr) {
    std::string_view text = line;
    while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
    text = trim(text);
    if (text.starts_with('[')) {
      is_mine = text.ends_with(']') && trim(text.substr(1, text.size() - 2)) == profile;
    }
    const std::size_t equals = text.find('=');
    if (!is_mine || text.starts_with('#') || equals == std::string_view::npos) continue;
    const std::string_view name = trim(text.substr(0, equals));
    const std::string_view value = trim(text.substr(equals + 1));
    if (name == "aws_access_key_id") keys.access_key_id = value;
    if (name == "aws_secret_access_key") keys.secret_access_key = value;
    if (name == "aws_session_token") keys.session_token = value;
  }
  return keys;
}

}  // namespace

Outcome<Credentials> CredentialSource::get() {
  if (!given_.access_key_id.empty()) return given_;
  Credentials keys{environment("AWS_ACCESS_KEY_ID"), environment("AWS_SECRET_ACCESS_KEY"),
                   environment("AWS_SESSION_TOKEN")};
  if (!keys.access_key_id.empty() && !keys.secret_access_key.empty()) return keys;
  keys = profile_keys();
  if (!keys.access_key_id.empty() && !keys.secret_access_key.empty()) return keys;
  const std::string uri = container_uri();
  if (uri.empty()) {
    return no_credentials("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE");
  }
  const std::scoped_lock lock(mutex_);
  if (stator1_now_ms() < kept_until_ms_) return kept_;
  return from_container(uri);
}

Outcome<Credentials> CredentialSource::from_container(const std::string& uri) {
  auto url = parse_url(uri);
  if (!url) return url.error();
  if (!is_trusted(*url)) return no_credentials(uri + " is neither loopback nor https");
  auto stream = connect(*url, after_ms(kTimeoutMs));
  if (!stream) return stream.error();
  Headers headers{{"host", url->authority()}};
  if (std::string token = environment("AWS_CONTAINER_AUTHORIZATION_TOKEN"); !token.empty()) {
    headers.emplace_back("authorization", std::move(token));
  }
  HttpConnection connection(std::move(stream).value());
  auto answer = connection.exchange({"GET", url->path, headers, {}}, after_ms(kTimeoutMs));
  if (!answer) return answer.error();

  Credentials keys;
  std::string expiration;
  JsonReader json(answer->body);
  json.object([&](std::string_view name) {
    if (name == "AccessKeyId") return json.read(keys.access_key_id);
    if (name == "SecretAccessKey") return json.read(keys.secret_access_key);
    if (name == "Token") return json.read(keys.session_token);
    if (name == "Expiration") return json.read(expiration);
    return json.skip();
  });
  if (answer->status != 200 || !json.finish() || keys.secret_access_key.empty()) {
    return no_credentials(uri + " answered " + std::to_string(answer->status) + " without keys");
  }
  kept_ = keys;
  kept_until_ms_ = parse_time(expiration) - kRefreshBeforeMs;
  return keys;
}

}  // namespace stator::sdk
