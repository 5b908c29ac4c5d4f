#include "ssm/members.hpp"
#include "ssm/ops/ops.hpp"

namespace stator::ssm {

aws::Operation label_parameter_version(Parameters& parameters) {
  const auto needs = [&parameters](const aws::Call& call,
                                   const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto reference, reference_of(call, input, "Name"));
    return aws::Needs{need_of("LabelParameterVersion", parameters, call, input, reference)};
  };
  const auto handle = [&parameters](aws::Call& call,
                                    const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"Name", "ParameterVersion", "Labels"}));
    STATOR_TRY(auto reference, reference_of(call, input, "Name"));
    STATOR_TRY(const auto number, input.integer("ParameterVersion"));
    if (number) reference.selector = ":" + std::to_string(*number);
    STATOR_TRY(auto labels, labels_of(input));
    STATOR_TRY(const auto found, parameters.find(place_of(call), reference));
    STATOR_TRY_VOID(parameters.label(place_of(call), found, labels.valid));
    return json::Object{{"InvalidLabels", std::move(labels.invalid)},
                        {"ParameterVersion", found.version.number}};
  };
  return aws::Operation::json("LabelParameterVersion", aws::ByName{}, needs, handle);
}

}  // namespace stator::ssm
