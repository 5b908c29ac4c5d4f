#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "iam/evaluator.hpp"

using namespace stator::iam;

namespace {

/// Keys of a few shapes, so that conditions and variables find something.
GivenContext make_context(std::string_view text) {
  GivenContext context;
  context.set("aws:SourceIp", {"192.0.2.1"});
  context.set("aws:CurrentTime", {"2026-01-02T03:04:05Z"});
  context.set("aws:username", {std::string(text.substr(0, 16))});
  context.set("aws:TagKeys", {"a", std::string(text.substr(0, 4)), ""});
  context.set("aws:PrincipalArn", {"arn:aws:iam::000000000000:user/ann"});
  return context;
}

}  // namespace

/// Any document is a policy or an error; what parses as a policy decides every request, an
/// explanation agrees with the decision, and an empty set of policies decides nothing but denial.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Access accesses[] = {
      Access("dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:000000000000:table/items"),
      Access("iam:ListPolicies", "policy path /"), Access(text.substr(0, 64), text)};
  const GivenContext context = make_context(text);
  for (const auto kind : {PolicyKind::kInline, PolicyKind::kManaged}) {
    auto policy = Policy::parse(text, kind);
    if (!policy) continue;
    const NamedPolicy policies[] = {{"p", *std::move(policy)}};
    for (const auto& access : accesses) {
      const auto verdict = evaluate(policies, access, context);
      const bool is_implicit = verdict.decision == Decision::kImplicitDeny;
      if (is_implicit != (verdict.statement == nullptr)) std::abort();
      if (is_implicit) continue;
      if (!explain_statement(*verdict.statement, nullptr, access, context).empty()) std::abort();
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
      (void)evaluate_resource_policy(*policy, caller, access, context);
  }
  return 0;
}
