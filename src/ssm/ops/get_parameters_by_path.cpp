#include "ssm/filters.hpp"
#include "ssm/members.hpp"
#include "ssm/ops/ops.hpp"

namespace stator::ssm {

aws::Operation get_parameters_by_path(Parameters& parameters) {
  const auto needs = [&parameters](const aws::Call& call,
                                   const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto path, input.required_text("Path"));
    STATOR_TRY(const auto is_recursive, input.boolean("Recursive"));
    std::string below = path;
    if (below.size() > 1 && below.ends_with('/')) below.pop_back();
    return aws::Needs{
        need_of("GetParametersByPath", parameters, call, input, {below},
                {{"ssm:Recursive", {is_recursive.value_or(false) ? "true" : "false"}}})};
  };
  const auto handle = [&parameters](aws::Call& call,
                                    const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only(
        {"Path", "Recursive", "ParameterFilters", "WithDecryption", "MaxResults", "NextToken"}));
    STATOR_TRY(auto path, input.required_text("Path"));
    STATOR_TRY_VOID(check_path(path));
    STATOR_TRY(const auto is_recursive, input.boolean("Recursive"));
    STATOR_TRY(const auto is_decrypting, input.boolean("WithDecryption"));
    STATOR_TRY(const auto filters, Filters::read(input, Filters::Use::kByPath));
    STATOR_TRY(const auto limit, limit_of(input, 10));
    STATOR_TRY(const auto after, token_of(input));
    std::vector<Found> page;
    bool has_more = false;
    if (!path.ends_with('/')) path += '/';
    // The root also has the names that have no slash.
    STATOR_TRY_VOID(
        parameters.walk(place_of(call), path == "/" ? "" : path, after, [&](const Found& found) {
          if (!is_below(found.parameter.name, path, is_recursive.value_or(false)) ||
              !filters.keep(found)) {
            return true;
          }
          has_more = page.size() == limit;
          if (!has_more) page.push_back(found);
          return !has_more;
        }));
    json::Array list;
    for (const auto& found : page) {
      STATOR_TRY(auto parameter,
                 describe_value(parameters, place_of(call), found, is_decrypting.value_or(false)));
      list.push_back(std::move(parameter));
    }
    json::Object out{{"Parameters", std::move(list)}};
    if (has_more) out["NextToken"] = make_token(page.back().parameter.name);
    return out;
  };
  return aws::Operation::json("GetParametersByPath", aws::ByName{}, needs, handle);
}

}  // namespace stator::ssm
