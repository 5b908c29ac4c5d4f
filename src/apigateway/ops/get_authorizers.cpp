#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation get_authorizers(Apis& apis) {
  return read_all(apis, {"GetAuthorizers", "/v2/apis/{apiId}/authorizers", Kind::kAuthorizer, ""});
}

}  // namespace stator::apigateway
