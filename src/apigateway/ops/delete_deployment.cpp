#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation delete_deployment(Apis& apis) {
  return remove_one(apis, {"DeleteDeployment", "/v2/apis/{apiId}/deployments/{deploymentId}",
                           Kind::kDeployment, "deploymentId"});
}

}  // namespace stator::apigateway
