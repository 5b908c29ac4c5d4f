#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation get_stages(Apis& apis) {
  return read_all(apis, {"GetStages", "/v2/apis/{apiId}/stages", Kind::kStage, ""});
}

}  // namespace stator::apigateway
