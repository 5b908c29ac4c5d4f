#include "server/adapters/adapters.hpp"

#include <algorithm>

#include "aws/arn.hpp"
#include "iam/compiled.hpp"

namespace stator::server {
namespace {

constexpr const char* kLambda = "lambda.amazonaws.com";
constexpr const char* kCloudFormation = "cloudformation.amazonaws.com";
constexpr const char* kApiGateway = "apigateway.amazonaws.com";
/// AWS gives functions keys for up to twelve hours; shorter ones limit what a stolen key is worth.
constexpr std::chrono::hours kFunctionKeys{6};

/// What a function reads of the trace that its request began: with a parent and whether it is
/// sampled, which no trace is here.
std::string trace_of_function(std::string trace_id) {
  constexpr std::size_t kParentDigits = 16;
  if (trace_id.size() < kParentDigits || trace_id.find(';') != std::string::npos) return trace_id;
  const std::string parent = trace_id.substr(trace_id.size() - kParentDigits);
  return std::move(trace_id) + ";Parent=" + parent + ";Sampled=0";
}

/// Who a role is in a session of that name that a service makes for itself.
Result<aws::Principal> assumed(iam::Identity& identity, const std::string& role_arn,
                               const std::string& session_name, const char* service) {
  STATOR_TRY_VOID(identity.check_service_may_assume(role_arn, service));
  STATOR_TRY(const auto arn, aws::Arn::parse(role_arn));
  const std::string name = arn.resource.substr(arn.resource.rfind('/') + 1);
  STATOR_TRY(const auto role, identity.find_compiled(arn.account, iam::EntityKind::kRole, name));
  if (role == nullptr) return not_found("The role " + role_arn + " does not exist.");
  aws::Principal principal{.kind = aws::Principal::Kind::kAssumedRole, .account = arn.account};
  principal.arn =
      aws::make_arn("sts", "", arn.account, "assumed-role/" + name + "/" + session_name);
  principal.user_id = role->id + ":" + session_name;
  principal.role_name = name;
  return principal;
}

}  // namespace

Result<void> GatewayFunctions::check_role(const apigateway::FunctionCall& call) const {
  STATOR_TRY_VOID(identity_.check_service_may_assume(call.role_arn, kApiGateway));
  return rights_.check(call.role_arn, "lambda:InvokeFunction", call.function_arn);
}

void GatewayFunctions::invoke(apigateway::FunctionCall call,
                              std::function<void(Result<apigateway::FunctionAnswer>)> done) {
  const bool has_role = !call.role_arn.empty();
  if (has_role) {
    if (auto allowed = check_role(call); !allowed) return done(std::move(allowed).error());
  }
  lambda::Invocation invocation{.account = std::move(call.account),
                                .region = std::move(call.region),
                                .function = std::move(call.function_arn),
                                .payload = std::move(call.payload),
                                .trace_id = trace_of_function(std::move(call.trace_id))};
  if (!has_role) invocation.on_behalf = lambda::OnBehalf{kApiGateway, std::move(call.source_arn)};
  functions_.invoke(std::move(invocation), [done = std::move(done)](
                                               Result<lambda::InvokeResult> result) {
    if (!result) return done(std::move(result).error());
    done(apigateway::FunctionAnswer{std::move(result->payload), !result->function_error.empty()});
  });
}

Result<void> FunctionRoles::check_assumable(const std::string& role_arn) {
  return identity_.check_service_may_assume(role_arn, kLambda);
}

Result<lambda::SessionKeys> FunctionRoles::session(const std::string& role_arn,
                                                   const std::string& session_name) {
  STATOR_TRY(iam::SessionCredentials session,
             identity_.assume_for_service({role_arn, session_name, kFunctionKeys}, kLambda));
  return lambda::SessionKeys{std::move(session.credentials.access_key_id.value),
                             std::move(session.credentials.secret.value),
                             std::move(session.credentials.session_token), session.expires};
}

Result<aws::Principal> FunctionRoles::principal(const std::string& role_arn,
                                                const std::string& session_name) {
  return assumed(identity_, role_arn, session_name, kLambda);
}

Result<aws::Principal> stack_role(iam::Identity& identity, const std::string& role_arn) {
  return assumed(identity, role_arn, "AWSCloudFormation", kCloudFormation);
}

void FunctionLogs::append(std::string_view account, std::string_view region, std::string_view group,
                          std::string_view stream, std::vector<lambda::LogEvent> events) {
  std::vector<logs::Event> converted;
  converted.reserve(events.size());
  for (lambda::LogEvent& event : events) {
    converted.push_back({epoch_ms(event.time), std::move(event.message)});
  }
  const logs::StreamName name{std::string(account), std::string(region), std::string(group),
                              std::string(stream)};
  if (const auto kept = store_.append(name, converted); !kept) {
    logger_.warn("server", "a function's log lines are lost",
                 {{"group", group}, {"reason", kept.error().message}});
  }
}

void AccessLogs::append(const apigateway::AccessLog& log, const std::string& stream,
                        std::vector<apigateway::AccessLogLine> lines) {
  std::vector<logs::Event> events;
  events.reserve(lines.size());
  for (apigateway::AccessLogLine& line : lines) {
    events.push_back({epoch_ms(line.time), std::move(line.text)});
  }
  const logs::StreamName name{log.account, log.region, log.group, stream};
  if (const auto kept = store_.append(name, events); !kept) {
    logger_.warn("server", "access log lines are lost",
                 {{"group", log.group}, {"reason", kept.error().message}});
  }
}

Result<std::string> FunctionArtifacts::read(std::string_view account, std::string_view bucket,
                                            std::string_view key) {
  return objects_.read(account, bucket, key);
}

Result<std::string> Truststores::read(std::string_view account, std::string_view bucket,
                                      std::string_view key) {
  return objects_.read(account, bucket, key);
}

Result<void> TableArtifacts::put(const dynamodb::recovery::ArtifactName& name, std::string bytes) {
  s3::Upload upload;
  upload.body = bytes;
  upload.labels.headers = {{"Content-Type", "application/octet-stream"}};
  upload.now = clock_.wall();
  STATOR_TRY_VOID(objects_.put({name.account, name.bucket, name.key}, std::move(upload)));
  return {};
}

Result<std::string> TableArtifacts::get(const dynamodb::recovery::ArtifactName& name) {
  return objects_.read(name.account, name.bucket, name.key);
}

Result<std::vector<std::string>> TableArtifacts::list(const dynamodb::recovery::ArtifactName& after,
                                                      std::string_view prefix) {
  s3::ListQuery query;
  query.prefix = prefix;
  query.start_after = after.key;
  STATOR_TRY(const auto listing, objects_.list(after.account, after.bucket, query));
  std::vector<std::string> keys;
  for (const s3::ObjectInfo& object : listing.objects) keys.push_back(object.key);
  return keys;
}

}  // namespace stator::server
