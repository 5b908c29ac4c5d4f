#include "lambda/urls/address.hpp"

namespace stator::lambda::urls {
namespace {

constexpr std::string_view kHostPart = ".lambda-url.";
constexpr std::string_view kPathPrefix = "/_aws/lambda-url/";

std::string_view id_of_host(std::string_view host) {
  const auto at = host.find(kHostPart);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = host.substr(at + kHostPart.size());
  const std::string_view name = rest.substr(0, rest.rfind(':'));
  return name.ends_with(".localhost") || name.ends_with(".on.aws") ? host.substr(0, at)
                                                                   : std::string_view();
}

}  // namespace

Address address_of(const http::Request& request) {
  const std::string_view path = request.path();
  const std::string_view id = id_of_host(request.headers.get("host"));
  if (!id.empty()) return {id, path};
  if (!path.starts_with(kPathPrefix)) return {};
  const std::string_view rest = path.substr(kPathPrefix.size());
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos) return {rest, "/"};
  return {rest.substr(0, slash), rest.substr(slash)};
}

std::string domain_name(std::string_view id, std::string_view region) {
  return std::string(id) + std::string(kHostPart) + std::string(region) + ".localhost";
}

std::string make_url(std::string_view id, std::string_view region, std::string_view authority) {
  return "http://" + std::string(id) + std::string(kHostPart) + std::string(region) + "." +
         std::string(authority) + "/";
}

}  // namespace stator::lambda::urls
