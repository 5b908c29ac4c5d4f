#pragma once

#include "apigateway/draft.hpp"
#include "aws/input.hpp"
#include "base/result.hpp"
#include "json/json.hpp"

/// What requests may write into records. Each function takes the members that a request gives over
/// into the record, a new one or the one that is there, and checks what comes out as a whole: the
/// same rules for Create and Update. After an error the record is to be thrown away.
namespace stator::apigateway {

/// Members of an API beside protocolType, tags and quick create's.
[[nodiscard]] Result<void> apply_api(const aws::Input& input, json::Object& record);
[[nodiscard]] Result<void> apply_integration(const aws::Input& input, json::Object& record);
/// `draft` is where its target, authorizer and the other routes are.
[[nodiscard]] Result<void> apply_route(const aws::Input& input, const Draft& draft,
                                       json::Object& record);
/// `draft` is where its deployment and routes are. Tags are not its own.
[[nodiscard]] Result<void> apply_stage(const aws::Input& input, const Draft& draft,
                                       json::Object& record);

/// Tags that a request brings along at creation.
[[nodiscard]] Result<void> apply_tags(const aws::Input& input, json::Object& record);
/// AWS's rules for tags: 50, keys up to 128 characters that do not start with "aws:", values up to
/// 256. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging.html
[[nodiscard]] Result<void> check_tags(const json::Object& tags);

}  // namespace stator::apigateway
