#pragma once

#include "aws/operation.hpp"
#include "ssm/parameters.hpp"

/// Parameter Store's operations, one file each.
/// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Operations.html
namespace stator::ssm {

[[nodiscard]] aws::Operation add_tags_to_resource(Parameters& parameters);
[[nodiscard]] aws::Operation delete_parameter(Parameters& parameters);
[[nodiscard]] aws::Operation delete_parameters(Parameters& parameters);
[[nodiscard]] aws::Operation describe_parameters(Parameters& parameters);
[[nodiscard]] aws::Operation get_parameter(Parameters& parameters);
[[nodiscard]] aws::Operation get_parameter_history(Parameters& parameters);
[[nodiscard]] aws::Operation get_parameters(Parameters& parameters);
[[nodiscard]] aws::Operation get_parameters_by_path(Parameters& parameters);
[[nodiscard]] aws::Operation label_parameter_version(Parameters& parameters);
[[nodiscard]] aws::Operation list_tags_for_resource(Parameters& parameters);
[[nodiscard]] aws::Operation put_parameter(Parameters& parameters);
[[nodiscard]] aws::Operation remove_tags_from_resource(Parameters& parameters);
[[nodiscard]] aws::Operation unlabel_parameter_version(Parameters& parameters);

}  // namespace stator::ssm
