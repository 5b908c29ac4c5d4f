#include "ssm/errors.hpp"
#include "ssm/members.hpp"
#include "ssm/ops/ops.hpp"

namespace stator::ssm {

aws::Operation delete_parameter(Parameters& parameters) {
  const auto needs = [&parameters](const aws::Call& call,
                                   const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto reference, reference_of(call, input, "Name"));
    return aws::Needs{need_of("DeleteParameter", parameters, call, input, reference)};
  };
  const auto handle = [&parameters](aws::Call& call,
                                    const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"Name"}));
    STATOR_TRY(const auto reference, reference_of(call, input, "Name"));
    STATOR_TRY(const bool was_there, parameters.remove(place_of(call), reference.name));
    if (!was_there) return no_such_parameter(reference.name);
    return json::Object();
  };
  return aws::Operation::json("DeleteParameter", aws::ByName{}, needs, handle);
}

}  // namespace stator::ssm
