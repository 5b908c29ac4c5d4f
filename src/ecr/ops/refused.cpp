#include "ecr/ops/ops.hpp"

namespace stator::ecr {

aws::Operation refused(std::string name) {
  const auto refusal = [name] {
    return unsupported(name + " is not supported by stator: it keeps no images");
  };
  const auto needs = [refusal](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
    return refusal();
  };
  const auto handle = [refusal](aws::Call&, const aws::Input&) -> Result<json::Object> {
    return refusal();
  };
  return aws::Operation::json(name, aws::ByName{}, needs, handle);
}

}  // namespace stator::ecr
