#include "cloudformation/ops/ops.hpp"
#include "cloudformation/stacks.hpp"

namespace stator::cloudformation {

aws::Service make_service(Stacks& stacks) {
  aws::Service service{.signing_name = "cloudformation",
                       .protocol = aws::Protocol::kQuery,
                       .api_version = "2010-05-15",
                       .xml_namespace = "http://cloudformation.amazonaws.com/doc/2010-05-15/"};
  auto& all = service.operations;
  all.push_back(ops::cancel_update_stack(stacks));
  all.push_back(ops::continue_update_rollback(stacks));
  all.push_back(ops::create_change_set(stacks));
  all.push_back(ops::create_stack(stacks));
  all.push_back(ops::delete_change_set(stacks));
  all.push_back(ops::delete_stack(stacks));
  all.push_back(ops::describe_change_set(stacks));
  all.push_back(ops::describe_stack_drift_detection_status(stacks));
  all.push_back(ops::describe_stack_events(stacks));
  all.push_back(ops::describe_stack_resource_drifts(stacks));
  all.push_back(ops::describe_stack_resources(stacks));
  all.push_back(ops::describe_stacks(stacks));
  all.push_back(ops::detect_stack_drift(stacks));
  all.push_back(ops::detect_stack_resource_drift(stacks));
  all.push_back(ops::execute_change_set(stacks));
  all.push_back(ops::get_stack_policy(stacks));
  all.push_back(ops::get_template(stacks));
  all.push_back(ops::get_template_summary(stacks));
  all.push_back(ops::list_change_sets(stacks));
  all.push_back(ops::list_exports(stacks));
  all.push_back(ops::list_imports(stacks));
  all.push_back(ops::list_stack_resources(stacks));
  all.push_back(ops::list_stacks(stacks));
  all.push_back(ops::rollback_stack(stacks));
  all.push_back(ops::set_stack_policy(stacks));
  all.push_back(ops::update_stack(stacks));
  all.push_back(ops::update_termination_protection(stacks));
  all.push_back(ops::validate_template(stacks));
  return service;
}

}  // namespace stator::cloudformation
