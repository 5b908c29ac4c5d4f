#include "iam/identity.hpp"

#include "aws/arn.hpp"
#include "iam/authenticator.hpp"
#include "iam/authorizer.hpp"
#include "iam/errors.hpp"
#include "iam/key_ring.hpp"
#include "iam/principals.hpp"
#include "iam/records.hpp"
#include "iam/secrets.hpp"

namespace stator::iam {
namespace {

constexpr std::string_view kAssumeRole = "sts:AssumeRole";

aws::Principal root_principal(const std::string& account, const Secrets& secrets) {
  return {.kind = aws::Principal::Kind::kRoot,
          .account = account,
          .arn = aws::make_arn("iam", "", account, "root"),
          .user_id = account,
          .access_key_id = secrets.root.access_key_id.value,
          .role_name = {}};
}

}  // namespace

struct Identity::Impl {
  explicit Impl(IdentityParts given, Secrets made)
      : parts(std::move(given)),
        secrets(std::move(made)),
        records(parts.store),
        sessions(secrets.sealing_key, parts.random),
        principals(records),
        keys(root_principal(parts.account, secrets), secrets.root.secret, records, principals,
             sessions),
        authenticator(keys),
        authorizer(principals) {}

  /// The role that an ARN names; nothing when the ARN or the role is not there.
  [[nodiscard]] Result<std::optional<Entity>> find_role(std::string_view role_arn,
                                                        std::string& account) const {
    Access::Segments arn;
    if (!split_arn(role_arn, arn) || arn[1] != "iam" || !arn[4].starts_with("role/")) {
      return std::optional<Entity>();
    }
    account = arn[3];
    const auto name = arn[4].substr(arn[4].rfind('/') + 1);
    STATOR_TRY(auto role, records.find_entity(account, EntityKind::kRole, name));
    if (role && entity_arn(account, *role) != role_arn) role.reset();
    return role;
  }

  [[nodiscard]] static Result<ResourceVerdict> ask_trust(const Entity& role, const Caller& caller,
                                                         const Access& access,
                                                         const Context& context) {
    const auto trust = Policy::parse(role.trust, PolicyKind::kTrust);
    if (!trust) return internal("the stored trust policy of " + role.name + " is damaged");
    return evaluate_resource_policy(*trust, caller, access, context);
  }

  [[nodiscard]] Result<Entity> check_service(std::string_view role_arn, std::string_view service,
                                             std::string& account) const {
    const Access access(kAssumeRole, role_arn);
    ResourceVerdict verdict;
    STATOR_TRY(auto role, find_role(role_arn, account));
    if (role) {
      const Caller caller{.account = {}, .arn = {}, .role_arn = {}, .service = service};
      STATOR_TRY(verdict, ask_trust(*role, caller, access, GivenContext()));
      if (verdict.grant == Grant::kToCaller) return *std::move(role);
    }
    return access_denied(std::string(service) + " is not authorized to perform: sts:AssumeRole" +
                         " on resource: " + std::string(role_arn));
  }

  [[nodiscard]] SessionCredentials issue(const std::string& account, const Entity& role,
                                         const AssumeRole& wanted) {
    return sessions.issue({.account = account,
                           .role_name = role.name,
                           .role_id = role.id,
                           .session_name = std::string(wanted.session_name),
                           .access_key_id = {},
                           .expires = parts.clock.wall() + wanted.duration});
  }

  IdentityParts parts;
  Secrets secrets;
  Records records;
  Sessions sessions;
  Principals principals;
  KeyRing keys;
  SignatureAuthenticator authenticator;
  PolicyAuthorizer authorizer;
};

Identity::Identity(IdentityParts parts) {
  auto secrets = load_or_make_secrets(parts.data, parts.random);
  impl_ = std::make_unique<Impl>(std::move(parts), std::move(secrets));
}

Identity::~Identity() = default;

aws::Authenticator& Identity::authenticator() {
  return impl_->authenticator;
}
aws::Authorizer& Identity::authorizer() {
  return impl_->authorizer;
}
const aws::sigv4::Credentials& Identity::root_credentials() const {
  return impl_->secrets.root;
}
const std::string& Identity::account() const {
  return impl_->parts.account;
}
Records& Identity::records() {
  return impl_->records;
}
Sessions& Identity::sessions() {
  return impl_->sessions;
}
Random& Identity::random() {
  return impl_->parts.random;
}

Result<void> Identity::check_service_may_assume(std::string_view role_arn,
                                                std::string_view service) const {
  std::string account;
  const auto role = impl_->check_service(role_arn, service, account);
  if (!role) return role.error();
  return {};
}

Result<SessionCredentials> Identity::assume_for_service(const AssumeRole& wanted,
                                                        std::string_view service) {
  std::string account;
  STATOR_TRY(const auto role, impl_->check_service(wanted.role_arn, service, account));
  return impl_->issue(account, role, wanted);
}

/// Within one account it is enough that the trust policy names the caller; where it trusts the
/// account, the caller's own policies must allow the action. Between accounts both must.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
Result<AssumedRole> Identity::assume_role(const aws::Call& call, const AssumeRole& wanted) {
  const aws::Principal& caller = call.principal;
  const bool is_root = caller.kind == aws::Principal::Kind::kRoot;
  // With --auth off everyone is root, and no key says so.
  const bool is_open = is_root && caller.access_key_id.empty();
  if (is_root && !is_open) return access_denied("Roles may not be assumed by root accounts.");

  const aws::Permission need{std::string(kAssumeRole), std::string(wanted.role_arn)};
  const Access access(need.action, need.resource);
  std::string account;
  STATOR_TRY(const auto role, impl_->find_role(wanted.role_arn, account));
  STATOR_TRY(const auto own, impl_->authorizer.judge(call, need));
  ResourceVerdict trust;
  if (role) {
    const std::string_view role_arn =
        own.entity && caller.kind == aws::Principal::Kind::kAssumedRole
            ? std::string_view(own.entity->arn)
            : std::string_view();
    const Caller seen{
        .account = caller.account, .arn = caller.arn, .role_arn = role_arn, .service = {}};
    STATOR_TRY(trust, Impl::ask_trust(*role, seen, access, CallContext(call, need, nullptr)));
  }
  const bool is_allowed = own.outcome.decision == Decision::kAllow;
  const bool is_denied =
      own.outcome.decision == Decision::kExplicitDeny || trust.grant == Grant::kDenied;
  const bool is_trusted = trust.grant >= Grant::kToRole && caller.account == account;
  const bool is_delegated = trust.grant != Grant::kNone && is_allowed;
  if (!role || (!is_open && (is_denied || !(is_trusted || is_delegated)))) {
    return access_denied(denial_subject(caller, access));
  }
  if (wanted.duration.count() > role->max_session_seconds) {
    return validation_error(
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  auto session = impl_->issue(account, *role, wanted);
  const std::string name(wanted.session_name);
  return AssumedRole{
      .session = std::move(session),
      .assumed_role_id = role->id + ":" + name,
      .arn = aws::make_arn("sts", "", account, "assumed-role/" + role->name + "/" + name)};
}

}  // namespace stator::iam
