#include "ssm/members.hpp"
#include "ssm/ops/ops.hpp"

namespace stator::ssm {

aws::Operation get_parameter(Parameters& parameters) {
  const auto needs = [&parameters](const aws::Call& call,
                                   const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto reference, reference_of(call, input, "Name"));
    return aws::Needs{need_of("GetParameter", parameters, call, input, reference)};
  };
  const auto handle = [&parameters](aws::Call& call,
                                    const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"Name", "WithDecryption"}));
    STATOR_TRY(const auto reference, reference_of(call, input, "Name"));
    STATOR_TRY(const auto is_decrypting, input.boolean("WithDecryption"));
    STATOR_TRY(const auto found, parameters.find(place_of(call), reference));
    STATOR_TRY(auto parameter,
               describe_value(parameters, place_of(call), found, is_decrypting.value_or(false)));
    return json::Object{{"Parameter", std::move(parameter)}};
  };
  return aws::Operation::json("GetParameter", aws::ByName{}, needs, handle);
}

}  // namespace stator::ssm
