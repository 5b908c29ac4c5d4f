#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// What requests need to know of custom domains. Made once per change, immutable, shared.
namespace stator::apigateway {

struct ApiMapping {
  std::string key;  ///< "orders/v1"; "" maps the whole domain
  std::string api_id;
  std::string stage;
};

struct CompiledDomain {
  std::string name;  ///< "api.example.com" or "*.example.com"
  std::string account;
  std::string region;
  /// PEM of those whose clients mutual TLS lets in; "" when the domain asks for no certificate.
  std::string client_authorities;
  std::vector<ApiMapping> mappings;  ///< more segments first

  /// The mapping whose key begins a decoded path, segment by segment, the longest; null when none
  /// does.
  [[nodiscard]] const ApiMapping* mapping_for(std::string_view path) const;
};
using CompiledDomainPtr = std::shared_ptr<const CompiledDomain>;

/// Sorts as mapping_for() wants it.
void sort_mappings(std::vector<ApiMapping>& mappings);

/// Domains by name.
class DomainTable {
 public:
  void put(CompiledDomainPtr domain);
  void erase(std::string_view name);
  [[nodiscard]] bool empty() const { return domains_.empty(); }
  [[nodiscard]] const auto& all() const { return domains_; }

  /// The domain of that name, or else the wildcard that covers it; null when there is neither.
  /// `name` as host_name() makes it.
  [[nodiscard]] CompiledDomainPtr find(const std::string& name) const;

 private:
  std::unordered_map<std::string, CompiledDomainPtr> domains_;
};

}  // namespace stator::apigateway
