#pragma once

#include <string>

#include "lambda/names.hpp"
#include "lambda/settings.hpp"
#include "storage/key.hpp"

/// Where the catalog keeps its records in the store.
namespace stator::lambda::catalog {

/// A part that sorts as the number does.
[[nodiscard]] inline std::string ordered(std::int64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(20 - digits.size(), '0') + digits;
}

[[nodiscard]] inline std::string function_path(const FunctionKeyView& key) {
  return storage::path_key({key.account, key.region, "lambda", "function", key.name});
}

[[nodiscard]] inline std::string version_path(const FunctionKeyView& key, std::int64_t version) {
  return storage::path_key(
      {key.account, key.region, "lambda", "version", key.name, ordered(version)});
}

/// Holds the last version number given of a function that is gone.
[[nodiscard]] inline std::string version_counter_path(const FunctionKeyView& key) {
  return storage::path_key({key.account, key.region, "lambda", "version-counter", key.name});
}

[[nodiscard]] inline std::string settings_path(const FunctionKeyView& key) {
  return storage::path_key({key.account, key.region, "lambda", "settings", key.name});
}

[[nodiscard]] inline std::string layer_path(const LayerReference& reference) {
  return storage::path_key({reference.account, reference.region, "lambda", "layer", reference.name,
                            ordered(reference.version)});
}

/// Holds the last version number given, so that it survives the version.
[[nodiscard]] inline std::string layer_counter_path(const LayerReference& reference) {
  return storage::path_key(
      {reference.account, reference.region, "lambda", "layer-counter", reference.name});
}

[[nodiscard]] Result<void> compile_policies(FunctionSettings& settings);

}  // namespace stator::lambda::catalog
