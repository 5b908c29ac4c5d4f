#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aws/audit.hpp"
#include "aws/call.hpp"
#include "aws/operation.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "iam/assumption.hpp"
#include "iam/last_uses.hpp"
#include "iam/oidc_providers.hpp"
#include "iam/records.hpp"
#include "iam/sessions.hpp"
#include "log/log.hpp"
#include "oidc/issuers.hpp"
#include "storage/store.hpp"

namespace stator::iam {

class Decisions;
struct CompiledEntity;

/// What Identity works with; references outlive it.
struct IdentityParts {
  storage::Store& store;
  const Clock& clock;
  Random& random;
  /// Where `credentials` and `session_key` are kept; empty keeps them in memory only.
  std::filesystem::path data;
  /// The account whose root key is kept there.
  std::string account = "000000000000";
  /// False: what policies deny is logged, counted, recorded, and allowed.
  bool are_policies_enforced = true;
  /// Who is told of denials; null: nobody.
  const log::Logger* logger = nullptr;
  aws::AuditTrail* audit = nullptr;
  /// How keys of identity providers are read; unset: from the network.
  oidc::Fetch fetch = {};
};

/// Everything about who is calling and what they may do. Owns the state of IAM; one for a server.
/// All members may be called from any thread.
class Identity {
 public:
  /// Reads or makes the root key. Throws ConfigError when its file is damaged.
  explicit Identity(IdentityParts parts);
  ~Identity();
  Identity(const Identity&) = delete;

  [[nodiscard]] aws::Authenticator& authenticator();
  [[nodiscard]] aws::Authorizer& authorizer();
  [[nodiscard]] const aws::sigv4::Credentials& root_credentials() const;
  [[nodiscard]] const std::string& account() const;

  /// Whether a role exists and its trust policy lets the service ("lambda.amazonaws.com") assume
  /// it; kAccessDenied in AWS's words for sts:AssumeRole otherwise.
  [[nodiscard]] Result<void> check_service_may_assume(std::string_view role_arn,
                                                      std::string_view service) const;
  /// Temporary credentials of a role for what the service runs, after the same check. The caller
  /// chooses the duration; the role's MaxSessionDuration does not limit services.
  [[nodiscard]] Result<SessionCredentials> assume_for_service(const AssumeRole& wanted,
                                                              std::string_view service);

  /// What DecodeAuthorizationMessage opens again, for whoever may call it.
  [[nodiscard]] std::string seal_authorization_message(std::string_view json);

  /// Why requests were denied, and what users and roles did.
  [[nodiscard]] Decisions& decisions();
  /// Keeps what users and roles did in the data directory, when there is something new. A crash
  /// costs what came after the last time.
  [[nodiscard]] Result<void> save_usage();

  // For the operations of IAM.
  /// Null when there is no such user or role.
  [[nodiscard]] Result<std::shared_ptr<const CompiledEntity>> find_compiled(
      std::string_view account, EntityKind kind, std::string_view name);
  [[nodiscard]] Records& records();
  [[nodiscard]] Sessions& sessions();
  [[nodiscard]] LastUses& last_uses();
  [[nodiscard]] RoleAssumption& assumption();
  [[nodiscard]] OidcProviders& oidc_providers();
  [[nodiscard]] oidc::Issuers& issuers();
  [[nodiscard]] const Clock& clock() const;
  [[nodiscard]] Random& random();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// "iam", query protocol, 2010-05-08.
[[nodiscard]] aws::Service make_iam_service(Identity& identity);
/// "sts", query protocol, 2011-06-15.
[[nodiscard]] aws::Service make_sts_service(Identity& identity);

/// Finds the audit log's record of a request; nothing when there is none.
using FindRecord = std::function<Result<std::optional<json::Object>>(std::string_view request_id)>;
/// "stator", json protocol 1.1, target "Stator.OPERATION": what stator says about itself.
[[nodiscard]] aws::Service make_stator_service(Identity& identity, FindRecord find_record);

}  // namespace stator::iam
