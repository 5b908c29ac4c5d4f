#include "ssm/service.hpp"

#include "ssm/ops/ops.hpp"

namespace stator::ssm {

aws::Service make_service(Parameters& parameters) {
  aws::Service service;
  service.signing_name = "ssm";
  service.protocol = aws::Protocol::kJson11;
  service.target_prefix = "AmazonSSM";
  service.operations.push_back(add_tags_to_resource(parameters));
  service.operations.push_back(delete_parameter(parameters));
  service.operations.push_back(delete_parameters(parameters));
  service.operations.push_back(describe_parameters(parameters));
  service.operations.push_back(get_parameter(parameters));
  service.operations.push_back(get_parameter_history(parameters));
  service.operations.push_back(get_parameters(parameters));
  service.operations.push_back(get_parameters_by_path(parameters));
  service.operations.push_back(label_parameter_version(parameters));
  service.operations.push_back(list_tags_for_resource(parameters));
  service.operations.push_back(put_parameter(parameters));
  service.operations.push_back(remove_tags_from_resource(parameters));
  service.operations.push_back(unlabel_parameter_version(parameters));
  return service;
}

}  // namespace stator::ssm
