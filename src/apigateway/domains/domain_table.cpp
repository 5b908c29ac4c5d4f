#include "apigateway/domains/domain_table.hpp"

#include <algorithm>

#include "apigateway/domains/domain_names.hpp"

namespace stator::apigateway {
namespace {

/// Whether a path's first segments are the key's.
bool begins(std::string_view path, std::string_view key) {
  if (key.empty()) return true;
  if (!path.starts_with('/')) return false;
  path.remove_prefix(1);
  return path.starts_with(key) && (path.size() == key.size() || path[key.size()] == '/');
}

}  // namespace

const ApiMapping* CompiledDomain::mapping_for(std::string_view path) const {
  const auto found = std::find_if(mappings.begin(), mappings.end(),
                                  [&](const ApiMapping& one) { return begins(path, one.key); });
  return found == mappings.end() ? nullptr : &*found;
}

void sort_mappings(std::vector<ApiMapping>& mappings) {
  // Of two keys that begin one path, the longer has more segments.
  std::sort(mappings.begin(), mappings.end(), [](const ApiMapping& a, const ApiMapping& b) {
    return a.key.size() != b.key.size() ? a.key.size() > b.key.size() : a.key < b.key;
  });
}

void DomainTable::put(CompiledDomainPtr domain) {
  const std::string name = domain->name;
  domains_[name] = std::move(domain);
}

void DomainTable::erase(std::string_view name) {
  domains_.erase(std::string(name));
}

CompiledDomainPtr DomainTable::find(const std::string& name) const {
  auto found = domains_.find(name);
  if (found == domains_.end()) found = domains_.find(wildcard_for(name));
  return found == domains_.end() ? nullptr : found->second;
}

}  // namespace stator::apigateway
