#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation delete_model(Apis& apis) {
  return remove_one(apis,
                    {"DeleteModel", "/v2/apis/{apiId}/models/{modelId}", Kind::kModel, "modelId"});
}

}  // namespace stator::apigateway
