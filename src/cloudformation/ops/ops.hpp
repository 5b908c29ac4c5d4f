#pragma once

#include "aws/operation.hpp"
#include "cloudformation/stacks.hpp"

/// One factory an operation, one file a factory; see
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html
namespace stator::cloudformation::ops {

[[nodiscard]] aws::Operation cancel_update_stack(Stacks& stacks);
[[nodiscard]] aws::Operation continue_update_rollback(Stacks& stacks);
[[nodiscard]] aws::Operation create_change_set(Stacks& stacks);
[[nodiscard]] aws::Operation create_stack(Stacks& stacks);
[[nodiscard]] aws::Operation delete_change_set(Stacks& stacks);
[[nodiscard]] aws::Operation delete_stack(Stacks& stacks);
[[nodiscard]] aws::Operation describe_change_set(Stacks& stacks);
[[nodiscard]] aws::Operation describe_stack_drift_detection_status(Stacks& stacks);
[[nodiscard]] aws::Operation describe_stack_events(Stacks& stacks);
[[nodiscard]] aws::Operation describe_stack_resource(Stacks& stacks);
[[nodiscard]] aws::Operation describe_stack_resource_drifts(Stacks& stacks);
[[nodiscard]] aws::Operation describe_stack_resources(Stacks& stacks);
[[nodiscard]] aws::Operation describe_stacks(Stacks& stacks);
[[nodiscard]] aws::Operation detect_stack_drift(Stacks& stacks);
[[nodiscard]] aws::Operation detect_stack_resource_drift(Stacks& stacks);
[[nodiscard]] aws::Operation execute_change_set(Stacks& stacks);
[[nodiscard]] aws::Operation get_stack_policy(Stacks& stacks);
[[nodiscard]] aws::Operation get_template(Stacks& stacks);
[[nodiscard]] aws::Operation get_template_summary(Stacks& stacks);
[[nodiscard]] aws::Operation list_change_sets(Stacks& stacks);
[[nodiscard]] aws::Operation list_exports(Stacks& stacks);
[[nodiscard]] aws::Operation list_imports(Stacks& stacks);
[[nodiscard]] aws::Operation list_stack_resources(Stacks& stacks);
[[nodiscard]] aws::Operation list_stacks(Stacks& stacks);
[[nodiscard]] aws::Operation rollback_stack(Stacks& stacks);
[[nodiscard]] aws::Operation set_stack_policy(Stacks& stacks);
[[nodiscard]] aws::Operation update_stack(Stacks& stacks);
[[nodiscard]] aws::Operation update_termination_protection(Stacks& stacks);
[[nodiscard]] aws::Operation validate_template(Stacks& stacks);

}  // namespace stator::cloudformation::ops
