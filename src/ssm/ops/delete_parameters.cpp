#include "ssm/members.hpp"
#include "ssm/ops/ops.hpp"

namespace stator::ssm {

aws::Operation delete_parameters(Parameters& parameters) {
  const auto needs = [&parameters](const aws::Call& call,
                                   const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto names, names_of(input));
    aws::Needs wanted;
    for (const auto& name : names) {
      STATOR_TRY(const auto reference, parse_reference(name, place_of(call)));
      wanted.push_back(need_of("DeleteParameters", parameters, call, input, reference));
    }
    return wanted;
  };
  const auto handle = [&parameters](aws::Call& call,
                                    const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"Names"}));
    STATOR_TRY(const auto names, names_of(input));
    json::Array deleted;
    json::Array unknown;
    for (const auto& name : names) {
      STATOR_TRY(const auto reference, parse_reference(name, place_of(call)));
      STATOR_TRY(const bool was_there, parameters.remove(place_of(call), reference.name));
      (was_there ? deleted : unknown).emplace_back(name);
    }
    return json::Object{{"DeletedParameters", std::move(deleted)},
                        {"InvalidParameters", std::move(unknown)}};
  };
  return aws::Operation::json("DeleteParameters", aws::ByName{}, needs, handle);
}

}  // namespace stator::ssm
