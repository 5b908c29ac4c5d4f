#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation delete_stage(Apis& apis) {
  return remove_one(
      apis, {"DeleteStage", "/v2/apis/{apiId}/stages/{stageName}", Kind::kStage, "stageName"});
}

}  // namespace stator::apigateway
