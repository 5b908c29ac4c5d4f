#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation get_integration(Apis& apis) {
  return read_one(apis, {"GetIntegration", "/v2/apis/{apiId}/integrations/{integrationId}",
                         Kind::kIntegration, "integrationId"});
}

}  // namespace stator::apigateway
