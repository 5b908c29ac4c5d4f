#include "core/url.hpp"

#include "core/text.hpp"

namespace stator::sdk {
namespace {

Failure bad_url(std::string_view text, std::string_view why) {
  return {STATOR1_CONFIGURATION,
          "'" + std::string(text) + "' is no usable endpoint: " + std::string(why)};
}

}  // namespace

std::string Url::authority() const {
  std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (tls ? 443 : 80)) text += ":" + std::to_string(port);
  return text;
}

Outcome<Url> parse_url(std::string_view text) {
  Url url;
  std::string_view rest = text;
  if (rest.starts_with("https://")) {
    url.tls = true;
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return bad_url(text, "it begins with neither http:// nor https://");
  }
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view authority = rest.substr(0, slash);
  url.path = slash == rest.size() ? "/" : std::string(rest.substr(slash));

  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return bad_url(text, "an IPv6 address needs its ']'");
    url.host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    url.host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  if (url.host.empty()) return bad_url(text, "it names no host");
  for (const char c : url.path + url.host) {
    if (c <= ' ' || c == '@' || c == '#' || c == 0x7F) return bad_url(text, "a bad character");
  }
  std::uint64_t number = url.tls ? 443 : 80;
  if (!port.empty() &&
      (port[0] != ':' || !parse_unsigned(port.substr(1), &number) || number - 1 > 65534)) {
    return bad_url(text, "the port is not 1 to 65535");
  }
  url.port = static_cast<std::uint16_t>(number);
  return url;
}

}  // namespace stator::sdk
