#include "cloudformation/graph.hpp"

#include <map>
#include <set>
#include <string>

#include "base/strings.hpp"
#include "cloudformation/errors.hpp"
#include "cloudformation/functions.hpp"

namespace stator::cloudformation {
namespace {

using Ids = std::set<std::string, std::less<>>;

/// Needs among resources of which the logical ids and those that each depends on are known.
Needs needs_among(const std::vector<std::string>& ids, const std::vector<Ids>& dependencies) {
  std::multimap<std::string, std::size_t, std::less<>> places;
  for (std::size_t i = 0; i < ids.size(); ++i) places.emplace(ids[i], i);
  Needs needs(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    for (const std::string& id : dependencies[i]) {
      const auto [first, last] = places.equal_range(id);
      for (auto place = first; place != last; ++place) {
        if (place->second != i) needs[i].push_back(place->second);
      }
    }
  }
  return needs;
}

}  // namespace

Ids dependencies(const Declaration& resource) {
  Ids ids(resource.depends_on.begin(), resource.depends_on.end());
  for (const auto& member : resource.properties) {
    visit_references(member.value(),
                     [&](std::string_view id, std::string_view) { ids.emplace(id); });
  }
  return ids;
}

Needs creation_needs(const std::vector<const Declaration*>& resources) {
  std::vector<std::string> ids;
  std::vector<Ids> needed;
  for (const Declaration* resource : resources) {
    ids.push_back(resource->logical_id);
    needed.push_back(dependencies(*resource));
  }
  return needs_among(ids, needed);
}

Needs creation_needs(const std::vector<ResourceRecord>& resources) {
  std::vector<std::string> ids;
  std::vector<Ids> needed;
  for (const ResourceRecord& resource : resources) {
    ids.push_back(resource.logical_id);
    needed.emplace_back(resource.depends_on.begin(), resource.depends_on.end());
  }
  return needs_among(ids, needed);
}

Needs removal_needs(const std::vector<ResourceRecord>& resources) {
  const Needs made = creation_needs(resources);
  Needs needs(resources.size());
  for (std::size_t i = 0; i < made.size(); ++i) {
    for (const std::size_t before : made[i]) needs[before].push_back(i);
  }
  return needs;
}

Result<std::vector<const Declaration*>> creation_order(
    const std::vector<const Declaration*>& resources) {
  Ids waiting;
  for (const Declaration* resource : resources) waiting.insert(resource->logical_id);
  std::vector<std::pair<const Declaration*, Ids>> pending;
  for (const Declaration* resource : resources) {
    Ids needs;
    for (const std::string& id : dependencies(*resource)) {
      if (waiting.contains(id)) needs.insert(id);
    }
    pending.emplace_back(resource, std::move(needs));
  }

  std::vector<const Declaration*> order;
  while (!pending.empty()) {
    const std::size_t before = order.size();
    std::vector<std::pair<const Declaration*, Ids>> blocked;
    for (auto& [resource, needs] : pending) {
      bool is_ready = true;
      for (const std::string& id : needs) is_ready = is_ready && !waiting.contains(id);
      if (is_ready) {
        order.push_back(resource);
        waiting.erase(resource->logical_id);
      } else {
        blocked.emplace_back(resource, std::move(needs));
      }
    }
    pending = std::move(blocked);
    if (order.size() == before) {
      return validation_error("Circular dependency between resources: [" +
                              join({waiting.begin(), waiting.end()}, ", ") + "]");
    }
  }
  return order;
}

}  // namespace stator::cloudformation
