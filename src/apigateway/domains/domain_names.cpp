#include "apigateway/domains/domain_names.hpp"

#include <algorithm>
#include <array>

#include "apigateway/errors.hpp"
#include "base/strings.hpp"

namespace stator::apigateway {
namespace {

constexpr std::size_t kNameBytesMax = 253, kLabelBytesMax = 63;
constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz", kDigits = "0123456789";
/// Other than these, names below localhost are anyone's.
constexpr std::array<std::string_view, 4> kOwnNames = {"execute-api.localhost", "s3.localhost",
                                                       "amazonaws.com", "amazonaws.com.cn"};

bool is_label(std::string_view label) {
  const std::string allowed = std::string(kLetters).append(kDigits).append("-");
  return !label.empty() && label.size() <= kLabelBytesMax && label.front() != '-' &&
         label.back() != '-' && label.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_own(std::string_view name) {
  if (name.starts_with("*.")) name.remove_prefix(2);
  if (name == "localhost" || name.find(".lambda-url.") != name.npos) return true;
  if (name.starts_with("lambda-url.")) return true;
  return std::any_of(kOwnNames.begin(), kOwnNames.end(), [&](std::string_view own) {
    return name == own || name.ends_with("." + std::string(own));
  });
}

}  // namespace

std::string host_name(std::string_view host) {
  const auto colon = host.rfind(':');
  if (colon != host.npos && host.find(']', colon) == host.npos) host = host.substr(0, colon);
  if (host.ends_with('.')) host.remove_suffix(1);
  return to_lower(host);
}

std::string wildcard_for(std::string_view name) {
  const auto dot = name.find('.');
  if (dot == name.npos || dot == 0 || dot + 1 == name.size()) return {};
  return "*" + std::string(name.substr(dot));
}

Result<void> check_domain_name(std::string_view name) {
  if (is_own(name)) {
    return bad_request("Invalid domain name: " + std::string(name) +
                       " is or would cover a name of stator's or AWS's own");
  }
  const auto labels = split(name, '.');
  bool is_good = name.size() <= kNameBytesMax && labels.size() >= 2;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const bool is_star = i == 0 && labels[i] == "*" && labels.size() > 2;
    is_good = is_good && (is_star || is_label(labels[i]));
  }
  // An address is none, and no top-level domain is a number.
  is_good = is_good && labels.back().find_first_not_of(kDigits) != std::string_view::npos;
  if (!is_good) {
    return bad_request("Invalid domain name: " + std::string(name) +
                       " must be lower-case labels with dots between them");
  }
  return {};
}

}  // namespace stator::apigateway
