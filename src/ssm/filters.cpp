#include "ssm/filters.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "ssm/errors.hpp"

namespace stator::ssm {
namespace {

constexpr std::string_view kTagPrefix = "tag:";
constexpr std::size_t kFiltersMax = 50;

Error invalid_key(const std::string& key) {
  return ssm_error(ErrorCode::kInvalid, "InvalidFilterKey",
                   "The following filter key is not valid: " + key + ".");
}

/// The options of a key; empty when there is no such key for this use.
std::vector<std::string_view> options_of(std::string_view key, Filters::Use use) {
  if (use == Filters::Use::kByPath) {
    if (key == "Type" || key == "KeyId" || key == "Label") return {"Equals"};
    return {};
  }
  if (key == "Name") return {"Equals", "BeginsWith", "Contains"};
  if (key == "Path") return {"OneLevel", "Recursive"};
  if (key == "Type" || key == "Tier" || key == "DataType") return {"Equals"};
  if (key == "KeyId") return {"Equals", "BeginsWith"};
  if (key.starts_with(kTagPrefix)) return {"Equals"};
  return {};
}

bool holds(std::string_view option, std::string_view text, std::string_view value) {
  if (option == "BeginsWith") return text.starts_with(value);
  if (option == "Contains") return text.find(value) != std::string_view::npos;
  return text == value;
}

}  // namespace

bool is_below(std::string_view name, std::string_view path, bool is_recursive) {
  std::string start(path);
  if (!start.ends_with('/')) start += '/';
  // A name without slashes is in the root of the hierarchy.
  if (start == "/" && name.find('/') == std::string_view::npos) return true;
  if (!name.starts_with(start)) return false;
  return is_recursive || name.find('/', start.size()) == std::string_view::npos;
}

Result<Filters::Filter> Filters::read_one(const aws::Input& input, Use use) {
  STATOR_TRY_VOID(input.allow_only({"Key", "Option", "Values"}));
  Filter filter;
  STATOR_TRY(filter.key, input.required_text("Key"));
  const auto options = options_of(filter.key, use);
  if (options.empty()) return invalid_key(filter.key);
  STATOR_TRY(const auto option, input.text("Option"));
  filter.option = option.value_or(std::string(options.front()));
  if (std::find(options.begin(), options.end(), filter.option) == options.end()) {
    return ssm_error(ErrorCode::kInvalid, "InvalidFilterOption",
                     "The following filter option is not valid: " + filter.option +
                         ". Valid options include: [" + std::string(options.front()) + "].");
  }
  STATOR_TRY(filter.values, input.text_list("Values"));
  if (filter.values.size() > kFiltersMax ||
      (filter.values.empty() && !filter.key.starts_with(kTagPrefix))) {
    return ssm_error(ErrorCode::kInvalid, "InvalidFilterValue",
                     "The following filter values are missing : null for filter key " + filter.key);
  }
  return filter;
}

Result<Filters> Filters::read(const aws::Input& input, Use use) {
  Filters all;
  STATOR_TRY(const json::Array* list, input.array("ParameterFilters"));
  STATOR_TRY(const json::Array* old_list, input.array("Filters"));
  if (list != nullptr && old_list != nullptr && !list->empty() && !old_list->empty()) {
    return invalid("You can use either Filters or ParameterFilters in a single request.");
  }
  for (const auto* filters : {list, old_list}) {
    if (filters == nullptr) continue;
    if (filters->size() > kFiltersMax) return invalid("There are too many filters");
    for (const auto& item : *filters) {
      if (!item.is_object()) return invalid("Filters must be structures");
      STATOR_TRY(auto filter, read_one(input.nested(item.get_object()), use));
      if (filters == old_list && filter.key == "Name") filter.option = "BeginsWith";
      all.filters_.push_back(std::move(filter));
    }
  }
  return all;
}

bool Filters::keeps(const Filter& filter, const Found& found) {
  const auto any = [&filter](const auto& is) {
    return std::any_of(filter.values.begin(), filter.values.end(), is);
  };
  const auto is = [&](std::string_view text) {
    return any([&](const std::string& value) { return holds(filter.option, text, value); });
  };
  if (filter.key == "Name") return is(found.parameter.name);
  if (filter.key == "Type") return is(found.version.type);
  if (filter.key == "Tier") return is(found.version.tier);
  if (filter.key == "DataType") return is("text");
  if (filter.key == "KeyId") return found.version.type == "SecureString" && is("alias/aws/ssm");
  if (filter.key == "Label") {
    return any([&](const std::string& value) { return found.version.labels.contains(value); });
  }
  if (filter.key == "Path") {
    return any([&](const std::string& value) {
      return is_below(found.parameter.name, value, filter.option == "Recursive");
    });
  }
  const auto tag = found.parameter.tags.find(filter.key.substr(kTagPrefix.size()));
  return tag != found.parameter.tags.end() && (filter.values.empty() || is(tag->second));
}

bool Filters::keep(const Found& found) const {
  return std::all_of(filters_.begin(), filters_.end(),
                     [&found](const Filter& filter) { return keeps(filter, found); });
}

}  // namespace stator::ssm
