#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation delete_integration(Apis& apis) {
  return remove_one(apis, {"DeleteIntegration", "/v2/apis/{apiId}/integrations/{integrationId}",
                           Kind::kIntegration, "integrationId"});
}

}  // namespace stator::apigateway
