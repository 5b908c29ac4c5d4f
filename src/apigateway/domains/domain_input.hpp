#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apigateway/domains/domains.hpp"
#include "aws/input.hpp"
#include "aws/operation.hpp"

/// What the operations of domain names and API mappings read alike.
namespace stator::apigateway {

/// What CreateDomainName and UpdateDomainName say of a domain, checked.
struct DomainSettings {
  /// The members of the one configuration that was given; nothing when none was.
  std::optional<json::Object> configuration;
  bool has_mutual_tls = false;           ///< whether mutualTlsAuthentication was given
  std::optional<S3Location> truststore;  ///< nothing there turns mutual TLS off
};
[[nodiscard]] Result<DomainSettings> read_domain_settings(const aws::Input& input);

/// Writes the settings into a record, reading the truststore that they name.
[[nodiscard]] Result<void> apply_settings(const Domains& domains, const aws::Call& call,
                                          const DomainSettings& settings, DomainRecord& domain);

/// BadRequestException for a key that AWS would not take: "orders", "orders/v1", or "".
[[nodiscard]] Result<void> check_mapping_key(std::string_view key);

/// As needs_of(), with the tags that the domain has, which count for its mappings too; who names a
/// truststore must also be allowed to read it.
[[nodiscard]] aws::Operation::JsonNeeds domain_needs(const Domains& domains, std::string method,
                                                     std::string path);

}  // namespace stator::apigateway
