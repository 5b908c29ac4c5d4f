#include "apigateway/address.hpp"

#include <algorithm>

#include "base/bytes.hpp"

namespace stator::apigateway {

std::string_view api_of_host(std::string_view host) {
  const auto at = host.find(kHostPart);
  if (at == std::string_view::npos || at == 0) return {};
  const std::string_view rest = host.substr(at + kHostPart.size());
  const std::string_view name = rest.substr(0, rest.rfind(':'));
  return name == "localhost" || name.ends_with(".amazonaws.com") ? host.substr(0, at)
                                                                 : std::string_view();
}

std::optional<Address> address_of(const http::Request& request) {
  auto path = percent_decode(request.path());
  if (!path || !path->starts_with('/') || !is_utf8(*path)) return std::nullopt;
  const auto domain_name = [](std::string_view api_id) {
    return std::string(api_id) + std::string(kHostPart) + "localhost";
  };
  const std::string_view host_api = api_of_host(request.headers.get("host"));
  if (!host_api.empty()) {
    return Address{std::string(host_api), "", *std::move(path), domain_name(host_api)};
  }

  // The id and stage are plain text: both have as many bytes encoded as decoded.
  std::string_view rest = request.path();
  rest.remove_prefix(kPathPrefix.size());
  const std::string_view api_id = rest.substr(0, rest.find('/'));
  std::string_view decoded = std::string_view(*path).substr(kPathPrefix.size());
  decoded.remove_prefix(std::min(decoded.size(), api_id.size() + 1));
  const auto slash = decoded.find('/');
  Address address{std::string(api_id), std::string(decoded.substr(0, slash)), "/",
                  domain_name(api_id)};
  if (slash != std::string_view::npos) address.path = decoded.substr(slash);
  if (address.stage != kDefaultStage) address.path_before = "/" + address.stage;
  return address;
}

void settle_stage(Address& address, const CompiledApi& api) {
  if (!address.stage.empty()) return;
  const auto slash = address.path.find('/', 1);
  const std::string first = address.path.substr(1, slash == std::string::npos ? slash : slash - 1);
  if (!first.empty() && first != kDefaultStage && api.stages.contains(first)) {
    address.stage = first;
    address.path_before = "/" + first;
    address.path = slash == std::string::npos ? "/" : address.path.substr(slash);
  } else {
    address.stage = kDefaultStage;
  }
}

}  // namespace stator::apigateway
