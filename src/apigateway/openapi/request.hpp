#pragma once

#include "apigateway/openapi/import.hpp"
#include "aws/call.hpp"
#include "aws/input.hpp"
#include "aws/operation.hpp"

namespace stator::apigateway::openapi {

/// `body`, `basepath` and `failOnWarnings` of ImportApi and ReimportApi, and the document read.
/// BadRequestException with the warnings when they are not to be let pass.
[[nodiscard]] Result<Imported> read_request(const aws::Call& call, const aws::Input& input);

/// What a document asks for beside `needs`: who hands API Gateway roles in it must be allowed to
/// pass them, and its tags are the request's.
[[nodiscard]] aws::Operation::JsonNeeds with_document(aws::Operation::JsonNeeds needs);

/// The answer of both: the API with `warnings` and `importInfo`.
[[nodiscard]] json::Object with_notes(json::Object api, const Notes& notes);

}  // namespace stator::apigateway::openapi
