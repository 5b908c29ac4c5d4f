#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation get_authorizer(Apis& apis) {
  return read_one(apis, {"GetAuthorizer", "/v2/apis/{apiId}/authorizers/{authorizerId}",
                         Kind::kAuthorizer, "authorizerId"});
}

}  // namespace stator::apigateway
