#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation get_integrations(Apis& apis) {
  return read_all(apis,
                  {"GetIntegrations", "/v2/apis/{apiId}/integrations", Kind::kIntegration, ""});
}

}  // namespace stator::apigateway
