#include "s3/needs.hpp"

#include "s3/request.hpp"

namespace stator::s3 {

Result<aws::Needs> needs_of(const Objects& objects, std::string action, const ObjectName& name,
                            std::function<aws::ConditionKeys()> keys) {
  STATOR_TRY(auto policy, objects.compiled_policy(name.account, name.bucket));
  return aws::Needs{{std::move(action),
                     name.key.empty() ? bucket_arn(name.bucket) : object_arn(name.bucket, name.key),
                     std::move(keys), std::move(policy)}};
}

}  // namespace stator::s3
