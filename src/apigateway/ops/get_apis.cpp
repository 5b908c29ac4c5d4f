#include "apigateway/ops/ops.hpp"

namespace stator::apigateway {

aws::Operation get_apis(Apis& apis) {
  return read_all(apis, {"GetApis", "/v2/apis", Kind::kApi, ""});
}

}  // namespace stator::apigateway
