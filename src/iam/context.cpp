#include "iam/context.hpp"

#include "base/strings.hpp"
#include "base/time_format.hpp"

namespace stator::iam {

void GivenContext::set(std::string_view name, ConditionValues values) {
  keys_.insert_or_assign(to_lower(name), std::move(values));
}

const ConditionValues* GivenContext::find(std::string_view lower_key) const {
  const auto found = keys_.find(lower_key);
  return found == keys_.end() ? nullptr : &found->second;
}

const ConditionValues* CallContext::find(std::string_view lower_key) const {
  auto found = made_.find(lower_key);
  if (found == made_.end()) found = made_.emplace(std::string(lower_key), make(lower_key)).first;
  return found->second ? &*found->second : nullptr;
}

std::optional<ConditionValues> CallContext::make(std::string_view lower_key) const {
  if (lower_key == "aws:principalarn") return ConditionValues{call_.principal.arn};
  if (lower_key == "aws:principalaccount") return ConditionValues{call_.principal.account};
  if (lower_key == "aws:userid") return ConditionValues{call_.principal.user_id};
  if (lower_key == "aws:sourceip") return ConditionValues{call_.source_ip};
  if (lower_key == "aws:currenttime") return ConditionValues{iso8601(call_.now)};
  if (lower_key == "aws:requestedregion") return ConditionValues{call_.region};
  if (!need_keys_) need_keys_ = need_.keys ? need_.keys() : aws::ConditionKeys();
  for (const auto& [name, values] : *need_keys_) {
    if (equals_ignore_case(name, lower_key)) return values;
  }
  return std::nullopt;
}

}  // namespace stator::iam
