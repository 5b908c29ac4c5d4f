#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation get_deployment(Apis& apis) {
  return read_one(apis, {"GetDeployment", "/v2/apis/{apiId}/deployments/{deploymentId}",
                         Kind::kDeployment, "deploymentId"});
}

}  // namespace stator::apigateway
