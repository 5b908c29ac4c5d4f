#include "apigateway/openapi/import.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "apigateway/openapi/integration.hpp"
#include "apigateway/openapi/security.hpp"
#include "base/strings.hpp"

namespace stator::apigateway::openapi {
namespace {

constexpr std::string_view kReference = "#/components/x-amazon-apigateway-integrations/";
constexpr std::string_view kDefaultPath = "/$default";

/// A path item's members that are operations, and the methods of their routes.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kMethods = {
    {{"get", "GET"},
     {"put", "PUT"},
     {"post", "POST"},
     {"delete", "DELETE"},
     {"options", "OPTIONS"},
     {"head", "HEAD"},
     {"patch", "PATCH"},
     {kAnyMethod, "ANY"}}};
constexpr std::array<std::string_view, 4> kOfPaths = {"summary", "description", "servers",
                                                      "parameters"};
/// Members of an operation that say something to people or to other tools.
constexpr std::array<std::string_view, 10> kOfOperations = {
    "tags",       "summary",  "description", "externalDocs",   "operationId",
    "deprecated", "security", "responses",   "isDefaultRoute", kIntegration};
/// Members of an operation that HTTP APIs do not act on.
constexpr std::array<std::string_view, 5> kIgnored = {"requestBody", "callbacks", "servers",
                                                      "x-amazon-apigateway-request-validator",
                                                      "x-amazon-apigateway-auth"};
constexpr std::array<std::string_view, 8> kOfDocuments = {
    "openapi", "info", "servers", "paths", "components", "security", "tags", "externalDocs"};
constexpr std::array<std::string_view, 3> kExtensions = {kCors, kEndpoint, kVersion};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Importer {
 public:
  Importer(const json::Object& document, const ImportOptions& options)
      : document_(document), options_(options) {}

  Result<Imported> run() {
    STATOR_TRY_VOID(read_info());
    STATOR_TRY_VOID(read_servers());
    STATOR_TRY_VOID(read_extensions());
    STATOR_TRY_VOID(read_tags());
    STATOR_TRY_VOID(read_components());
    STATOR_TRY_VOID(read_paths());
    check_members();
    for (ImportedPart& integration : result_.integrations) {
      fill_in(integration.input, {"integrationUri", "credentialsArn", "connectionId"});
    }
    for (ImportedPart& authorizer : result_.authorizers) {
      fill_in(authorizer.input, {"authorizerUri", "authorizerCredentialsArn"});
    }
    return std::move(result_);
  }

 private:
  struct Operation {
    std::string place;
    const json::Object& members;
  };

  Result<void> read_info() {
    STATOR_TRY(const json::Object* info, object_at(document_, "info", "info"));
    const auto title = info == nullptr ? std::nullopt : json::find_string(*info, "title");
    if (!title) return fault("info.title", "is missing");
    result_.api["name"] = *title;
    if (const auto description = json::find_string(*info, "description")) {
      result_.api["description"] = *description;
    }
    const auto version = json::find_string(*info, "version");
    if (!version) {
      warn("info.version is missing");
    } else if (!version->empty()) {
      result_.api["version"] = *version;
    }
    return {};
  }

  Result<void> read_endpoint(const json::Object& owner, const std::string& place) {
    const std::string at = place + std::string(kEndpoint);
    STATOR_TRY(const json::Object* endpoint, object_at(owner, kEndpoint, at));
    if (endpoint == nullptr) return {};
    if (const json::Value* flag = json::find(*endpoint, "disableExecuteApiEndpoint")) {
      if (!flag->is_bool())
        return fault(at + ".disableExecuteApiEndpoint", "is not of type `boolean`");
      result_.api["disableExecuteApiEndpoint"] = flag->get_bool();
    }
    return {};
  }

  Result<void> read_servers() {
    const json::Value* servers = json::find(document_, "servers");
    if (servers == nullptr || servers->is_null()) return {};
    if (!servers->is_array()) return fault("servers", "is not of type `array`");
    for (const json::Value& server : servers->get_array()) {
      if (!server.is_object()) return fault("servers", "is not of type `object`");
      STATOR_TRY_VOID(read_endpoint(server.get_object(), "servers."));
    }
    if (options_.base_path == BasePath::kIgnore || servers->get_array().empty()) return {};
    prefix_ = base_path_of(servers->get_array()[0].get_object());
    if (options_.base_path == BasePath::kSplit && !prefix_.empty()) {
      const auto second = prefix_.find('/', 1);
      prefix_ = second == std::string::npos ? "" : prefix_.substr(second);
    }
    return {};
  }

  /// "/a/b" of "https://host/{first}/b" with the variable's default; "" for none.
  static std::string base_path_of(const json::Object& server) {
    std::string url = json::find_string(server, "url").value_or("");
    const json::Value* variables = json::find(server, "variables");
    if (variables != nullptr && variables->is_object()) {
      for (const auto& member : variables->get_object()) {
        if (!member.value().is_object()) continue;
        const auto value = json::find_string(member.value().get_object(), "default");
        const std::string name = "{" + std::string(member.key()) + "}";
        const auto at = url.find(name);
        if (value && at != std::string::npos) url.replace(at, name.size(), trimmed(*value));
      }
    }
    const auto scheme = url.find("://");
    const auto path = url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
    const std::string inner = path == std::string::npos ? "" : trimmed(url.substr(path));
    return inner.empty() ? "" : "/" + inner;
  }

  static std::string trimmed(std::string text) {
    while (text.starts_with('/')) text.erase(0, 1);
    while (text.ends_with('/')) text.pop_back();
    return text;
  }

  Result<void> read_extensions() {
    STATOR_TRY_VOID(read_endpoint(document_, ""));
    STATOR_TRY(const json::Object* cors, object_at(document_, kCors, kCors));
    if (cors != nullptr) result_.api["corsConfiguration"] = *cors;
    return {};
  }

  Result<void> read_tags() {
    const json::Value* tags = json::find(document_, "tags");
    if (tags == nullptr || tags->is_null()) return {};
    if (!tags->is_array()) return fault("tags", "is not of type `array`");
    json::Object read;
    for (const json::Value& tag : tags->get_array()) {
      if (!tag.is_object()) return fault("tags", "is not of type `object`");
      const auto name = json::find_string(tag.get_object(), "name");
      const auto value = json::find_string(tag.get_object(), kTagValue);
      if (name && value) read[*name] = *value;
    }
    if (!read.empty()) result_.api["tags"] = std::move(read);
    return {};
  }

  Result<void> read_components() {
    STATOR_TRY(const json::Object* components, object_at(document_, "components", "components"));
    const json::Object none;
    const json::Object& all = components == nullptr ? none : *components;
    STATOR_TRY(const json::Object* schemes,
               object_at(all, "securitySchemes", "components.securitySchemes"));
    STATOR_TRY(schemes_, SecuritySchemes::read(schemes, result_.notes));
    for (const json::Object& authorizer : schemes_.authorizers()) {
      const std::string name = json::find_string(authorizer, "name").value_or("");
      result_.authorizers.push_back({"components.securitySchemes." + name, authorizer});
    }
    const std::string place = "components." + std::string(kIntegrations);
    STATOR_TRY(const json::Object* shared, object_at(all, kIntegrations, place));
    if (shared == nullptr) return {};
    for (const auto& member : *shared) {
      const std::string at = place + "." + std::string(member.key());
      if (!member.value().is_object()) return fault(at, "is not of type `object`");
      STATOR_TRY(auto read, read_integration(member.value().get_object(), at, result_.notes));
      std::optional<std::size_t> number;
      if (read) number = add(at, std::move(*read));
      shared_.emplace(std::string(member.key()), number);
    }
    return {};
  }

  std::size_t add(const std::string& place, json::Object integration) {
    result_.integrations.push_back({place, std::move(integration)});
    return result_.integrations.size() - 1;
  }

  Result<void> read_paths() {
    STATOR_TRY(const json::Object* paths, object_at(document_, "paths", "paths"));
    if (paths == nullptr) return fault("paths", "is missing");
    for (const auto& member : *paths) {
      std::string path(member.key());
      if (path.starts_with("x-")) continue;
      const std::string place = "paths.'" + path + "'";
      if (!path.starts_with('/')) {
        warn("paths. Resource " + path + " should start with /");
        path.insert(0, "/");
      }
      if (!member.value().is_object()) return fault(place, "is not of type `object`");
      STATOR_TRY_VOID(read_path(path, member.value().get_object()));
    }
    return {};
  }

  Result<void> read_path(const std::string& path, const json::Object& item) {
    const std::string place = "paths.'" + path + "'";
    for (const auto& member : item) {
      const std::string_view name(member.key().data(), member.key().size());
      const auto method = std::find_if(kMethods.begin(), kMethods.end(),
                                       [&](const auto& pair) { return pair.first == name; });
      if (method == kMethods.end()) {
        if (name == "$ref") return fault(place + ".$ref", "is not supported for HTTP APIs");
        if (!contains(kOfPaths, name)) warn(place + "." + std::string(name) + " is unexpected");
        continue;
      }
      const std::string at = place + "(" + std::string(name) + ")";
      if (!member.value().is_object()) return fault(at, "is not of type `object`");
      const bool is_default = path == kDefaultPath && method->second == "ANY";
      const std::string full = path == "/" && !prefix_.empty() ? prefix_ : prefix_ + path;
      std::string key = is_default ? "$default" : std::string(method->second) + " " + full;
      const Operation operation{at, member.value().get_object()};
      STATOR_TRY_VOID(read_operation(std::move(key), operation));
    }
    return {};
  }

  Result<void> read_operation(std::string key, const Operation& operation) {
    ImportedRoute route;
    route.part.place = operation.place;
    route.part.input["routeKey"] = key;
    if (const auto name = json::find_string(operation.members, "operationId")) {
      route.part.input["operationName"] = *name;
    }
    STATOR_TRY(route.integration, integration_of(operation));
    STATOR_TRY_VOID(read_access(operation, route));
    if (!operation.members.contains("responses")) warn(operation.place + ".responses is missing");
    check_operation(operation);
    result_.routes.push_back(std::move(route));
    return {};
  }

  Result<void> read_access(const Operation& operation, ImportedRoute& route) {
    const json::Value* security = json::find(operation.members, "security");
    const bool is_own = security != nullptr;
    if (!is_own) security = json::find(document_, "security");
    Access access;
    if (security != nullptr) {
      const std::string place = is_own ? operation.place : "";
      STATOR_TRY(access, schemes_.access_of(*security, place, result_.notes));
    }
    route.part.input["authorizationType"] = access.type;
    if (!access.scopes.empty()) route.part.input["authorizationScopes"] = std::move(access.scopes);
    route.authorizer = access.authorizer;
    return {};
  }

  Result<std::optional<std::size_t>> integration_of(const Operation& operation) {
    std::optional<std::size_t> none;
    const std::string at = operation.place + "." + std::string(kIntegration);
    STATOR_TRY(const json::Object* integration, object_at(operation.members, kIntegration, at));
    if (integration == nullptr) return none;
    if (const auto reference = json::find_string(*integration, "$ref")) {
      const auto found = reference->starts_with(kReference)
                             ? shared_.find(reference->substr(kReference.size()))
                             : shared_.end();
      if (found == shared_.end()) return fault(at + "." + *reference, "is missing");
      return found->second;
    }
    STATOR_TRY(auto read, read_integration(*integration, at, result_.notes));
    if (!read) return none;
    return std::optional<std::size_t>(add(at, std::move(*read)));
  }

  void check_operation(const Operation& operation) {
    for (const auto& member : operation.members) {
      const std::string_view name(member.key().data(), member.key().size());
      const std::string at = operation.place + "." + std::string(name);
      if (contains(kIgnored, name)) {
        result_.notes.inform("attribute " + at + " is ignored: it is not supported for HTTP APIs");
      } else if (name == "parameters") {
        check_parameters(member.value(), at);
      } else if (!contains(kOfOperations, name)) {
        warn(at + " is unexpected");
      }
    }
  }

  /// A path's parameters are in its text already; of all others nothing is enforced.
  void check_parameters(const json::Value& parameters, const std::string& place) {
    if (!parameters.is_array()) return warn(place + " is not of type `array`");
    for (const json::Value& parameter : parameters.get_array()) {
      if (!parameter.is_object()) continue;
      const auto in = json::find_string(parameter.get_object(), "in");
      if (in == "path") continue;
      const std::string name = json::find_string(parameter.get_object(), "name").value_or("");
      result_.notes.inform("attribute " + place + ".[" + name +
                           "] is ignored: HTTP APIs do not validate requests");
    }
  }

  void check_members() {
    for (const auto& member : document_) {
      const std::string_view name(member.key().data(), member.key().size());
      if (contains(kOfDocuments, name) || contains(kExtensions, name)) continue;
      if (name.starts_with("x-amazon-apigateway-")) {
        result_.notes.inform("attribute " + std::string(name) +
                             " is ignored: it is not supported for HTTP APIs");
      } else if (!name.starts_with("x-")) {
        warn(std::string(name) + " is unexpected");
      }
    }
  }

  void warn(const std::string& what) { result_.notes.warn("Parse issue: attribute " + what); }

  /// https://docs.aws.amazon.com/apigateway/latest/developerguide/import-api-aws-variables.html
  void fill_in(json::Object& input, std::initializer_list<std::string_view> members) const {
    const std::array<std::pair<std::string_view, std::string_view>, 3> variables = {
        {{"${AWS::AccountId}", options_.account},
         {"${AWS::Region}", options_.region},
         {"${AWS::Partition}", "aws"}}};
    for (const std::string_view name : members) {
      auto text = json::find_string(input, name);
      if (!text) continue;
      for (const auto& [variable, value] : variables) {
        for (auto at = text->find(variable); at != std::string::npos;
             at = text->find(variable, at)) {
          text->replace(at, variable.size(), value);
          at += value.size();
        }
      }
      input[name] = *text;
    }
  }

  const json::Object& document_;
  const ImportOptions& options_;
  std::string prefix_;  ///< "" or "/a/b"
  SecuritySchemes schemes_;
  std::map<std::string, std::optional<std::size_t>, std::less<>> shared_;
  Imported result_;
};

}  // namespace

Result<Imported> import_document(const json::Object& document, const ImportOptions& options) {
  return Importer(document, options).run();
}

}  // namespace stator::apigateway::openapi
