#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation get_api(Apis& apis) {
  return read_one(apis, {"GetApi", "/v2/apis/{apiId}", Kind::kApi, ""});
}

}  // namespace stator::apigateway
