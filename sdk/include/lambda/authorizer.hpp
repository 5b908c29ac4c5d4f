#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lambda/http.hpp"

namespace lambda {

/// What an API asks its Lambda authorizer: the request that waits, and for what. Events of payload
/// format 2.0 and 1.0, and those of a REST API's TOKEN and REQUEST authorizers.
class AuthorizerRequest : public HttpRequest {
 public:
  /// Throws std::invalid_argument for what is not such an event.
  explicit AuthorizerRequest(std::string_view event)
      : HttpRequest(event, STATOR1_AUTHORIZER_EVENT) {}

  /// The route or method that the request is for, as an ARN.
  [[nodiscard]] std::string_view arn() const { return text(raw().arn); }
  /// The values that the authorizer's identity sources name.
  [[nodiscard]] std::vector<std::string_view> identity() const { return values(raw().identity); }
  /// The token: of a TOKEN authorizer its own, else the Authorization header. "Bearer " is left
  /// out.
  [[nodiscard]] std::string_view token() const {
    std::string_view token = text(raw().token);
    if (token.empty()) token = header("authorization").value_or("");
    constexpr std::string_view kBearer = "Bearer ";
    if (token.substr(0, kBearer.size()) == kBearer) token.remove_prefix(kBearer.size());
    return token;
  }
};

/// An authorizer's answer in the simple form, for HTTP APIs that enable it.
class SimpleAuthorization {
 public:
  explicit SimpleAuthorization(bool is_authorized) : is_authorized_(is_authorized) {}

  /// What the function behind the route finds under requestContext.authorizer.lambda.
  template <class V>
  SimpleAuthorization& context(std::string_view name, const V& value) {
    context_.emplace_back(name, stator::sdk::to_json(value));
    return *this;
  }
  [[nodiscard]] std::string to_event_json() const {
    stator::sdk::JsonWriter json;
    json.begin_object();
    json.raw_member("isAuthorized", is_authorized_ ? "true" : "false");
    json.key("context");
    json.begin_object();
    for (const auto& [name, value] : context_) json.raw_member(name, value);
    json.end_object();
    json.end_object();
    return json.take();
  }

 private:
  bool is_authorized_;
  std::vector<std::pair<std::string, std::string>> context_;
};

[[nodiscard]] inline SimpleAuthorization allow() {
  return SimpleAuthorization(true);
}
[[nodiscard]] inline SimpleAuthorization deny() {
  return SimpleAuthorization(false);
}

/// An authorizer's answer as an IAM policy, which every API takes. Without an allowed resource it
/// allows nothing.
class PolicyAuthorization {
 public:
  explicit PolicyAuthorization(std::string_view principal) : principal_(principal) {}

  /// The ARN of a method, with * and ?; an AuthorizerRequest's arn() is the one that is asked for.
  PolicyAuthorization& allow(std::string_view arn) { return add("Allow", arn); }
  PolicyAuthorization& deny(std::string_view arn) { return add("Deny", arn); }
  /// A text, a number or a bool; API Gateway takes nothing else.
  template <class V>
  requires(std::is_arithmetic_v<V> || std::is_convertible_v<const V&, std::string_view>)
      PolicyAuthorization& context(std::string_view name, const V& value) {
    context_.emplace_back(name, stator::sdk::to_json(value));
    return *this;
  }
  [[nodiscard]] std::string to_event_json() const {
    stator::sdk::JsonWriter json;
    json.begin_object();
    json.member("principalId", principal_);
    json.key("policyDocument");
    json.begin_object();
    json.member("Version", "2012-10-17");
    json.key("Statement");
    json.begin_array();
    for (const auto& [effect, arn] : statements_) {
      json.begin_object();
      json.member("Action", "execute-api:Invoke");
      json.member("Effect", effect);
      json.member("Resource", arn);
      json.end_object();
    }
    json.end_array();
    json.end_object();
    json.key("context");
    json.begin_object();
    for (const auto& [name, value] : context_) json.raw_member(name, value);
    json.end_object();
    json.end_object();
    return json.take();
  }

 private:
  PolicyAuthorization& add(const char* effect, std::string_view arn) {
    statements_.emplace_back(effect, arn);
    return *this;
  }

  std::string principal_;
  std::vector<std::pair<std::string, std::string>> statements_;
  std::vector<std::pair<std::string, std::string>> context_;
};

/// Allows or denies exactly what is asked for.
[[nodiscard]] inline PolicyAuthorization allow(std::string_view principal, std::string_view arn) {
  return PolicyAuthorization(principal).allow(arn);
}
[[nodiscard]] inline PolicyAuthorization deny(std::string_view principal, std::string_view arn) {
  return PolicyAuthorization(principal).deny(arn);
}

}  // namespace lambda
