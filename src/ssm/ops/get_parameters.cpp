#include "ssm/members.hpp"
#include "ssm/ops/ops.hpp"

namespace stator::ssm {

aws::Operation get_parameters(Parameters& parameters) {
  const auto needs = [&parameters](const aws::Call& call,
                                   const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto names, names_of(input));
    aws::Needs wanted;
    for (const auto& name : names) {
      STATOR_TRY(const auto reference, parse_reference(name, place_of(call)));
      wanted.push_back(need_of("GetParameters", parameters, call, input, reference));
    }
    return wanted;
  };
  const auto handle = [&parameters](aws::Call& call,
                                    const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"Names", "WithDecryption"}));
    STATOR_TRY(const auto names, names_of(input));
    STATOR_TRY(const auto is_decrypting, input.boolean("WithDecryption"));
    json::Array found_ones;
    json::Array unknown;
    for (const auto& name : names) {
      STATOR_TRY(const auto reference, parse_reference(name, place_of(call)));
      const auto found = parameters.find(place_of(call), reference);
      if (!found && found.error().code != ErrorCode::kNotFound) return found.error();
      if (!found) {
        unknown.emplace_back(name);
        continue;
      }
      STATOR_TRY(auto parameter,
                 describe_value(parameters, place_of(call), *found, is_decrypting.value_or(false)));
      found_ones.push_back(std::move(parameter));
    }
    return json::Object{{"Parameters", std::move(found_ones)},
                        {"InvalidParameters", std::move(unknown)}};
  };
  return aws::Operation::json("GetParameters", aws::ByName{}, needs, handle);
}

}  // namespace stator::ssm
