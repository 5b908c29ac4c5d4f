#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "http/message.hpp"
#include "storage/store.hpp"

namespace stator::aws {

/// Who is calling.
struct Principal {
  enum class Kind {
    kRoot,         ///< the account itself; no policy limits it
    kUser,         ///< arn:aws:iam::ACCOUNT:user/NAME
    kAssumedRole,  ///< arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION
    kService,      ///< an AWS service acting for itself, e.g. apigateway.amazonaws.com
  };
  Kind kind = Kind::kRoot;
  std::string account;
  std::string arn;            ///< for kService the service's name
  std::string user_id;        ///< AIDA…, AROA…:session, or the account for root
  std::string access_key_id;  ///< "" when the request was not signed (--auth off)
  std::string role_name;      ///< for kAssumedRole
};

/// One thing that a call must be allowed to do.
struct Permission {
  std::string action;    ///< "dynamodb:PutItem"
  std::string resource;  ///< a full ARN, or "*" for actions that have none
};

/// Everything that a call needs; all must be granted. May be empty only for operations that AWS
/// lets every authenticated caller use (sts:GetCallerIdentity).
using Needs = std::vector<Permission>;

/// One call of an operation: who, where, when. Lives from the router's first look to the answer.
struct Call {
  Principal principal;
  std::string account;  ///< whose state is used
  std::string region;
  std::string request_id;
  std::string source_ip;
  WallTime now;

  /// What must be on disk before the answer may leave. Unset: everything written so far, which is
  /// always safe. DynamoDB's item operations set the exact sequence that they wrote or revealed.
  std::optional<storage::Sequence> durable_after;
};

/// Establishes who sent a request. Implemented by iam/. Any thread.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  /// `service` is the signing name that the scope must carry ("dynamodb")
  /// Errors carry their AWS type (json protocols' names; the router renames them for query).
  [[nodiscard]] virtual Result<Principal> authenticate(const http::Request& request,
                                                       std::string_view service, WallTime now) = 0;
};

/// Decides what a principal may do. Implemented by iam/. Any thread.
class Authorizer {
 public:
  virtual ~Authorizer() = default;
  /// kAccessDenied with AWS's sentence when any need is not granted.
  [[nodiscard]] virtual Result<void> authorize(const Principal& principal,
                                               std::span<const Permission> needs) = 0;
};

}  // namespace stator::aws
