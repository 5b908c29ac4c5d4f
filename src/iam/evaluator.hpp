#pragma once

#include <cstdint>
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
  /// A statement that fits but cannot be evaluated (a condition, a policy variable): an Allow that
  /// therefore did not allow, or the Deny that therefore denied. Null when there is none.
  const Statement* open_statement = nullptr;
  const NamedPolicy* open_policy = nullptr;
};

/// Whether a statement applies, principals aside.
[[nodiscard]] Match match_statement(const Statement& statement, const Access& access,
                                    const Context& context);

/// An explicit Deny wins over any Allow, and no Allow is a denial. What cannot be evaluated fails
/// closed: an Allow that only maybe applies does not allow, a Deny that maybe applies denies.
[[nodiscard]] Verdict evaluate(std::span<const NamedPolicy> policies, const Access& access,
                               const Context& context);

/// What an open statement holds that is not evaluated: "its Condition" or "its policy variable";
/// static text.
[[nodiscard]] std::string_view open_reason(const Statement& statement);

/// A caller as the Principal elements of resource and trust policies see it.
struct Caller {
  std::string_view account;
  std::string_view arn;       ///< user, session or root; "" for a service
  std::string_view role_arn;  ///< of a session: its role, path included
  std::string_view service;   ///< "lambda.amazonaws.com", else ""
  /// Of a web identity that asks for a role: its provider's ARN, else "".
  std::string_view federated = {};
};

/// How a policy of the resource's own side speaks of a caller.
enum class Grant : std::uint8_t {
  kNone,
  kDenied,
  kToAccount,  ///< it trusts the caller's account, which must allow the caller in turn
  kToCaller,   ///< it names the caller itself, or everyone
};

struct ResourceVerdict {
  Grant grant = Grant::kNone;
  /// open_reason() of a statement that fits but cannot be evaluated, else "". It outlives the
  /// policy.
  std::string_view open_reason;
};

/// `access` of a trust policy names the role; its statements have no resources to match.
[[nodiscard]] ResourceVerdict evaluate_resource_policy(const Policy& policy, const Caller& caller,
                                                       const Access& access,
                                                       const Context& context);

}  // namespace stator::iam
