#include "lambda/urls/directory.hpp"

#include <mutex>
#include <utility>

namespace stator::lambda::urls {

std::optional<FoundUrl> Directory::find(std::string_view id) {
  std::optional<Owner> owner;
  {
    const std::shared_lock lock(mutex_);
    const auto known = owners_.find(id);
    if (known != owners_.end()) owner = known->second;
  }
  if (owner) {
    if (auto found = look_at(*owner, id)) return found;
    // Ids are never used twice, so this one is gone for good.
    const std::unique_lock lock(mutex_);
    if (const auto known = owners_.find(id); known != owners_.end()) owners_.erase(known);
    return std::nullopt;
  }
  owner = search(id);
  if (!owner) return std::nullopt;
  auto found = look_at(*owner, id);
  const std::unique_lock lock(mutex_);
  owners_.insert_or_assign(std::string(id), *std::move(owner));
  return found;
}

std::optional<FoundUrl> Directory::look_at(const Owner& owner, std::string_view id) const {
  FoundUrl found{catalog_.find(owner.key.view()), catalog_.settings(owner.key.view()),
                 owner.qualifier};
  if (found.function == nullptr || found.settings == nullptr) return std::nullopt;
  const auto url = found.settings->urls.find(owner.qualifier);
  if (url == found.settings->urls.end() || url->second.id != id) return std::nullopt;
  found.config = &url->second;
  return found;
}

std::optional<Directory::Owner> Directory::search(std::string_view id) const {
  for (const auto& settings : catalog_.all_settings()) {
    for (const auto& [qualifier, url] : settings->urls) {
      if (url.id == id) return Owner{settings->key, qualifier};
    }
  }
  return std::nullopt;
}

}  // namespace stator::lambda::urls
