#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation get_model(Apis& apis) {
  return read_one(apis, {"GetModel", "/v2/apis/{apiId}/models/{modelId}", Kind::kModel, "modelId"});
}

}  // namespace stator::apigateway
