#include "iam/managed_policies.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "crypto/crypto.hpp"
#include "iam/aws_policies.hpp"

namespace stator::iam {
namespace {

/// 2015-02-06T18:39:46Z, the day on which AWS published the oldest of them.
constexpr std::int64_t kPublishedMs = 1'423'247'986'000;

ManagedPolicy make(const AwsPolicy& source) {
  ManagedPolicy policy;
  policy.path = source.path;
  policy.name = source.name;
  policy.description = source.description;
  // The same in every installation, as AWS's are in every account.
  policy.id = "ANPA";
  const std::string digest = crypto::sha256(source.name);
  for (std::size_t i = 0; i < 17; ++i) {
    policy.id += kBase32[static_cast<unsigned char>(digest[i]) % kBase32.size()];
  }
  policy.created = policy.updated = from_epoch_ms(kPublishedMs);
  policy.versions.push_back(
      {"v1", R"({"Version":"2012-10-17","Statement":[)" + std::string(source.statements) + "]}",
       policy.created});
  return policy;
}

std::vector<ManagedPolicy> make_all() {
  std::vector<ManagedPolicy> policies;
  for (const auto& source : aws_policies()) policies.push_back(make(source));
  return policies;
}

}  // namespace

const std::vector<ManagedPolicy>& aws_managed_policies() {
  static const std::vector<ManagedPolicy> kPolicies = make_all();
  return kPolicies;
}

Result<std::optional<ManagedPolicy>> find_managed_policy(const Records& records,
                                                         std::string_view account,
                                                         std::string_view arn) {
  if (!arn.starts_with("arn:aws:iam::aws:")) return records.find_policy_by_arn(account, arn);
  const auto& policies = aws_managed_policies();
  const auto found = std::find_if(
      policies.begin(), policies.end(),
      [&](const ManagedPolicy& policy) { return policy_arn(kAwsAccount, policy) == arn; });
  if (found == policies.end()) return std::optional<ManagedPolicy>();
  return std::optional(*found);
}

}  // namespace stator::iam
