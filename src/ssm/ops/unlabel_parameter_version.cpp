#include "ssm/members.hpp"
#include "ssm/ops/ops.hpp"

namespace stator::ssm {

aws::Operation unlabel_parameter_version(Parameters& parameters) {
  const auto needs = [&parameters](const aws::Call& call,
                                   const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto reference, reference_of(call, input, "Name"));
    return aws::Needs{need_of("UnlabelParameterVersion", parameters, call, input, reference)};
  };
  const auto handle = [&parameters](aws::Call& call,
                                    const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"Name", "ParameterVersion", "Labels"}));
    STATOR_TRY(auto reference, reference_of(call, input, "Name"));
    STATOR_TRY(const auto number, input.integer("ParameterVersion"));
    if (!number) return invalid("ParameterVersion must be given");
    reference.selector = ":" + std::to_string(*number);
    STATOR_TRY(auto labels, labels_of(input));
    STATOR_TRY(const auto found, parameters.find(place_of(call), reference));
    STATOR_TRY(const auto removed, parameters.unlabel(place_of(call), found, labels.valid));
    json::Array gone;
    for (const auto& label : labels.valid) {
      if (removed.contains(label)) {
        gone.emplace_back(label);
      } else {
        labels.invalid.emplace_back(label);
      }
    }
    return json::Object{{"RemovedLabels", std::move(gone)},
                        {"InvalidLabels", std::move(labels.invalid)}};
  };
  return aws::Operation::json("UnlabelParameterVersion", aws::ByName{}, needs, handle);
}

}  // namespace stator::ssm
