#pragma once

#include <string>
#include <vector>

#include "aws/input.hpp"
#include "ssm/parameters.hpp"

namespace stator::ssm {

/// What lists keep: every filter must hold.
class Filters {
 public:
  enum class Use { kDescribe, kByPath };
  /// `ParameterFilters` and, for DescribeParameters, the older `Filters`. InvalidFilterKey,
  /// InvalidFilterOption, InvalidFilterValue.
  [[nodiscard]] static Result<Filters> read(const aws::Input& input, Use use);
  [[nodiscard]] bool keep(const Found& found) const;

 private:
  struct Filter {
    std::string key;
    std::string option;
    std::vector<std::string> values;  ///< one must hold; none: the tag is there
  };
  [[nodiscard]] static Result<Filter> read_one(const aws::Input& input, Use use);
  [[nodiscard]] static bool keeps(const Filter& filter, const Found& found);
  std::vector<Filter> filters_;
};

/// Whether a parameter lies in the hierarchy below `path`, directly unless `is_recursive`.
[[nodiscard]] bool is_below(std::string_view name, std::string_view path, bool is_recursive);

}  // namespace stator::ssm
