#include "apigateway/domains/domain_address.hpp"

#include "apigateway/domains/domain_names.hpp"
#include "base/bytes.hpp"

namespace stator::apigateway {
namespace {

std::optional<Refusal> check_certificate(const Domains& domains, const CompiledDomain& domain,
                                         const http::Request& request) {
  if (domain.client_authorities.empty()) return std::nullopt;
  if (!request.is_secure) return Refusal{403, "Forbidden"};
  const auto greeted = domains.find(request.server_name);
  if (greeted == nullptr || greeted->name != domain.name) {
    return Refusal{421, "Misdirected Request"};
  }
  // A connection that is older than the domain's mutual TLS has no certificate.
  if (request.client_certificate == nullptr) return Refusal{403, "Forbidden"};
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> address_on(const Domains& domains, const CompiledDomain& domain,
                                  const http::Request& request, Address& address) {
  if (auto refusal = check_certificate(domains, domain, request)) return refusal;
  auto path = percent_decode(request.path());
  if (!path || !path->starts_with('/') || !is_utf8(*path)) return Refusal{400, "Bad Request"};
  const ApiMapping* mapping = domain.mapping_for(*path);
  if (mapping == nullptr) return Refusal{403, "Forbidden"};
  address.api_id = mapping->api_id;
  address.stage = mapping->stage;
  address.domain_name = host_name(request.headers.get("host"));
  address.base_path = mapping->key;
  if (!mapping->key.empty()) address.path_before = "/" + mapping->key;
  address.path = path->substr(address.path_before.size());
  if (address.path.empty()) address.path = "/";
  return std::nullopt;
}

}  // namespace stator::apigateway
