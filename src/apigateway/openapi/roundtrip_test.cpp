#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "apigateway/openapi/apply.hpp"
#include "apigateway/openapi/export.hpp"
#include "json/yaml.hpp"
#include "storage/store.hpp"

namespace stator::apigateway::openapi {
namespace {

/// What tells two APIs apart, without ids: routes by key with what they lead to, and what no route
/// leads to.
struct Seen {
  json::Object api;
  std::map<std::string, std::string> routes;
  std::multiset<std::string> integrations;
  std::multiset<std::string> authorizers;
  std::map<std::string, std::string> shared;  ///< of two routes: one integration or two

  friend bool operator==(const Seen&, const Seen&) = default;
};

std::string without(json::Object record, std::initializer_list<const char*> members) {
  for (const char* member : members) record.erase(member);
  std::map<std::string, std::string> sorted;
  for (const auto& member : record) sorted[member.key()] = json::dump(member.value());
  std::string text;
  for (const auto& [name, value] : sorted) text += name + "=" + value + ";";
  return text;
}

Seen seen(const Draft& draft) {
  Seen result;
  result.api = draft.api();
  for (const char* own : {"apiId", "createdDate"}) result.api.erase(own);
  std::map<std::string, std::string> integrations, authorizers, first_user;
  for (const auto& [id, record] : draft.all(Kind::kIntegration)) {
    integrations["integrations/" + id] = without(record, {"integrationId"});
    result.integrations.insert(integrations["integrations/" + id]);
  }
  for (const auto& [id, record] : draft.all(Kind::kAuthorizer)) {
    authorizers[id] = without(record, {"authorizerId"});
    result.authorizers.insert(authorizers[id]);
  }
  std::map<std::string, json::Object> by_key;
  for (const auto& [id, record] : draft.all(Kind::kRoute)) {
    by_key[json::find_string(record, "routeKey").value_or("")] = record;
  }
  for (const auto& [key, record] : by_key) {
    const std::string target = json::find_string(record, "target").value_or("");
    result.routes[key] = without(record, {"routeId", "target", "authorizerId"}) + " -> " +
                         integrations[target] + " by " +
                         authorizers[json::find_string(record, "authorizerId").value_or("")];
    if (!target.empty()) result.shared[key] = first_user.emplace(target, key).first->second;
  }
  return result;
}

json::Object integration(int kind, const std::string& name) {
  if (kind == 0) {
    return {{"integrationType", "AWS_PROXY"},
            {"integrationUri", "arn:aws:lambda:eu-west-1:111122223333:function:" + name},
            {"payloadFormatVersion", "2.0"},
            {"timeoutInMillis", 700}};
  }
  if (kind == 1) {
    return {{"integrationType", "AWS_PROXY"},
            {"integrationUri", "arn:aws:lambda:eu-west-1:111122223333:function:" + name + ":live"},
            {"payloadFormatVersion", "1.0"},
            {"credentialsArn", "arn:aws:iam::111122223333:role/r"},
            {"description", "d: \"" + name + "\""}};
  }
  return {
      {"integrationType", "HTTP_PROXY"},
      {"integrationMethod", "ANY"},
      {"payloadFormatVersion", "1.0"},
      {"integrationUri", "https://" + name + ".example/"},
      {"requestParameters", json::Object{{"append:header.x", "$context.requestId"}}},
      {"responseParameters", json::Object{{"404", json::Object{{"overwrite:statuscode", "204"}}}}}};
}

json::Object authorizer(bool is_jwt, const std::string& name) {
  if (is_jwt) {
    return {{"name", name},
            {"authorizerType", "JWT"},
            {"identitySource", json::Array{"$request.header.Authorization"}},
            {"jwtConfiguration",
             json::Object{{"issuer", "https://i.example"}, {"audience", json::Array{"a", "b"}}}}};
  }
  return {{"name", name},
          {"authorizerType", "REQUEST"},
          {"authorizerUri",
           "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
           "arn:aws:lambda:eu-west-1:111122223333:function:a/invocations"},
          {"authorizerPayloadFormatVersion", "2.0"},
          {"authorizerResultTtlInSeconds", 30},
          {"enableSimpleResponses", true},
          {"identitySource", json::Array{"$request.header.A", "$request.querystring.b"}}};
}

json::Object api(bool is_full) {
  json::Object record{{"name", "n"}};
  if (!is_full) return record;
  record["description"] = "two\nlines: \"x\"";
  record["version"] = "1.0";
  record["disableExecuteApiEndpoint"] = true;
  record["tags"] = json::Object{{"team", "blue"}, {"a b", "c: d"}};
  record["corsConfiguration"] = json::Object{{"allowOrigins", json::Array{"https://a.example"}},
                                             {"allowCredentials", true},
                                             {"maxAge", 5}};
  return record;
}

/// Any API: integrations and authorizers of every kind, routes that share them or have none.
Imported any_api() {
  Imported made;
  made.api = api(*rc::gen::arbitrary<bool>());
  const int integrations = *rc::gen::inRange(0, 5), authorizers = *rc::gen::inRange(0, 4);
  for (int i = 0; i < integrations; ++i) {
    made.integrations.push_back(
        {"i", integration(*rc::gen::inRange(0, 3), "n" + std::to_string(i))});
  }
  std::vector<bool> is_jwt;
  for (int i = 0; i < authorizers; ++i) {
    is_jwt.push_back(*rc::gen::arbitrary<bool>());
    made.authorizers.push_back({"a", authorizer(is_jwt.back(), "A" + std::to_string(i))});
  }
  const std::set<std::string> keys =
      *rc::gen::container<std::set<std::string>>(rc::gen::element<std::string>(
          "$default", "GET /", "ANY /", "GET /a", "POST /a", "ANY /a", "PUT /a/{b}",
          "ANY /a/{proxy+}", "OPTIONS /a b/", "HEAD /A", "GET /{x}/y/{z}", "PATCH /~._-/"));
  for (const std::string& key : keys) {
    if (key.find("a b") != std::string::npos) continue;
    ImportedRoute route{{"r", {{"routeKey", key}}}, {}, {}};
    if (integrations > 0 && *rc::gen::inRange(0, 4) > 0) {
      route.integration = static_cast<std::size_t>(*rc::gen::inRange(0, integrations));
    }
    const int access = *rc::gen::inRange(0, 3);
    route.part.input["authorizationType"] = access == 1 ? "AWS_IAM" : "NONE";
    if (access == 2 && authorizers > 0) {
      route.authorizer = static_cast<std::size_t>(*rc::gen::inRange(0, authorizers));
      route.part.input["authorizationType"] = is_jwt[*route.authorizer] ? "JWT" : "CUSTOM";
      if (is_jwt[*route.authorizer])
        route.part.input["authorizationScopes"] = json::Array{"s", "t"};
    }
    if (*rc::gen::arbitrary<bool>()) route.part.input["operationName"] = "op";
    made.routes.push_back(std::move(route));
  }
  return made;
}

class Workshop {
 public:
  Draft make(const Imported& imported) {
    Draft draft =
        Draft::begin(*store_, random_, {"111122223333", "eu-west-1"}, {{"protocolType", "HTTP"}});
    const auto applied = apply(imported, draft);
    RC_ASSERT(applied.has_value());
    return draft;
  }

 private:
  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  SystemRandom random_;
};

RC_GTEST_PROP(OpenApiRoundtrip, ImportingAnExportGivesTheSameApi, ()) {
  Workshop workshop;
  const Draft original = workshop.make(any_api());
  const json::Object document = export_document(*original.snapshot(), {});
  const std::string text =
      *rc::gen::arbitrary<bool>() ? json::dump(document) : json::dump_yaml(document);
  const auto read = read_document(text);
  RC_ASSERT(read.has_value());
  const auto imported = import_document(*read, {BasePath::kIgnore, "111122223333", "eu-west-1"});
  RC_ASSERT(imported.has_value());
  RC_ASSERT(imported->notes.warnings.empty());
  RC_ASSERT(seen(workshop.make(*imported)) == seen(original));
}

}  // namespace
}  // namespace stator::apigateway::openapi
