#include <cstdlib>

#include "ssm/members.hpp"
#include "ssm/ops/ops.hpp"

namespace stator::ssm {

aws::Operation get_parameter_history(Parameters& parameters) {
  const auto needs = [&parameters](const aws::Call& call,
                                   const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto reference, reference_of(call, input, "Name"));
    return aws::Needs{need_of("GetParameterHistory", parameters, call, input, reference)};
  };
  const auto handle = [&parameters](aws::Call& call,
                                    const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"Name", "WithDecryption", "MaxResults", "NextToken"}));
    STATOR_TRY(const auto reference, reference_of(call, input, "Name"));
    STATOR_TRY(const auto is_decrypting, input.boolean("WithDecryption"));
    STATOR_TRY(const auto limit, limit_of(input, 50));
    STATOR_TRY(const auto after, token_of(input));
    const auto place = place_of(call);
    STATOR_TRY(auto found, parameters.find(place, {reference.name, "", reference.may_have_slash}));
    STATOR_TRY(const auto versions, parameters.history(place, found.parameter.name));
    json::Array list;
    json::Object out;
    for (const auto& version : versions) {
      if (!after.empty() && version.number <= std::atoll(after.c_str())) continue;
      if (list.size() == limit) {
        out["NextToken"] = make_token(std::to_string(found.version.number));
        break;
      }
      found.version = version;
      auto described = describe_version(found.parameter.name, version);
      STATOR_TRY(const auto value, parameters.value(place, found, is_decrypting.value_or(false)));
      described["Value"] = value;
      json::Array labels;
      for (const auto& label : version.labels) labels.emplace_back(label);
      described["Labels"] = std::move(labels);
      list.push_back(std::move(described));
    }
    out["Parameters"] = std::move(list);
    return out;
  };
  return aws::Operation::json("GetParameterHistory", aws::ByName{}, needs, handle);
}

}  // namespace stator::ssm
