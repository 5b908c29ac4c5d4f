#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation get_models(Apis& apis) {
  return read_all(apis, {"GetModels", "/v2/apis/{apiId}/models", Kind::kModel, ""});
}

}  // namespace stator::apigateway
