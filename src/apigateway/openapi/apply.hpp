#pragma once

#include "apigateway/draft.hpp"
#include "apigateway/openapi/import.hpp"

namespace stator::apigateway::openapi {

/// Makes the draft what the document says: its routes, integrations and authorizers in place of
/// those that are there, and of the API itself name, description, version, CORS and endpoint.
/// Stages and models stay, and so do the tags unless the document has some.
///
/// Errors are those of the operations that make each part one by one, with its place in the
/// document.
[[nodiscard]] Result<void> apply(const Imported& imported, Draft& draft);

}  // namespace stator::apigateway::openapi
