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

Ids dependencies(const Declaration& resource) {
  Ids ids(resource.depends_on.begin(), resource.depends_on.end());
  for (const auto& member : resource.properties) {
    visit_references(member.value(),
                     [&](std::string_view id, std::string_view) { ids.emplace(id); });
  }
  return ids;
}

}  // namespace

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
