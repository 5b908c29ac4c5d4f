#pragma once

#include <optional>
#include <string_view>

#include "apigateway/openapi/document.hpp"

namespace stator::apigateway::openapi {

/// An x-amazon-apigateway-integration object as the members that CreateIntegration takes. Nothing,
/// with a warning, for a type that HTTP APIs do not have.
[[nodiscard]] Result<std::optional<json::Object>> read_integration(const json::Object& integration,
                                                                   std::string_view place,
                                                                   Notes& notes);

/// The other way round, from a stored record.
[[nodiscard]] json::Object write_integration(const json::Object& record);

}  // namespace stator::apigateway::openapi
