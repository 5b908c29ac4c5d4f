#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "iam/evaluator.hpp"

using namespace stator::iam;

/// Any document is a policy or an error; what parses as a policy decides every request, and an
/// empty set of policies decides nothing but denial.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Access accesses[] = {
      Access("dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:000000000000:table/items"),
      Access("iam:ListPolicies", "policy path /"), Access(text.substr(0, 64), text)};
  for (const auto kind : {PolicyKind::kInline, PolicyKind::kManaged}) {
    auto policy = Policy::parse(text, kind);
    if (!policy) continue;
    const NamedPolicy policies[] = {{"p", *std::move(policy)}};
    for (const auto& access : accesses) {
      const auto verdict = evaluate(policies, access, GivenContext());
      const bool is_implicit = verdict.decision == Decision::kImplicitDeny;
      if (is_implicit != (verdict.statement == nullptr)) std::abort();
    }
  }
  for (const auto kind : {PolicyKind::kTrust, PolicyKind::kResource}) {
    const auto policy = Policy::parse(text, kind);
    if (!policy) continue;
    const Caller caller{.account = "000000000000",
                        .arn = "arn:aws:iam::000000000000:user/ann",
                        .role_arn = {},
                        .service = {}};
    for (const auto& access : accesses)
      (void)evaluate_resource_policy(*policy, caller, access, GivenContext());
  }
  return 0;
}
