#include "apigateway/authorizers/function_decision.hpp"

#include "iam/context.hpp"

namespace stator::apigateway {
namespace {

/// What is kept of an answer is bounded by this.
constexpr std::size_t kAnswerBytesMax = 64u << 10;

Result<json::Object> read_context(const json::Object& answer, bool is_v2) {
  const json::Value* context = json::find(answer, "context");
  if (context == nullptr || context->is_null()) return json::Object{};
  if (!context->is_object()) return invalid("The authorizer's context is not an object");
  for (const auto& member : context->get_object()) {
    const json::Value& value = member.value();
    if (is_v2 || value.is_string() || value.is_number() || value.is_bool()) continue;
    return invalid("The authorizer's context has a value in '" + std::string(member.key()) +
                   "' that is no text, number or boolean");
  }
  return context->get_object();
}

Result<iam::NamedPolicy> read_policy(const json::Object& answer) {
  const json::Value* document = json::find(answer, "policyDocument");
  if (document == nullptr || !document->is_object()) {
    return invalid("The authorizer's answer has no policyDocument");
  }
  auto policy = iam::Policy::parse(json::dump(document->get_object()), iam::PolicyKind::kInline);
  if (!policy) {
    return invalid("The authorizer's policyDocument is no policy: " + policy.error().message);
  }
  return iam::NamedPolicy{"authorizer", *std::move(policy)};
}

std::string encode_wildcards(std::string_view path) {
  std::string encoded;
  encoded.reserve(path.size());
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '*') {
      encoded += "%2A";
    } else if (path[i] == '?') {
      encoded += "%3F";
    } else if (path[i] == '$' && path.substr(i + 1, 1) == "{") {
      encoded += "%24";
    } else {
      encoded += path[i];
    }
  }
  return encoded;
}

}  // namespace

Result<FunctionDecision> read_function_decision(std::string_view payload, AnswerForm form) {
  if (payload.size() > kAnswerBytesMax) return invalid("The authorizer's answer is too long");
  const auto answer = json::parse_object(payload);
  if (!answer) return invalid("The authorizer's answer is not a JSON object");
  FunctionDecision decision;
  decision.is_simple = form.is_simple;
  if (form.is_simple) {
    const auto is_authorized = json::find_bool(*answer, "isAuthorized");
    if (!is_authorized) return invalid("The authorizer's answer has no boolean isAuthorized");
    decision.is_authorized = *is_authorized;
  } else {
    const auto principal = json::find_string(*answer, "principalId");
    if (!principal) return invalid("The authorizer's answer has no principalId");
    decision.principal_id = *principal;
    STATOR_TRY(auto policy, read_policy(*answer));
    decision.policies.push_back(std::move(policy));
  }
  STATOR_TRY(decision.context, read_context(*answer, form.is_v2));
  return decision;
}

std::string requested_arn(const Exchange& exchange) {
  const CompiledStage& stage = *exchange.stage;
  return "arn:aws:execute-api:" + stage.region + ":" + stage.account + ":" + stage.api_id + "/" +
         stage.name + "/" + exchange.request.method + encode_wildcards(exchange.address.path);
}

bool allows(const FunctionDecision& decision, const Exchange& exchange) {
  if (decision.is_simple) return decision.is_authorized;
  aws::Call call;
  call.principal.kind = aws::Principal::Kind::kAnonymous;
  call.account = exchange.stage->account;
  call.region = exchange.stage->region;
  call.request_id = exchange.request_id;
  call.source_ip = exchange.request.peer;
  call.now = exchange.received;
  call.http = &exchange.request;
  const aws::Permission need{"execute-api:Invoke", requested_arn(exchange)};
  const iam::CallContext context(call, need, nullptr);
  const iam::Access access(need.action, need.resource);
  return iam::evaluate(decision.policies, access, context).decision == iam::Decision::kAllow;
}

}  // namespace stator::apigateway
