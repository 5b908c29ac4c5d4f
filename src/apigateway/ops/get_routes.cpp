#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation get_routes(Apis& apis) {
  return read_all(apis, {"GetRoutes", "/v2/apis/{apiId}/routes", Kind::kRoute, ""});
}

}  // namespace stator::apigateway
