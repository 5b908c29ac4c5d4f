#include "apigateway/openapi/export.hpp"

#include <map>

#include "apigateway/openapi/integration.hpp"
#include "apigateway/openapi/security.hpp"
#include "base/strings.hpp"

namespace stator::apigateway::openapi {
namespace {

constexpr std::string_view kTargetPrefix = "integrations/";
constexpr const char* kSignature = "AWS_IAM";

std::string text(const json::Object& record, std::string_view name) {
  return json::find_string(record, name).value_or("");
}

class Exporter {
 public:
  Exporter(const Snapshot& snapshot, const ExportOptions& options)
      : snapshot_(snapshot), options_(options) {}

  json::Object run() {
    for (const json::Object& authorizer : snapshot_.authorizers) {
      schemes_.emplace(text(authorizer, "authorizerId"), text(authorizer, "name"));
    }
    for (const json::Object& route : snapshot_.routes) ++uses_[text(route, "target")];
    json::Object document{{"openapi", "3.0.1"}, {"info", info()}, {"servers", servers()}};
    if (json::Array all = tags(); !all.empty()) document["tags"] = std::move(all);
    document["paths"] = paths();
    if (json::Object all = components(); !all.empty()) document["components"] = std::move(all);
    if (!options_.includes_extensions) return document;
    if (const json::Value* cors = json::find(snapshot_.api, "corsConfiguration")) {
      document[kCors] = *cors;
    }
    document[kVersion] = "1.0";
    return document;
  }

 private:
  json::Object info() const {
    json::Object out{{"title", text(snapshot_.api, "name")}};
    if (const std::string description = text(snapshot_.api, "description"); !description.empty()) {
      out["description"] = description;
    }
    out["version"] = text(snapshot_.api, "version");
    return out;
  }

  json::Array servers() const {
    json::Object server{{"url", text(snapshot_.api, "apiEndpoint")}};
    if (!options_.stage.empty() && options_.stage != "$default") {
      server["url"] = text(snapshot_.api, "apiEndpoint") + "/{basePath}";
      server["variables"] = json::Object{{"basePath", json::Object{{"default", options_.stage}}}};
    }
    if (options_.includes_extensions &&
        json::find_bool(snapshot_.api, "disableExecuteApiEndpoint").value_or(false)) {
      server[kEndpoint] = json::Object{{"disableExecuteApiEndpoint", true}};
    }
    return {std::move(server)};
  }

  json::Array tags() const {
    json::Array out;
    const json::Value* given = json::find(snapshot_.api, "tags");
    if (given == nullptr || !given->is_object() || !options_.includes_extensions) return out;
    for (const auto& tag : given->get_object()) {
      out.push_back(json::Object{{"name", tag.key()}, {kTagValue, tag.value()}});
    }
    return out;
  }

  json::Object paths() {
    json::Object out;
    for (const json::Object& route : snapshot_.routes) {
      const std::string key = text(route, "routeKey");
      const auto space = key.find(' ');
      const bool is_default = space == std::string::npos;
      const std::string path = is_default ? "/$default" : key.substr(space + 1);
      const std::string method = is_default ? "ANY" : key.substr(0, space);
      json::Value& item = out[path];
      if (!item.is_object()) item = json::Object();
      const std::string member = method == "ANY" ? std::string(kAnyMethod) : to_lower(method);
      item.get_object()[member] = operation(route, is_default);
      if (json::Array parameters = path_parameters(path); !parameters.empty()) {
        item.get_object()["parameters"] = std::move(parameters);
      }
    }
    return out;
  }

  json::Object operation(const json::Object& route, bool is_default) {
    json::Object out;
    if (const auto name = json::find_string(route, "operationName")) out["operationId"] = *name;
    out["responses"] = json::Object{
        {"default",
         json::Object{{"description", "Default response for " + text(route, "routeKey")}}}};
    if (json::Array all = security(route); !all.empty()) out["security"] = std::move(all);
    if (!options_.includes_extensions) return out;
    if (is_default) out["isDefaultRoute"] = true;
    const json::Object* integration = integration_of(route);
    if (integration == nullptr) return out;
    out[kIntegration] = is_shared(*integration)
                            ? json::Object{{"$ref", "#/components/" + std::string(kIntegrations) +
                                                        "/" + shared_name(*integration)}}
                            : write_integration(*integration);
    return out;
  }

  static json::Array path_parameters(std::string_view path) {
    json::Array out;
    for (const std::string_view segment : split(path, '/')) {
      if (segment.size() < 3 || segment.front() != '{' || segment.back() != '}') continue;
      const std::string name(segment.substr(1, segment.size() - 2));
      out.push_back(json::Object{{"name", name},
                                 {"in", "path"},
                                 {"description", "Generated path parameter for " + name},
                                 {"required", true},
                                 {"schema", json::Object{{"type", "string"}}}});
    }
    return out;
  }

  json::Array security(const json::Object& route) {
    const std::string type = text(route, "authorizationType");
    if (type == "AWS_IAM") {
      is_signed_ = true;
      return {json::Object{{kSignature, json::Array()}}};
    }
    const auto scheme = schemes_.find(text(route, "authorizerId"));
    if (scheme == schemes_.end()) return {};
    const json::Value* scopes = json::find(route, "authorizationScopes");
    return {json::Object{{scheme->second, scopes == nullptr ? json::Array() : scopes->as_array()}}};
  }

  const json::Object* integration_of(const json::Object& route) const {
    const std::string target = text(route, "target");
    for (const json::Object& integration : snapshot_.integrations) {
      if (target == std::string(kTargetPrefix) + text(integration, "integrationId")) {
        return &integration;
      }
    }
    return nullptr;
  }

  std::size_t uses(const json::Object& integration) const {
    const auto found = uses_.find(std::string(kTargetPrefix) + text(integration, "integrationId"));
    return found == uses_.end() ? 0 : found->second;
  }
  bool is_shared(const json::Object& integration) const { return uses(integration) > 1; }
  std::string shared_name(const json::Object& integration) const {
    const char* prefix = uses(integration) == 0 ? "unusedIntegration_" : "sharedIntegration_";
    return prefix + text(integration, "integrationId");
  }

  /// After paths(), which says whether a scheme for signatures is needed.
  json::Object components() const {
    json::Object out, schemes, integrations;
    for (const json::Object& authorizer : snapshot_.authorizers) {
      json::Object scheme = write_scheme(authorizer);
      if (!options_.includes_extensions) scheme.erase(kAuthorizer);
      schemes[text(authorizer, "name")] = std::move(scheme);
    }
    if (is_signed_) {
      json::Object scheme = signature_scheme();
      if (!options_.includes_extensions) scheme.erase(kAuthType);
      schemes[kSignature] = std::move(scheme);
    }
    for (const json::Object& integration : snapshot_.integrations) {
      if (uses(integration) == 1 || !options_.includes_extensions) continue;
      integrations[shared_name(integration)] = write_integration(integration);
    }
    if (!schemes.empty()) out["securitySchemes"] = std::move(schemes);
    if (!integrations.empty()) out[kIntegrations] = std::move(integrations);
    return out;
  }

  const Snapshot& snapshot_;
  const ExportOptions& options_;
  std::map<std::string, std::string> schemes_;  ///< names by authorizer
  std::map<std::string, std::size_t> uses_;     ///< routes by target
  bool is_signed_ = false;
};

}  // namespace

json::Object export_document(const Snapshot& snapshot, const ExportOptions& options) {
  return Exporter(snapshot, options).run();
}

}  // namespace stator::apigateway::openapi
