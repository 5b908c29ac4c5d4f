#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "iam/context.hpp"
#include "iam/policy.hpp"

/// Decisions. Pure functions of policies and a request: no state, no clock, no store.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
namespace stator::iam {

enum class Decision : std::uint8_t { kImplicitDeny, kAllow, kExplicitDeny };

/// A policy and the name under which a denial speaks of it.
struct NamedPolicy {
  std::string name;  ///< an inline policy's name or a managed policy's ARN
  Policy policy;
};

struct Verdict {
  Decision decision = Decision::kImplicitDeny;
  /// The statement that decided; null for an implicit denial.
  const Statement* statement = nullptr;
  const NamedPolicy* policy = nullptr;
};

/// Whether a statement applies, principals aside.
[[nodiscard]] bool match_statement(const Statement& statement, const Access& access,
                                   const Context& context);

/// An explicit Deny wins over any Allow, and no Allow is a denial.
[[nodiscard]] Verdict evaluate(std::span<const NamedPolicy> policies, const Access& access,
                               const Context& context);

/// A caller as the Principal elements of resource and trust policies see it.
struct Caller {
  std::string_view account;
  std::string_view arn;       ///< user, session or root; "" for a service and for nobody
  std::string_view role_arn;  ///< of a session: its role, path included; or the user who made it
  std::string_view service;   ///< "lambda.amazonaws.com", else ""
  /// Of a web identity that asks for a role: its provider's ARN, else "".
  std::string_view federated = {};
  /// A NotPrincipal with Deny spares nobody who has one.
  bool has_boundary = false;
};

/// How a policy of the resource's own side speaks of a caller.
enum class Grant : std::uint8_t {
  kNone,
  kDenied,
  kToAccount,  ///< it trusts the caller's account, which must allow the caller in turn
  kToRole,     ///< it names the role or user behind a session, whose limits stay
  kToCaller,   ///< it names the caller itself, or everyone
};

struct ResourceVerdict {
  Grant grant = Grant::kNone;
  /// The statement that denied, or the first of those that grant most; null when none does.
  const Statement* statement = nullptr;
};

/// `access` of a trust policy names the role; its statements have no resources to match.
[[nodiscard]] ResourceVerdict evaluate_resource_policy(const Policy& policy, const Caller& caller,
                                                       const Access& access,
                                                       const Context& context);

/// A part of a statement that keeps it from applying.
struct Misfit {
  enum class Part : std::uint8_t { kPrincipal, kAction, kResource, kCondition };
  Part part = Part::kAction;
  /// Of a condition that does not hold, else null. Lives as long as the policy.
  const Condition* condition = nullptr;
  /// What the request has for the condition's key; nothing when it does not have the key.
  std::optional<ConditionValues> found = std::nullopt;
};

/// Why a statement does not apply: every part that does not fit, in the order of Part; empty when
/// it applies. For explanations, at leisure. `caller` is null for policies without principals.
[[nodiscard]] std::vector<Misfit> explain_statement(const Statement& statement,
                                                    const Caller* caller, const Access& access,
                                                    const Context& context);

}  // namespace stator::iam
