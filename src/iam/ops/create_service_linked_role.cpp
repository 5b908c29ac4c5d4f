#include "aws/arn.hpp"
#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {

/// No service here acts through such a role, and one that nobody uses would only look as if.
aws::Operation create_service_linked_role() {
  return aws::Operation::json(
      "CreateServiceLinkedRole", aws::ByName{},
      [](const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
        STATOR_TRY(const auto service, input.text("AWSServiceName"));
        aws::Permission need{"iam:CreateServiceLinkedRole",
                             aws::make_arn("iam", "", call.account,
                                           "role/aws-service-role/" + service.value_or("") + "/*")};
        need.keys = [service = service.value_or("")] {
          return aws::ConditionKeys{{"iam:AWSServiceName", {service}}};
        };
        return aws::Needs{std::move(need)};
      },
      [](aws::Call&, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"AWSServiceName", "Description", "CustomSuffix"}));
        STATOR_TRY(const auto service, input.text("AWSServiceName"));
        if (!service) return constraint_error("AWSServiceName", "Member must not be null");
        return unsupported("stator has no service-linked roles: no service here, " + *service +
                           " neither, acts through one");
      });
}

}  // namespace stator::iam::ops
