#pragma once

#include <functional>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "lambda/catalog.hpp"

namespace stator::lambda::urls {

/// A function URL as a request meets it.
struct FoundUrl {
  Catalog::FunctionPtr function;
  Catalog::SettingsPtr settings;
  std::string qualifier;              ///< "$LATEST" or an alias
  const UrlConfig* config = nullptr;  ///< of `settings`
};

/// Finds function URLs by their ids. It remembers whose an id was, so that a request for a known
/// URL costs two look-ups; only an id that it has not seen makes it go through all functions. Any
/// thread.
class Directory {
 public:
  explicit Directory(const Catalog& catalog) : catalog_(catalog) {}

  [[nodiscard]] std::optional<FoundUrl> find(std::string_view id);

 private:
  struct Owner {
    FunctionKey key;
    std::string qualifier;
  };
  [[nodiscard]] std::optional<FoundUrl> look_at(const Owner& owner, std::string_view id) const;
  [[nodiscard]] std::optional<Owner> search(std::string_view id) const;

  const Catalog& catalog_;
  std::shared_mutex mutex_;  ///< guards the map
  std::map<std::string, Owner, std::less<>> owners_;
};

}  // namespace stator::lambda::urls
