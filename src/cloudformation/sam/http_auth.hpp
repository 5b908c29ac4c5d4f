#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cloudformation/sam/context.hpp"

namespace stator::cloudformation::sam {

/// The Auth property of an HttpApi: its authorizers as security schemes, and which of them an
/// operation asks for.
/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-httpapi-httpapiauth.html
class HttpAuth {
 public:
  [[nodiscard]] static Result<HttpAuth> read(const Resource& api);

  /// components.securitySchemes
  [[nodiscard]] const json::Object& schemes() const { return schemes_; }
  /// What an operation without Auth of its own says; nothing when there is no default authorizer.
  [[nodiscard]] std::optional<json::Array> default_security() const;
  /// What an event's Auth comes to. Errors carry the sentence alone.
  [[nodiscard]] Result<json::Array> security_of(const json::Object& auth, std::string_view method,
                                                std::string_view path) const;

  /// An authorizer whose function the API is to be let call.
  struct Invoked {
    std::string name;
    json::Value function_arn;
  };
  [[nodiscard]] const std::vector<Invoked>& invoked() const { return invoked_; }

 private:
  [[nodiscard]] Result<void> add(const Resource& api, const std::string& name,
                                 const json::Object& authorizer);

  json::Object schemes_;
  std::map<std::string, json::Value, std::less<>> scopes_;  ///< by authorizer
  std::string default_authorizer_;
  bool has_iam_ = false;
  std::vector<Invoked> invoked_;
};

}  // namespace stator::cloudformation::sam
