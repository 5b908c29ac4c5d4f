#include "core/credentials.hpp"

#include <ctime>

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

}  // namespace

Outcome<Credentials> CredentialSource::get() {
  if (!given_.access_key_id.empty()) return given_;
  Credentials keys{environment("AWS_ACCESS_KEY_ID"), environment("AWS_SECRET_ACCESS_KEY"),
                   environment("AWS_SESSION_TOKEN")};
  if (!keys.access_key_id.empty() && !keys.secret_access_key.empty()) return keys;
  const std::string uri = container_uri();
  if (uri.empty()) {
    return no_credentials("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
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
