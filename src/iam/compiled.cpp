#include "iam/compiled.hpp"

namespace stator::iam {

Result<std::shared_ptr<const aws::ResourcePolicy>> compile_resource_policy(
    std::string_view document) {
  STATOR_TRY(auto policy, Policy::parse(document, PolicyKind::kResource));
  return std::shared_ptr<const aws::ResourcePolicy>(
      std::make_shared<CompiledResourcePolicy>(std::move(policy)));
}

}  // namespace stator::iam
