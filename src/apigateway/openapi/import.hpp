#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apigateway/openapi/document.hpp"

namespace stator::apigateway::openapi {

/// What becomes of the path of the document's first server.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-basePath.html
enum class BasePath {
  kIgnore,
  kPrepend,
  kSplit,  ///< all of it but its first segment is prepended
};

struct ImportOptions {
  BasePath base_path = BasePath::kIgnore;
  /// For ${AWS::AccountId} and ${AWS::Region} in URIs and ARNs.
  std::string account;
  std::string region;
};

/// What an operation would take, and where in the document it stands.
struct ImportedPart {
  std::string place;
  json::Object input;
};

struct ImportedRoute {
  ImportedPart part;  ///< without `target` and `authorizerId`
  std::optional<std::size_t> integration;
  std::optional<std::size_t> authorizer;
};

/// A document as what the operations of API Gateway would be asked for; nothing is checked yet that
/// those operations check.
struct Imported {
  json::Object api;  ///< name, description, version, tags, corsConfiguration, …
  std::vector<ImportedPart> integrations;
  std::vector<ImportedPart> authorizers;
  std::vector<ImportedRoute> routes;
  Notes notes;
};

/// BadRequestException naming the place that is not as it must be.
[[nodiscard]] Result<Imported> import_document(const json::Object& document,
                                               const ImportOptions& options);

}  // namespace stator::apigateway::openapi
