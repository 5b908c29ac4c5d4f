#pragma once

#include <string>

#include "aws/call.hpp"
#include "aws/input.hpp"
#include "lambda/record.hpp"

/// What calls need to be allowed. A need has its function's policy and the keys that conditions may
/// ask for; whether the function exists shows in neither.
/// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
namespace stator::lambda {

/// lambda:InvokeFunction on a function, with the qualifier that was given. `latest` is $LATEST's
/// record, which has the tags; it may be null and outlives the need. `policy` is the catalog's for
/// the reference.
[[nodiscard]] aws::Permission invoke_need(const FunctionReference& reference,
                                          const FunctionRecord* latest,
                                          std::shared_ptr<const aws::ResourcePolicy> policy);

/// `action` on a function, for a request whose members Tags, TagKeys, Layers, Principal and
/// FunctionUrlAuthType conditions may ask about. `record` may be null; the input outlives the need.
[[nodiscard]] aws::Permission function_need(std::string action, const FunctionReference& reference,
                                            std::shared_ptr<const FunctionRecord> record,
                                            const aws::Input& input);

/// iam:PassRole to Lambda, for the function.
[[nodiscard]] aws::Permission pass_role_need(const std::string& role_arn,
                                             const std::string& function_arn);

}  // namespace stator::lambda
