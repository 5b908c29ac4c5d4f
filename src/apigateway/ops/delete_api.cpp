#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation delete_api(Apis& apis) {
  return remove_one(apis, {"DeleteApi", "/v2/apis/{apiId}", Kind::kApi, ""});
}

}  // namespace stator::apigateway
