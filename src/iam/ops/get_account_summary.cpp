#include "iam/ops/ops.hpp"
#include "iam/ops/shared.hpp"
#include "iam/validation.hpp"

namespace stator::iam::ops {
namespace {

/// Quotas, and counts of what stator does not have, which are none.
json::Object quotas() {
  using enum EntityKind;
  return {{"AccessKeysPerUserQuota", kAccessKeysMax},
          {"AssumeRolePolicySizeQuota", kTrustBytesMax},
          {"AttachedPoliciesPerGroupQuota", kAttachedMax},
          {"AttachedPoliciesPerRoleQuota", kAttachedMax},
          {"AttachedPoliciesPerUserQuota", kAttachedMax},
          {"GroupPolicySizeQuota", facts_of(kGroup).inline_bytes_max},
          {"GroupsPerUserQuota", kGroupsPerUserMax},
          {"GroupsQuota", facts_of(kGroup).count_max},
          {"InstanceProfilesQuota", facts_of(kInstanceProfile).count_max},
          {"PoliciesQuota", kPoliciesMax},
          {"PolicySizeQuota", kManagedBytesMax},
          {"RolePolicySizeQuota", facts_of(kRole).inline_bytes_max},
          {"RolesQuota", facts_of(kRole).count_max},
          {"UserPolicySizeQuota", facts_of(kUser).inline_bytes_max},
          {"UsersQuota", facts_of(kUser).count_max},
          {"VersionsPerPolicyQuota", kPolicyVersionsMax},
          // Root always has its key here, and never a password or an MFA device.
          {"AccountAccessKeysPresent", 1},
          {"AccountMFAEnabled", 0},
          {"AccountPasswordPresent", 0},
          {"AccountSigningCertificatesPresent", 0},
          {"MFADevices", 0},
          {"MFADevicesInUse", 0},
          {"ServerCertificates", 0}};
}

}  // namespace

/// A map, whose entries the query protocol writes as a list of key and value.
aws::Operation get_account_summary(Identity& identity) {
  return aws::Operation::json(
      "GetAccountSummary", aws::ByName{}, account_needs("iam:GetAccountSummary"),
      [&identity](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({}));
        auto summary = quotas();
        for (const auto kind : kEntityKinds) {
          STATOR_TRY(const auto count, identity.records().count_entities(call.account, kind));
          summary[std::string(facts_of(kind).title) + "s"] = count;
        }
        STATOR_TRY(const auto policies, identity.records().list_policies(call.account));
        std::size_t versions = 0;
        for (const auto& policy : policies) versions += policy.versions.size();
        summary["Policies"] = policies.size();
        summary["PolicyVersionsInUse"] = versions;
        STATOR_TRY(const auto providers, identity.oidc_providers().list(call.account));
        summary["Providers"] = providers.size();
        json::Array entries;
        for (const auto& [name, value] : summary) {
          entries.push_back(json::Object{{"key", name}, {"value", value}});
        }
        return json::Object{{"SummaryMap", std::move(entries)}};
      });
}

}  // namespace stator::iam::ops
