#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation get_stage(Apis& apis) {
  return read_one(apis,
                  {"GetStage", "/v2/apis/{apiId}/stages/{stageName}", Kind::kStage, "stageName"});
}

}  // namespace stator::apigateway
