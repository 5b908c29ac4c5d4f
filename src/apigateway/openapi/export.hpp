#pragma once

#include "apigateway/compiled.hpp"
#include "apigateway/openapi/document.hpp"

namespace stator::apigateway::openapi {

struct ExportOptions {
  std::string stage;                ///< "" for the API as it is now
  bool includes_extensions = true;  ///< without, what remains is plain OpenAPI
};

/// The API as an OpenAPI 3.0 document. With extensions, importing it gives the same API again.
[[nodiscard]] json::Object export_document(const Snapshot& snapshot, const ExportOptions& options);

}  // namespace stator::apigateway::openapi
