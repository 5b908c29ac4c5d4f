#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "http/message.hpp"
#include "storage/store.hpp"

namespace stator::aws {

/// What a temporary session carries beside who it is. Immutable and shared by all its requests;
/// iam/ derives its own, which adds the session's policies.
struct SessionFacts {
  virtual ~SessionFacts() = default;
  WallTime issued;
  std::vector<std::pair<std::string, std::string>> tags;  ///< session tags
  std::vector<std::string> transitive_tag_keys;
  std::string source_identity;
  std::string federated_provider;  ///< of a web identity: the provider's ARN
};

/// Who is calling.
struct Principal {
  enum class Kind {
    kRoot,           ///< the account itself; no policy limits it
    kUser,           ///< arn:aws:iam::ACCOUNT:user/NAME, by a key of its own or by GetSessionToken
    kAssumedRole,    ///< arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION
    kFederatedUser,  ///< arn:aws:sts::ACCOUNT:federated-user/NAME
    kService,        ///< an AWS service acting for itself, e.g. apigateway.amazonaws.com
    kAnonymous,      ///< nobody signed, and the operation lets nobody in particular call it
  };
  Kind kind = Kind::kRoot;
  std::string account;
  std::string arn;            ///< for kService the service's name, for kAnonymous ""
  std::string user_id;        ///< AIDA…, AROA…:session, ACCOUNT:name, or the account for root
  std::string access_key_id;  ///< "" when the request was not signed (--auth off)
  std::string role_name;      ///< for kAssumedRole
  /// Of temporary credentials; null for long-term keys.
  std::shared_ptr<const SessionFacts> session = {};
};

/// One condition key of a request. A key without values is present and empty; a key that the
/// request does not have is not listed.
struct ConditionKey {
  std::string name;  ///< "dynamodb:LeadingKeys", spelled as AWS documents it
  std::vector<std::string> values;
};
using ConditionKeys = std::vector<ConditionKey>;

/// The policy that a resource carries (a function's, a table's, a bucket's), compiled. Opaque here:
/// iam/ compiles and evaluates it.
struct ResourcePolicy {
  virtual ~ResourcePolicy() = default;
};

/// One thing that a call must be allowed to do.
struct Permission {
  std::string action;    ///< "dynamodb:PutItem"
  std::string resource;  ///< a full ARN, or "*" for actions that have none
  /// What conditions and policy variables can ask about this need beyond the keys that every
  /// request has. Called at most once, and only when a policy asks; what it refers to must live as
  /// long as the authorization takes, so raw operations may refer to the parsed request.
  std::function<ConditionKeys()> keys = {};
  /// Null when the resource has none.
  std::shared_ptr<const ResourcePolicy> resource_policy = {};
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

  /// The request that brought the call, as long as the call lives; null for calls in-process.
  const http::Request* http = nullptr;
  /// Of a service's call: the resource for which it calls and that resource's account, or "".
  std::string source_arn = {};
  std::string source_account = {};

  /// What must be on disk before the answer may leave. Unset: everything written so far, which is
  /// always safe. DynamoDB's item operations set the exact sequence that they wrote or revealed.
  std::optional<storage::Sequence> durable_after = {};
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
  /// Whether call.principal may do all of it; kAccessDenied with AWS's sentence when any need is
  /// not granted.
  [[nodiscard]] virtual Result<void> authorize(const Call& call,
                                               std::span<const Permission> needs) = 0;
};

}  // namespace stator::aws
