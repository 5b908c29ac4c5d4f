#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "cloudformation/sam/context.hpp"
#include "cloudformation/sam/http_auth.hpp"

namespace stator::cloudformation::sam {

inline constexpr const char* kAnyMethod = "x-amazon-apigateway-any-method";
inline constexpr const char* kDefaultPath = "$default";

/// What an HttpApi event adds to its API.
struct HttpOperation {
  std::string path;    ///< "/items/{id}", or "$default"
  std::string method;  ///< as the document names it: "get", "x-amazon-apigateway-any-method"
  json::Object integration;
  const json::Object* auth = nullptr;      ///< the event's own; null when it has none
  const json::Value* condition = nullptr;  ///< the function's; null when it is always made
};

/// An HttpApi event as it is declared, before any function is expanded.
struct HttpRoute {
  std::string path;
  std::string method;
  const json::Value* route_settings = nullptr;  ///< null when it has none
  const Resource& function;
};

/// One AWS::Serverless::HttpApi: the OpenAPI document that its Api will import. First every event
/// is declared, then the functions add operations to it, then it is expanded.
/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-httpapi.html
class HttpApi {
 public:
  /// `resource` outlives this.
  [[nodiscard]] static Result<HttpApi> read(Resource resource, const Values& values);

  void declare(const HttpRoute& route);
  /// After the last declare(): a path all of whose functions are made under conditions is there
  /// under their conditions. The conditions that takes go into `conditions`.
  void settle_paths(json::Object& conditions);
  /// The same for the implicit API as a whole: it gains a Condition and policies.
  void gain_attributes(json::Object& conditions);

  /// Errors carry the sentence alone. An operation that the template's own document integrates
  /// already stays as it is there.
  [[nodiscard]] Result<void> add(const HttpOperation& operation);
  /// Whether requests that no other route takes go to that function.
  [[nodiscard]] bool has_default_route_to(std::string_view function_id);

  /// The Api, its Stage, and what else its properties ask for.
  [[nodiscard]] Result<void> expand(Context& context);

 private:
  explicit HttpApi(Resource resource) : resource_(std::move(resource)) {}

  [[nodiscard]] Result<void> read_body();
  [[nodiscard]] Result<void> set_info();
  [[nodiscard]] Result<void> set_cors(const Values& values);
  [[nodiscard]] Result<void> set_tags();
  void set_endpoint();
  void secure_by_default();
  void add_permissions(Context& context) const;
  /// DefinitionUri as BodyS3Location.
  [[nodiscard]] Result<json::Object> body_location() const;
  /// Its logical id.
  [[nodiscard]] Result<std::string> add_stage(Context& context) const;

  using Conditions = std::set<std::string>;  ///< "" for always
  Resource resource_;
  HttpAuth auth_;
  bool is_managed_ = true;    ///< the document is made here
  bool has_document_ = true;  ///< as against a DefinitionUri
  json::Object body_;
  json::Object tags_;
  json::Object route_settings_;
  std::map<std::string, Conditions> conditions_;                ///< by path
  std::set<std::string> deletion_policies_, replace_policies_;  ///< of the functions
};

/// A condition that holds when one of several does, under that name; more of them where there are
/// more than ten.
void add_combined_condition(const std::string& name, const std::set<std::string>& any,
                            json::Object& conditions);

}  // namespace stator::cloudformation::sam
