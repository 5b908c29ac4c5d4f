#include "apigateway/authorizers/function_check.hpp"

#include "apigateway/context.hpp"
#include "aws/proxy_event.hpp"
#include "base/bytes.hpp"
#include "base/strings.hpp"

namespace stator::apigateway {
namespace {

using Decision = std::shared_ptr<const FunctionDecision>;
using Values = std::vector<std::string>;

const Authorizer& authorizer_of(const Exchange& exchange) {
  return *exchange.route->authorization->authorizer;
}

/// Nothing when one is missing.
std::optional<Values> identity_values(const Exchange& exchange) {
  Values values;
  for (const IdentitySource& source : authorizer_of(exchange).identity) {
    auto value = identity_value(source, exchange);
    if (!value) return std::nullopt;
    values.push_back(*std::move(value));
  }
  return values;
}

/// No two lists of values have the same key.
std::string key_of(const Exchange& exchange, const Values& values) {
  std::string key;
  const auto append = [&key](const std::string& value) {
    key.append(std::to_string(value.size())).append(":").append(value);
  };
  for (const std::string& value : values) append(value);
  if (authorizer_of(exchange).function.is_simple) append(exchange.route->key);
  return key;
}

/// The members by which an authorizer's event differs from a function's.
std::string members_of(const Exchange& exchange, const Values& values) {
  const std::string arn = json::quote(requested_arn(exchange));
  if (authorizer_of(exchange).function.is_v2) {
    const json::Value list =
        values.empty() ? json::Value() : json::Value(json::Array(values.begin(), values.end()));
    return R"("type":"REQUEST","routeArn":)" + arn + R"(,"identitySource":)" + json::dump(list);
  }
  const std::string joined = values.empty() ? "null" : json::quote(join(values, ","));
  return R"("type":"REQUEST","methodArn":)" + arn + R"(,"identitySource":)" + joined +
         R"(,"authorizationToken":)" + joined;
}

std::optional<std::string> event_of(const Exchange& exchange, const Values& values) {
  for (const std::string& value : values) {
    if (!is_utf8(value)) return std::nullopt;
  }
  const CompiledStage& stage = *exchange.stage;
  const std::string path = full_path(exchange);
  const std::string members = members_of(exchange, values);
  const aws::ProxyEventContext context{.account = stage.account,
                                       .api_id = stage.api_id,
                                       .stage = stage.name,
                                       .route_key = exchange.route->key,
                                       .raw_path = path,
                                       .path = path,
                                       .domain_name = exchange.address.domain_name,
                                       .request_id = exchange.request_id,
                                       .trace_id = exchange.trace_id,
                                       .now = exchange.received,
                                       .path_parameters = exchange.path_parameters,
                                       .stage_variables = stage.variables,
                                       .authorizer_members = members};
  return authorizer_of(exchange).function.is_v2
             ? aws::build_proxy_event(exchange.request, context)
             : aws::build_proxy_event_v1(exchange.request, context);
}

FunctionCall call_of(const Exchange& exchange, std::string event) {
  const CompiledStage& stage = *exchange.stage;
  const Authorizer& authorizer = authorizer_of(exchange);
  FunctionCall call;
  call.account = stage.account;
  call.region = stage.region;
  call.function_arn = authorizer.function.function_arn;
  call.source_arn = "arn:aws:execute-api:" + stage.region + ":" + stage.account + ":" +
                    stage.api_id + "/authorizers/" + authorizer.id;
  call.trace_id = exchange.trace_id;
  call.payload = std::move(event);
  call.role_arn = authorizer.function.role_arn;
  return call;
}

/// A function may refuse by failing with this word.
bool says_unauthorized(const std::string& payload) {
  const auto error = json::parse_object(payload);
  return error && json::find_string(*error, "errorMessage") == "Unauthorized";
}

Result<Decision> read_answer(const Authorizer& authorizer, const Result<FunctionAnswer>& answer) {
  if (!answer) return answer.error();
  if (answer->is_function_error) {
    if (says_unauthorized(answer->payload)) {
      return Error{ErrorCode::kUnauthenticated, "Unauthorized"};
    }
    return internal("The authorizer's function failed: " + answer->payload.substr(0, 256));
  }
  STATOR_TRY(auto decision, read_function_decision(answer->payload, {authorizer.function.is_simple,
                                                                     authorizer.function.is_v2}));
  return std::make_shared<const FunctionDecision>(std::move(decision));
}

std::optional<Refusal> settle(Exchange& exchange, const Result<Decision>& decided) {
  if (!decided) {
    exchange.authorizer_error = decided.error().message;
    if (decided.error().code == ErrorCode::kUnauthenticated) return Refusal{401, "Unauthorized"};
    return Refusal{500, "Internal Server Error"};
  }
  const FunctionDecision& decision = **decided;
  exchange.caller.context = decision.context;
  exchange.caller.principal_id = decision.principal_id;
  if (allows(decision, exchange)) return std::nullopt;
  return Refusal{};
}

}  // namespace

void FunctionCheck::check(const ExchangePtr& exchange, const Authorized& done) {
  const Authorizer& authorizer = authorizer_of(*exchange);
  const auto values = identity_values(*exchange);
  if (!values) {
    exchange->authorizer_error = "An identity source is missing";
    return done(Refusal{401, "Unauthorized"});
  }
  const bool is_kept = authorizer.function.ttl.count() > 0;
  std::string key = is_kept ? key_of(*exchange, *values) : "";
  if (is_kept) {
    auto kept = authorizer.memory->decisions.find(key, parts_.clock.steady());
    if (kept != nullptr) return done(settle(*exchange, std::move(kept)));
  }
  auto event = event_of(*exchange, *values);
  if (!event) return done(Refusal{400, "Bad Request"});
  const FunctionDecided decided = [exchange, done](const Result<Decision>& decision) {
    done(settle(*exchange, decision));
  };
  if (!is_kept) return ask(exchange, *std::move(event), decided);
  ask_once(exchange, std::move(key), *std::move(event), decided);
}

void FunctionCheck::ask(const ExchangePtr& exchange, std::string event,
                        const FunctionDecided& decided) {
  if (authorizer_of(*exchange).function.function_arn.empty()) {
    return decided(internal("The authorizer's URI names a stage variable that does not exist"));
  }
  const auto timer = parts_.scheduler.after(kTimeout, [decided] {
    decided(Error{ErrorCode::kTimeout, "The authorizer's function did not answer in time"});
  });
  parts_.invoker.invoke(call_of(*exchange, std::move(event)),
                        [exchange, timer, decided,
                         &scheduler = parts_.scheduler](const Result<FunctionAnswer>& answer) {
                          // A timer that can no longer be cancelled has answered.
                          if (!scheduler.cancel(timer)) return;
                          decided(read_answer(authorizer_of(*exchange), answer));
                        });
}

void FunctionCheck::ask_once(const ExchangePtr& exchange, std::string key, std::string event,
                             const FunctionDecided& decided) {
  const auto memory = authorizer_of(*exchange).memory;
  bool is_first = false, has_room = false;
  {
    const std::lock_guard lock(memory->mutex);
    const auto found = memory->waiting.try_emplace(key);
    is_first = found.second;
    auto& waiting = found.first->second;
    has_room = waiting.size() < kWaitingMax;
    if (has_room) waiting.push_back(decided);
  }
  if (!has_room) return decided(internal("Too many requests wait for the authorizer"));
  if (!is_first) return;
  const auto ttl = authorizer_of(*exchange).function.ttl;
  ask(exchange, std::move(event),
      [memory, ttl, key = std::move(key), &clock = parts_.clock](const Result<Decision>& decision) {
        if (decision) memory->decisions.put(key, *decision, clock.steady() + ttl);
        std::vector<FunctionDecided> waiting;
        {
          const std::lock_guard lock(memory->mutex);
          const auto found = memory->waiting.find(key);
          waiting = std::move(found->second);
          memory->waiting.erase(found);
        }
        for (const FunctionDecided& one : waiting) one(decision);
      });
}

}  // namespace stator::apigateway
