#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::cloudformation {

/// A resource as the template declares it, nothing resolved.
struct Declaration {
  std::string logical_id;
  std::string type;
  json::Object properties;
  std::vector<std::string> depends_on;
  std::string condition;     ///< "" when it is always made
  bool is_retained = false;  ///< DeletionPolicy Retain or RetainExceptOnCreate
  /// DeletionPolicy RetainExceptOnCreate: it goes when the change that makes it is rolled back.
  bool is_removed_when_creation_fails = false;
  bool is_retained_when_replaced = false;  ///< UpdateReplacePolicy Retain
};

struct OutputDeclaration {
  std::string key;
  json::Value value;
  std::string description;
  std::string condition;
  std::optional<json::Value> export_name;  ///< Export's Name, nothing resolved
};

/// A plain template (SAM's transform already applied), taken apart and its form checked.
struct Template {
  std::string description;
  json::Object parameters;
  json::Object mappings;
  json::Object rules;
  json::Object conditions;
  std::vector<Declaration> resources;
  std::vector<OutputDeclaration> outputs;

  /// Null when there is none of that id.
  [[nodiscard]] const Declaration* find(std::string_view logical_id) const;
};

/// AWS's bounds: 500 resources, 200 parameters, 200 outputs, a description of 1,024 bytes.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
inline constexpr std::size_t kResourcesMax = 500;
inline constexpr std::size_t kParametersMax = 200;
inline constexpr std::size_t kOutputsMax = 200;
inline constexpr std::size_t kDescriptionBytesMax = 1024;

/// ValidationError naming (and with at_place()) the place of whatever is malformed or not
/// supported.
[[nodiscard]] Result<Template> parse_template(const json::Object& body);

}  // namespace stator::cloudformation
