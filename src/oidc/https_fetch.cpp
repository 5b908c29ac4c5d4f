#include "oidc/https_fetch.hpp"

#include <curl/curl.h>

#include <array>
#include <memory>

#include "base/check.hpp"

namespace stator::oidc {
namespace {

struct CloseCurl {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

/// What was received, and how much may be.
struct Received {
  std::string body;
  std::size_t bytes_max;
};

/// Taking fewer bytes than given ends the transfer.
std::size_t receive(const char* bytes, std::size_t one, std::size_t count, void* target) {
  auto& received = *static_cast<Received*>(target);
  const std::size_t size = one * count;
  if (received.body.size() + size > received.bytes_max) return 0;
  received.body.append(bytes, size);
  return size;
}

void set_options(CURL* handle, const std::string& url, const FetchLimits& limits) {
  const auto set = [handle](CURLoption option, auto value) {
    STATOR_CHECK(curl_easy_setopt(handle, option, value) == CURLE_OK);
  };
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect_timeout.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits.timeout.count()));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_USERAGENT, "stator");
  set(CURLOPT_WRITEFUNCTION, &receive);
  if (!limits.ca_file.empty()) set(CURLOPT_CAINFO, limits.ca_file.c_str());
  // This machine is never behind a proxy.
  set(CURLOPT_NOPROXY, "127.0.0.1,localhost,::1");
}

}  // namespace

Fetch make_https_fetch(const FetchLimits& limits) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  STATOR_CHECK(ready == CURLE_OK);
  return [limits](const std::string& url) -> Result<std::string> {
    const std::unique_ptr<CURL, CloseCurl> handle(curl_easy_init());
    STATOR_CHECK(handle != nullptr);
    Received received{{}, limits.bytes_max};
    std::array<char, CURL_ERROR_SIZE> words{};
    set_options(handle.get(), url, limits);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &received);
    curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, words.data());
    const CURLcode code = curl_easy_perform(handle.get());
    if (code != CURLE_OK) {
      const std::string why = words[0] != '\0' ? words.data() : curl_easy_strerror(code);
      return unavailable("cannot read " + url + ": " + why);
    }
    long status = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status == 200) return std::move(received.body);
    return unavailable("cannot read " + url + ": status " + std::to_string(status));
  };
}

}  // namespace stator::oidc
