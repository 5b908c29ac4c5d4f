#include "iam/ops/oidc_shared.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "iam/errors.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

constexpr std::size_t kClientIdMax = 255, kClientIdsMax = 100;
constexpr std::size_t kThumbprintsMax = 5, kThumbprintLength = 40;

/// The account and name that a provider's ARN holds; "" for what is no such ARN.
std::string name_in(std::string_view arn, std::string_view account) {
  const std::string prefix = provider_arn(account, "");
  return arn.starts_with(prefix) ? std::string(arn.substr(prefix.size())) : std::string();
}

}  // namespace

aws::ConditionKeys tag_condition_keys(const aws::Input& input, const std::vector<Tag>& held) {
  aws::ConditionKeys keys;
  aws::ConditionKey names{"aws:TagKeys", {}};
  if (const auto tags = read_tags(input)) {
    for (const auto& tag : *tags) {
      keys.push_back({"aws:RequestTag/" + tag.key, {tag.value}});
      names.values.push_back(tag.key);
    }
  }
  if (const auto removed = input.text_list("TagKeys")) {
    names.values.insert(names.values.end(), removed->begin(), removed->end());
  }
  if (!names.values.empty()) keys.push_back(std::move(names));
  for (const auto& tag : held) keys.push_back({"aws:ResourceTag/" + tag.key, {tag.value}});
  return keys;
}

aws::Operation::JsonNeeds provider_needs(Identity& identity, std::string action) {
  return [&identity, action = std::move(action)](const aws::Call& call,
                                                 const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto arn, input.text(kProviderArn));
    const std::string resource = arn.value_or("");
    const auto keys = [&identity, &input, resource, account = call.account] {
      const auto found = identity.oidc_providers().find(account, name_in(resource, account));
      const bool is_there = found && *found;
      return tag_condition_keys(input, is_there ? (*found)->tags : std::vector<Tag>());
    };
    aws::Needs needs;
    needs.push_back({.action = action, .resource = resource, .keys = keys});
    return needs;
  };
}

Result<OidcProvider> read_provider(Identity& identity, const aws::Call& call,
                                   const aws::Input& input) {
  constexpr std::size_t kArnMin = 20, kArnMax = 2'048;
  STATOR_TRY(const auto arn, input.required_text(kProviderArn));
  if (arn.size() < kArnMin || arn.size() > kArnMax) {
    return validation_error("Invalid ARN: " + arn.substr(0, kArnMax));
  }
  STATOR_TRY(auto provider,
             identity.oidc_providers().find(call.account, name_in(arn, call.account)));
  if (provider) return *std::move(provider);
  return no_such_entity("OpenIDConnect Provider not found for arn " + arn);
}

Result<void> change_provider(Identity& identity, const aws::Call& call, const aws::Input& input,
                             const std::function<Result<void>(OidcProvider&)>& change) {
  const auto lock = identity.records().lock();
  STATOR_TRY(auto provider, read_provider(identity, call, input));
  STATOR_TRY_VOID(change(provider));
  return identity.oidc_providers().put(call.account, provider);
}

Result<void> check_client_id(const std::string& id) {
  if (!id.empty() && id.size() <= kClientIdMax) return {};
  return constraint_error(id, "clientID",
                          id.empty() ? "Member must have length greater than or equal to 1"
                                     : "Member must have length less than or equal to 255");
}

Result<void> check_client_count(const OidcProvider& provider) {
  if (provider.client_ids.size() <= kClientIdsMax) return {};
  return limit_exceeded("Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100");
}

Result<std::vector<std::string>> read_thumbprints(const aws::Input& input) {
  STATOR_TRY(auto thumbprints, input.text_list("ThumbprintList"));
  if (thumbprints.size() > kThumbprintsMax) {
    return invalid_input("Thumbprint list must contain fewer than 5 entries.");
  }
  for (const auto& thumbprint : thumbprints) {
    if (thumbprint.size() == kThumbprintLength && hex_decode(thumbprint)) continue;
    return constraint_error(thumbprint, "thumbprintList",
                            "Member must have length equal to 40 and be hexadecimal");
  }
  return thumbprints;
}

}  // namespace stator::iam::ops
