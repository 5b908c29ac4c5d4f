#pragma once

#include <string>
#include <string_view>

#include "cloudformation/sam/context.hpp"
#include "cloudformation/sam/http_auth.hpp"

namespace stator::cloudformation::sam {

/// What an HttpApi event adds to its API.
struct HttpOperation {
  std::string path;    ///< "/items/{id}", or "$default"
  std::string method;  ///< as the document names it: "get", "x-amazon-apigateway-any-method"
  json::Object integration;
  const json::Object* auth = nullptr;           ///< the event's own; null when it has none
  const json::Value* route_settings = nullptr;  ///< null when it has none
  const json::Value* condition = nullptr;       ///< the function's; null when it is always made
};

/// One AWS::Serverless::HttpApi: the OpenAPI document that its Api will import. Functions' events
/// add operations to it before it is expanded.
/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-httpapi.html
class HttpApi {
 public:
  /// `resource` outlives this.
  [[nodiscard]] static Result<HttpApi> read(Resource resource);

  /// Errors carry the sentence alone. An operation that the template's own document integrates
  /// already stays as it is there.
  [[nodiscard]] Result<void> add(const HttpOperation& operation);

  /// The Api, its Stage, and what else its properties ask for.
  [[nodiscard]] Result<void> expand(Context& context);

 private:
  explicit HttpApi(Resource resource) : resource_(std::move(resource)) {}

  [[nodiscard]] Result<void> read_body();
  [[nodiscard]] Result<void> set_info(const char* property, const char* member);
  [[nodiscard]] Result<void> set_cors();
  [[nodiscard]] Result<void> set_tags();
  void set_endpoint();
  void secure_by_default();
  void add_permissions(Context& context) const;
  /// Its logical id.
  [[nodiscard]] Result<std::string> add_stage(Context& context) const;

  Resource resource_;
  HttpAuth auth_;
  bool has_own_body_ = false;
  json::Object body_;
  json::Object tags_;
  json::Object route_settings_;
};

}  // namespace stator::cloudformation::sam
