#include "aws/virtual_host.hpp"

#include "base/strings.hpp"

namespace stator::aws {
namespace {

/// What stands before the last part that begins the service's own name: ".s3." or ".s3-".
std::string_view before_service(std::string_view name) {
  for (const std::string_view service : {".s3.", ".s3-"}) {
    const auto at = name.rfind(service);
    if (at != std::string_view::npos) return name.substr(0, at);
  }
  return {};
}

bool is_service(std::string_view name) {
  return name == "s3" || name.starts_with("s3.") || name.starts_with("s3-");
}

}  // namespace

std::string virtual_bucket(std::string_view host) {
  const std::string lower = to_lower(host.substr(0, host.rfind(':')));
  std::string_view name = lower;
  if (name.ends_with(".amazonaws.com")) return std::string(before_service(name));
  constexpr std::string_view kLocal = ".localhost";
  if (!name.ends_with(kLocal)) return {};
  name.remove_suffix(kLocal.size());
  if (name.ends_with(".s3")) name.remove_suffix(3);
  return is_service(name) ? std::string() : std::string(name);
}

}  // namespace stator::aws
