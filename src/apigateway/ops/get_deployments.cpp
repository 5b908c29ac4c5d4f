#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation get_deployments(Apis& apis) {
  return read_all(apis, {"GetDeployments", "/v2/apis/{apiId}/deployments", Kind::kDeployment, ""});
}

}  // namespace stator::apigateway
