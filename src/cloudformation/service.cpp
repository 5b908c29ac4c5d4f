#include "cloudformation/ops/ops.hpp"
#include "cloudformation/stacks.hpp"

namespace stator::cloudformation {

aws::Service make_service(Stacks& stacks) {
  aws::Service service{.signing_name = "cloudformation",
                       .protocol = aws::Protocol::kQuery,
                       .api_version = "2010-05-15",
                       .xml_namespace = "http://cloudformation.amazonaws.com/doc/2010-05-15/"};
  service.operations = {ops::create_stack(stacks),          ops::delete_stack(stacks),
                        ops::describe_stack_events(stacks), ops::describe_stack_resources(stacks),
                        ops::describe_stacks(stacks),       ops::get_template(stacks),
                        ops::list_stack_resources(stacks),  ops::list_stacks(stacks),
                        ops::update_stack(stacks),          ops::validate_template()};
  return service;
}

}  // namespace stator::cloudformation
