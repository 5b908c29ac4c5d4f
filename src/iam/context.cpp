#include "iam/context.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "base/time_format.hpp"
#include "iam/compiled.hpp"

namespace stator::iam {
namespace {

using Kind = aws::Principal::Kind;

std::string to_text(bool value) {
  return value ? "true" : "false";
}

/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
std::string_view type_of(Kind kind) {
  switch (kind) {
    case Kind::kRoot:
      return "Account";
    case Kind::kUser:
      return "User";
    case Kind::kAssumedRole:
      return "AssumedRole";
    case Kind::kFederatedUser:
      return "FederatedUser";
    case Kind::kService:
      return "Service";
    case Kind::kAnonymous:
      return "Anonymous";
  }
  return {};
}

std::optional<std::string> if_any(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

/// The account in the resource's ARN, or the one whose state the call uses.
std::string resource_account(const aws::Call& call, const aws::Permission& need) {
  Access::Segments arn;
  const bool has_account = split_arn(need.resource, arn) && !arn[3].empty() && arn[3] != "*";
  return has_account ? std::string(arn[3]) : call.account;
}

/// Whether no network hears the call: it came by TLS, from within this process, or from a loopback
/// address and so from this machine.
bool is_unheard(const aws::Call& call) {
  const std::string_view from = call.source_ip;
  return call.http == nullptr || call.http->is_secure || from == "::1" ||
         from.starts_with("127.") || from.starts_with("::ffff:127.");
}

}  // namespace

void GivenContext::set(std::string_view name, ConditionValues values) {
  keys_.insert_or_assign(to_lower(name), std::move(values));
}

const ConditionValues* GivenContext::find(std::string_view lower_key) const {
  const auto found = keys_.find(lower_key);
  return found == keys_.end() ? nullptr : &found->second;
}

const ConditionValues* CallContext::find(std::string_view lower_key) const {
  auto found = std::find_if(made_.begin(), made_.end(),
                            [&](const Made& made) { return made.key == lower_key; });
  if (found == made_.end()) {
    made_.push_front({std::string(lower_key), make(lower_key)});
    found = made_.begin();
  }
  return found->values ? &*found->values : nullptr;
}

std::optional<ConditionValues> CallContext::make(std::string_view lower_key) const {
  constexpr std::string_view kGlobal = "aws:";
  if (lower_key.starts_with(kGlobal)) {
    if (auto value = make_global(lower_key.substr(kGlobal.size()))) return ConditionValues{*value};
  }
  if (!need_keys_) need_keys_ = need_.keys ? need_.keys() : aws::ConditionKeys();
  for (const auto& [name, values] : *need_keys_) {
    if (equals_ignore_case(name, lower_key)) return values;
  }
  return std::nullopt;
}

/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
CallContext::Maybe CallContext::make_global(std::string_view name) const {
  constexpr std::string_view kTag = "principaltag/";
  if (name.starts_with(kTag)) return principal_tag(name.substr(kTag.size()));
  if (auto value = make_of_principal(name)) return value;
  if (auto value = make_of_session(name)) return value;
  return make_of_request(name);
}

CallContext::Maybe CallContext::make_of_principal(std::string_view name) const {
  const aws::Principal& principal = call_.principal;
  const Kind kind = principal.kind;
  const bool is_service = kind == Kind::kService;
  const bool is_somebody = !is_service && kind != Kind::kAnonymous;
  if (name == "principaltype") return std::string(type_of(kind));
  if (name == "userid") return kind == Kind::kAnonymous ? "anonymous" : if_any(principal.user_id);
  if (name == "principalisawsservice" && kind != Kind::kAnonymous) return to_text(is_service);
  if (name == "principalservicename" && is_service) return principal.arn;
  if (name == "principalaccount" && is_somebody) return principal.account;
  if (name == "principalarn" && is_somebody) {
    if (kind != Kind::kAssumedRole) return principal.arn;
    // The role's own ARN, whose path a session's ARN does not tell.
    return entity_ != nullptr ? Maybe(entity_->arn) : std::nullopt;
  }
  if (name == "username" && kind == Kind::kUser) {
    return principal.arn.substr(principal.arn.rfind('/') + 1);
  }
  return std::nullopt;
}

CallContext::Maybe CallContext::make_of_session(std::string_view name) const {
  const aws::SessionFacts* session = call_.principal.session.get();
  if (session == nullptr) return std::nullopt;
  if (name == "tokenissuetime") return iso8601(session->issued);
  // Nobody can show a second factor here, and AWS leaves the key out for long-term keys alone.
  if (name == "multifactorauthpresent") return to_text(false);
  if (name == "sourceidentity") return if_any(session->source_identity);
  if (name == "federatedprovider") return if_any(session->federated_provider);
  return std::nullopt;
}

CallContext::Maybe CallContext::make_of_request(std::string_view name) const {
  const bool is_service = call_.principal.kind == Kind::kService;
  if (name == "currenttime") return iso8601(call_.now);
  if (name == "epochtime") return std::to_string(epoch_ms(call_.now) / 1'000);
  if (name == "requestedregion") return if_any(call_.region);
  if (name == "resourceaccount") return resource_account(call_, need_);
  if (name == "sourcearn") return if_any(call_.source_arn);
  if (name == "sourceaccount") return if_any(call_.source_account);
  // A service calls from within; the address of whoever caused that is not the caller's.
  if (name == "sourceip") return is_service ? std::nullopt : if_any(call_.source_ip);
  if (name == "securetransport") return to_text(is_unheard(call_));
  // The one service that calls on behalf of its caller is CloudFormation, in-process.
  if (name == "viaawsservice") return to_text(!is_service && call_.http == nullptr);
  if (call_.http == nullptr) return std::nullopt;
  if (name == "useragent") return if_any(call_.http->headers.get("User-Agent"));
  if (name == "referer") return if_any(call_.http->headers.get("Referer"));
  return std::nullopt;
}

/// A session's tag goes before its role's or user's of the same name.
CallContext::Maybe CallContext::principal_tag(std::string_view lower_key) const {
  if (const auto* session = call_.principal.session.get()) {
    for (const auto& [key, value] : session->tags) {
      if (equals_ignore_case(key, lower_key)) return value;
    }
  }
  if (entity_ == nullptr) return std::nullopt;
  for (const auto& tag : entity_->tags) {
    if (equals_ignore_case(tag.key, lower_key)) return tag.value;
  }
  return std::nullopt;
}

}  // namespace stator::iam
