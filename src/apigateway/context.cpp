#include "apigateway/context.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/time_format.hpp"

namespace stator::apigateway {
namespace {

using Value = std::optional<std::string>;
using Read = Value (*)(const Exchange&);
using ReadAnswer = Value (*)(const Exchange&, const Answered&);

struct Variable {
  std::string_view name;
  Read read = nullptr;
  ReadAnswer read_answer = nullptr;
};

Value text(std::string_view value) {
  return value.empty() ? Value() : Value(std::string(value));
}

std::string milliseconds(std::chrono::microseconds time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

Value number(const std::optional<int>& value) {
  return value ? Value(std::to_string(*value)) : Value();
}

Value of_signer(const Exchange& exchange, std::string aws::Principal::*member) {
  return exchange.caller.signer ? text((*exchange.caller.signer).*member) : Value();
}

Value of_certificate(const Exchange& exchange, std::string http::ClientCertificate::*member) {
  const auto& certificate = exchange.request.client_certificate;
  return certificate ? text((*certificate).*member) : Value();
}

/// API Gateway has no value here that stator could have: Cognito's identities, organizations, AWS's
/// own request ids of endpoints.
Value never(const Exchange&) {
  return std::nullopt;
}

Value latency_of_integration(const Exchange& exchange) {
  const auto& latency = exchange.integration_latency;
  return latency ? Value(milliseconds(*latency)) : Value();
}

Value error_type(const Exchange& exchange) {
  if (exchange.error_message.empty()) return std::nullopt;
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kTypes = {{
      {"Not Found", "MISSING_AUTHENTICATION_TOKEN"},
      {"Unauthorized", "UNAUTHORIZED"},
      {"Forbidden", "ACCESS_DENIED"},
      {"Too Many Requests", "THROTTLED"},
      {"Request Entity Too Large", "REQUEST_TOO_LARGE"},
      {"Bad Request", "DEFAULT_4XX"},
      {"Service Unavailable", "INTEGRATION_TIMEOUT"},
      {"Internal Server Error", "INTEGRATION_FAILURE"},
  }};
  for (const auto& [message, type] : kTypes) {
    if (message == exchange.error_message) return std::string(type);
  }
  return "DEFAULT_5XX";
}

using Certificate = http::ClientCertificate;
using Principal = aws::Principal;

/// Below "identity.".
constexpr Variable kIdentityVariables[] = {
    {"accountId", [](const Exchange& e) { return of_signer(e, &Principal::account); }},
    {"caller", [](const Exchange& e) { return of_signer(e, &Principal::user_id); }},
    {"clientCert.clientCertPem",
     [](const Exchange& e) { return of_certificate(e, &Certificate::pem); }},
    {"clientCert.issuerDN",
     [](const Exchange& e) { return of_certificate(e, &Certificate::issuer); }},
    {"clientCert.serialNumber",
     [](const Exchange& e) { return of_certificate(e, &Certificate::serial); }},
    {"clientCert.subjectDN",
     [](const Exchange& e) { return of_certificate(e, &Certificate::subject); }},
    {"clientCert.validity.notAfter",
     [](const Exchange& e) { return of_certificate(e, &Certificate::not_after); }},
    {"clientCert.validity.notBefore",
     [](const Exchange& e) { return of_certificate(e, &Certificate::not_before); }},
    {"cognitoAuthenticationProvider", never},
    {"cognitoAuthenticationType", never},
    {"cognitoIdentityId", never},
    {"cognitoIdentityPoolId", never},
    {"principalOrgId", never},
    {"sourceIp", [](const Exchange& e) { return text(e.request.peer); }},
    {"user", [](const Exchange& e) { return of_signer(e, &Principal::user_id); }},
    {"userAgent", [](const Exchange& e) { return text(e.request.headers.get("user-agent")); }},
    {"userArn", [](const Exchange& e) { return of_signer(e, &Principal::arn); }},
};

constexpr Variable kVariables[] = {
    {"accountId", [](const Exchange& e) { return e.stage ? text(e.stage->account) : Value(); }},
    {"apiId", [](const Exchange& e) { return text(e.address.api_id); }},
    {"awsEndpointRequestId", never},
    {"awsEndpointRequestId2", never},
    {"customDomain.basePathMatched", [](const Exchange& e) { return text(e.address.base_path); }},
    {"dataProcessed", nullptr,
     [](const Exchange& e, const Answered& answered) {
       return Value(std::to_string(e.request.body.size() + answered.bytes));
     }},
    {"domainName", [](const Exchange& e) { return text(e.address.domain_name); }},
    {"domainPrefix",
     [](const Exchange& e) {
       const std::string_view name = e.address.domain_name;
       return text(name.substr(0, name.find('.')));
     }},
    {"error.message", [](const Exchange& e) { return text(e.error_message); }},
    {"error.messageString",
     [](const Exchange& e) {
       return e.error_message.empty() ? Value() : Value(json::quote(e.error_message));
     }},
    {"error.responseType", error_type},
    {"extendedRequestId", [](const Exchange& e) { return text(e.request_id); }},
    {"httpMethod", [](const Exchange& e) { return text(e.request.method); }},
    {"integration.error", [](const Exchange& e) { return text(e.integration_error); }},
    {"integration.integrationStatus",
     [](const Exchange& e) { return number(e.integration_status); }},
    {"integration.latency", latency_of_integration},
    {"integration.requestId", never},
    {"integration.status",
     [](const Exchange& e) {
       return number(e.function_status ? e.function_status : e.integration_status);
     }},
    {"integrationErrorMessage", [](const Exchange& e) { return text(e.integration_error); }},
    {"integrationLatency", latency_of_integration},
    {"integrationStatus", [](const Exchange& e) { return number(e.integration_status); }},
    {"path", [](const Exchange& e) { return text(full_path(e)); }},
    {"protocol", [](const Exchange& e) { return text(e.request.protocol); }},
    {"requestId", [](const Exchange& e) { return text(e.request_id); }},
    {"requestTime", [](const Exchange& e) { return Value(common_log_time(e.received)); }},
    {"requestTimeEpoch",
     [](const Exchange& e) { return Value(std::to_string(epoch_ms(e.received))); }},
    {"responseLatency", nullptr,
     [](const Exchange&, const Answered& answered) {
       return Value(milliseconds(answered.latency));
     }},
    {"responseLength", nullptr,
     [](const Exchange&, const Answered& answered) {
       return Value(std::to_string(answered.bytes));
     }},
    {"routeKey", [](const Exchange& e) { return e.route ? text(e.route->key) : Value(); }},
    {"stage", [](const Exchange& e) { return e.stage ? text(e.stage->name) : Value(); }},
    {"status", nullptr,
     [](const Exchange&, const Answered& answered) {
       return Value(std::to_string(answered.status));
     }},
};

const Variable* find_in(std::span<const Variable> sorted, std::string_view name) {
  const auto at = std::lower_bound(
      sorted.begin(), sorted.end(), name,
      [](const Variable& one, std::string_view other) { return one.name < other; });
  return at != sorted.end() && at->name == name ? &*at : nullptr;
}

const Variable* find_variable(std::string_view name) {
  constexpr std::string_view kIdentity = "identity.";
  if (name.starts_with(kIdentity))
    return find_in(kIdentityVariables, name.substr(kIdentity.size()));
  return find_in(kVariables, name);
}

Value member(const std::optional<json::Object>& object, std::string_view name) {
  const json::Value* value = object ? json::find(*object, name) : nullptr;
  if (value == nullptr || value->is_null()) return std::nullopt;
  return value->is_string() ? std::string(json::view(value->get_string())) : json::dump(*value);
}

Value of_authorizer(const Exchange& exchange, std::string_view name) {
  constexpr std::string_view kClaims = "claims.";
  if (name.starts_with(kClaims)) {
    return member(exchange.caller.claims, name.substr(kClaims.size()));
  }
  if (name == "error") return text(exchange.authorizer_error);
  if (name == "principalId") return text(exchange.caller.principal_id);
  if (name == "latency") {
    const auto& latency = exchange.authorizer_latency;
    return latency ? Value(milliseconds(*latency)) : Value();
  }
  return member(exchange.caller.context, name);
}

constexpr std::string_view kAuthorizer = "authorizer.";

}  // namespace

std::string full_path(const Exchange& exchange) {
  return exchange.address.path_before + exchange.address.path;
}

bool is_context_variable(std::string_view name) {
  if (name.starts_with(kAuthorizer)) return name.size() > kAuthorizer.size();
  return find_variable(name) != nullptr;
}

std::optional<std::string> context_variable(const Exchange& exchange, std::string_view name,
                                            const Answered* answered) {
  if (name.starts_with(kAuthorizer)) {
    return of_authorizer(exchange, name.substr(kAuthorizer.size()));
  }
  const Variable* variable = find_variable(name);
  if (variable == nullptr) return std::nullopt;
  if (variable->read != nullptr) return variable->read(exchange);
  return answered != nullptr ? variable->read_answer(exchange, *answered) : std::nullopt;
}

}  // namespace stator::apigateway
