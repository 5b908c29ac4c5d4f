#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cloudformation/resource_type.hpp"

/// What the types of API Gateway share.
namespace stator::cloudformation::resources::apigatewayv2 {

inline constexpr std::string_view kService = "apigateway";

/// How the template writes a property and the API takes it.
enum class Shape {
  kSame,
  kStructure,   ///< members AllowOrigins here, allowOrigins there
  kStructures,  ///< structures by a key that stays as it is
  kList,        ///< of structures
  kTexts,       ///< texts by key, which updates merge: an empty text takes its key away
};

struct Mapped {
  std::string_view property;
  std::string_view member;
  Shape shape = Shape::kSame;
  /// What an update sends for a property that the template no longer has; null for required ones.
  json::Value when_absent = nullptr;
};

/// The members that a Create operation takes; absent properties are left out.
[[nodiscard]] json::Object input_of(const json::Object& properties, std::span<const Mapped> table);
/// The members that an Update operation takes to come from `before` to `after`.
[[nodiscard]] json::Object update_of(const json::Object& before, const json::Object& after,
                                     std::span<const Mapped> table);

/// Members with a small first letter. ResponseParameters of integrations and the like are texts by
/// key and not for this.
[[nodiscard]] json::Object structure(const json::Object& given);

/// The properties that an answer stands for: input_of() the other way round.
[[nodiscard]] json::Object output_of(const json::Object& answer, std::span<const Mapped> table);

/// What ResourceType::read answers from a Get operation. `more` are properties that the table does
/// not have.
[[nodiscard]] json::Object compared_with(const ResourceContext& context, const Existing& existing,
                                         const json::Object& answer, std::span<const Mapped> table,
                                         const json::Object& more = {});

/// Brings a resource's tags to what is wanted. `path` is the resource's: "/apis/ID".
[[nodiscard]] Result<void> update_tags(ResourceContext& context, const std::string& path,
                                       const Existing& existing, const json::Object& properties);

}  // namespace stator::cloudformation::resources::apigatewayv2
