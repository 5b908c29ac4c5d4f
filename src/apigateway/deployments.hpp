#pragma once

#include <memory>
#include <string>

#include "apigateway/draft.hpp"

/// A deployment freezes routes, integrations, authorizers and CORS; a stage serves one of them.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
namespace stator::apigateway {

/// How many automatic deployments are kept that no stage serves.
inline constexpr std::size_t kIdleAutomaticDeploymentsMax = 10;

struct NewDeployment {
  std::string date;  ///< ISO 8601
  std::string description = {};
  bool is_automatic = false;
};
/// Freezes the draft as it is and answers with the record. BadRequestException when the API has no
/// routes.
[[nodiscard]] Result<json::Object> deploy(Draft& draft, const NewDeployment& wanted);

/// Whether changes of the API deploy this stage. The operations write the member always.
[[nodiscard]] bool is_automatic(const json::Object& stage);

/// After a change: gives automatic stages the new deployment that they need, with the outcome in
/// their lastDeploymentStatusMessage, and drops the oldest automatic deployments. What cannot be
/// deployed, because there are no routes, leaves the stages with what they serve.
[[nodiscard]] Result<void> deploy_automatically(Draft& draft, const std::string& date);

/// What requests need, of the stages that have a deployment. `before` is what they had so far, or
/// null.
[[nodiscard]] Result<std::shared_ptr<const CompiledApi>> compile(Draft& draft,
                                                                 const CompiledApi* before);

}  // namespace stator::apigateway
