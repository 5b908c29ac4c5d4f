#include "ssm/errors.hpp"
#include "ssm/filters.hpp"
#include "ssm/members.hpp"
#include "ssm/ops/ops.hpp"

namespace stator::ssm {

aws::Operation describe_parameters(Parameters& parameters) {
  const auto needs = [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
    return aws::Needs{{"ssm:DescribeParameters", "*"}};
  };
  const auto handle = [&parameters](aws::Call& call,
                                    const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(
        input.allow_only({"Filters", "ParameterFilters", "MaxResults", "NextToken", "Shared"}));
    STATOR_TRY(const auto is_shared, input.boolean("Shared"));
    if (is_shared.value_or(false)) return not_supported("shared parameters");
    STATOR_TRY(const auto filters, Filters::read(input, Filters::Use::kDescribe));
    STATOR_TRY(const auto limit, limit_of(input, 50));
    STATOR_TRY(const auto after, token_of(input));
    json::Array list;
    json::Object out;
    std::string last;
    STATOR_TRY_VOID(parameters.walk(place_of(call), "", after, [&](const Found& found) {
      if (!filters.keep(found)) return true;
      if (list.size() == limit) {
        out["NextToken"] = make_token(last);
        return false;
      }
      last = found.parameter.name;
      auto described = describe_version(found.parameter.name, found.version);
      described["ARN"] = parameter_arn(place_of(call), found.parameter.name);
      list.push_back(std::move(described));
      return true;
    }));
    out["Parameters"] = std::move(list);
    return out;
  };
  return aws::Operation::json("DescribeParameters", aws::ByName{}, needs, handle);
}

}  // namespace stator::ssm
