#include "oidc/issuer_url.hpp"

#include <algorithm>

namespace stator::oidc {
namespace {

constexpr std::string_view kHttps = "https://", kHttp = "http://";
constexpr std::size_t kUrlBytesMax = 2'048;

struct Parts {
  bool is_https = true;
  std::string_view host;
  std::string_view port;
  std::string_view rest;  ///< without the scheme
};

bool is_path_letter(char c) {
  return c > ' ' && c <= '~' &&
         std::string_view("?#@\\\"<>^`{|}").find(c) == std::string_view::npos;
}

bool is_host_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.';
}

bool is_this_machine(std::string_view host) {
  return host == "127.0.0.1" || host == "localhost" || host == "[::1]";
}

bool read_parts(std::string_view url, Parts& parts) {
  if (url.size() > kUrlBytesMax) return false;
  parts.is_https = url.starts_with(kHttps);
  if (!parts.is_https && !url.starts_with(kHttp)) return false;
  parts.rest = url.substr(parts.is_https ? kHttps.size() : kHttp.size());
  if (!std::all_of(parts.rest.begin(), parts.rest.end(), is_path_letter)) return false;
  const std::string_view authority = parts.rest.substr(0, parts.rest.find('/'));
  const auto bracket = authority.rfind(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  parts.host = authority.substr(0, colon);
  if (colon != std::string_view::npos) {
    parts.port = authority.substr(colon + 1);
    const bool is_number = std::all_of(parts.port.begin(), parts.port.end(),
                                       [](char c) { return c >= '0' && c <= '9'; });
    if (parts.port.empty() || parts.port.size() > 5 || !is_number) return false;
  }
  const bool is_name = std::all_of(parts.host.begin(), parts.host.end(), is_host_letter);
  return !parts.host.empty() && (is_name || is_this_machine(parts.host));
}

}  // namespace

Result<IssuerUrl> parse_issuer_url(std::string_view url) {
  Parts parts;
  if (!read_parts(url, parts)) return invalid("Invalid Open ID Connect Provider URL");
  const bool is_local = is_this_machine(parts.host);
  if (!parts.is_https && !is_local) return invalid("Invalid Open ID Connect Provider URL");
  if (!parts.port.empty() && !is_local) return invalid("Invalid Open ID Connect Provider URL");
  return IssuerUrl{parts.is_https, std::string(parts.rest)};
}

bool may_fetch(const IssuerUrl& issuer, std::string_view url) {
  Parts parts;
  const auto query = url.find('?');
  if (!read_parts(url.substr(0, query), parts)) return false;
  return parts.is_https || (!issuer.is_https && is_this_machine(parts.host));
}

}  // namespace stator::oidc
