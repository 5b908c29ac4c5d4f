#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "aws/call.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "iam/authorizer.hpp"
#include "iam/records.hpp"
#include "iam/sessions.hpp"

/// Who may become a role, and the session that comes of it.
namespace stator::iam {

/// A role that someone wants to become.
struct AssumeRole {
  std::string_view role_arn;
  std::string_view session_name;
  std::chrono::seconds duration{3'600};
  SessionExtras extras = {};
  std::string_view external_id = {};  ///< "" when none was given
  /// For services: the resource for which they ask, as aws:SourceArn, or "".
  std::string_view source_arn = {};
};

struct AssumedRole {
  SessionCredentials session;
  std::string assumed_role_id;  ///< "AROA...:SESSION"
  std::string arn;              ///< "arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION"
  std::string source_identity;  ///< given or inherited, or ""
};

/// Who a verified token of an OIDC provider says that its bearer is.
struct WebIdentity {
  std::string provider_arn;
  /// What the trust policy can ask: "token.actions.githubusercontent.com:sub" and its like.
  aws::ConditionKeys keys;
};

/// What the assumption of roles works with; all outlive it.
struct AssumptionParts {
  Records& records;
  Sessions& sessions;
  PolicyAuthorizer& authorizer;
  const Clock& clock;
};

/// Decides by the role's trust policy and, where that asks for it, the caller's own policies. Any
/// thread.
class RoleAssumption {
 public:
  explicit RoleAssumption(AssumptionParts parts) : parts_(parts) {}

  /// kAccessDenied in AWS's words unless the trust policy lets the service.
  [[nodiscard]] Result<void> check_service(const AssumeRole& wanted,
                                           std::string_view service) const;
  [[nodiscard]] Result<SessionCredentials> for_service(const AssumeRole& wanted,
                                                       std::string_view service);
  /// sts:AssumeRole, sts:TagSession and sts:SetSourceIdentity as far as they are used.
  [[nodiscard]] Result<AssumedRole> for_caller(const aws::Call& call, AssumeRole wanted);
  /// sts:AssumeRoleWithWebIdentity; only the trust policy counts.
  [[nodiscard]] Result<AssumedRole> for_web_identity(const WebIdentity& identity,
                                                     const AssumeRole& wanted);

 private:
  struct Found {
    std::string account;
    Entity role;
  };
  [[nodiscard]] Result<std::optional<Found>> find(std::string_view role_arn) const;
  [[nodiscard]] Result<Found> find_for_service(const AssumeRole& wanted,
                                               std::string_view service) const;
  [[nodiscard]] Result<AssumedRole> issue(const Found& found, const AssumeRole& wanted);

  AssumptionParts parts_;
};

}  // namespace stator::iam
