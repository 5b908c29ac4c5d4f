#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "aws/proxy_answer.hpp"
#include "aws/proxy_event.hpp"

namespace stator::aws {
namespace {

json::Array cases_of(const std::string& file) {
  std::ifstream input(std::string(STATOR_GOLDEN_DIRECTORY) + "/" + file);
  std::stringstream text;
  text << input.rdbuf();
  const auto parsed = json::parse_object(text.str());
  EXPECT_TRUE(parsed) << file;
  return parsed ? parsed->at("cases").as_array() : json::Array();
}

std::string text_of(const json::Object& object, std::string_view name) {
  return json::find_string(object, name).value_or("");
}

Pairs pairs_of(const json::Object& object, std::string_view name) {
  Pairs pairs;
  const json::Value* found = json::find(object, name);
  if (found == nullptr) return pairs;
  for (const auto& member : found->as_object()) {
    pairs.emplace_back(member.key(), json::view(member.value().as_string()));
  }
  return pairs;
}

http::Request request_of(const json::Object& given) {
  http::Request request{.method = text_of(given, "method"), .target = text_of(given, "target")};
  request.peer = text_of(given, "peer");
  request.is_secure = given.at("secure").as_bool();
  request.body = text_of(given, "body");
  for (const json::Value& field : given.at("headers").as_array()) {
    request.headers.add(std::string(json::view(field.at(0).as_string())),
                        std::string(json::view(field.at(1).as_string())));
  }
  if (const json::Value* found = json::find(given, "certificate")) {
    const json::Object& shown = found->as_object();
    request.client_certificate =
        std::make_shared<const http::ClientCertificate>(http::ClientCertificate{
            text_of(shown, "pem"), text_of(shown, "subject"), text_of(shown, "issuer"),
            text_of(shown, "serial"), text_of(shown, "notBefore"), text_of(shown, "notAfter")});
  }
  return request;
}

TEST(ProxyGolden, Events) {
  for (const json::Value& one : cases_of("events.json")) {
    const json::Object& given = one.as_object();
    const json::Object& context = given.at("context").as_object();
    const auto member = [&context](std::string_view name) {
      const json::Value* found = json::find(context, name);
      return found != nullptr ? found->if_object() : nullptr;
    };
    std::vector<std::string> scopes;
    if (const json::Value* found = json::find(context, "scopes")) {
      for (const json::Value& scope : found->as_array()) {
        scopes.emplace_back(json::view(scope.as_string()));
      }
    }
    const std::string route_key = text_of(context, "routeKey"), path = text_of(context, "path"),
                      stage = text_of(context, "stage"), domain = text_of(context, "domain"),
                      principal_id = text_of(context, "principalId");
    const Pairs parameters = pairs_of(context, "pathParameters");
    const Pairs variables = pairs_of(context, "stageVariables");
    const ProxyEventContext made{
        "123456789012",
        "api-id",
        stage,
        route_key,
        path,
        path,
        domain,
        "id=",
        "Root=1-5e6722a7-cc56",
        FakeClock().wall(),
        parameters,
        variables,
        {nullptr, member("claims"), member("context"), &scopes, principal_id, {}}};
    const http::Request request = request_of(given.at("request").as_object());
    const auto format_2 = build_proxy_event(request, made);
    const auto format_1 = build_proxy_event_v1(request, made);
    const std::string name = text_of(given, "name");
    ASSERT_TRUE(format_2 && format_1) << name;
    EXPECT_EQ(*json::parse(*format_2), given.at("2.0")) << name << "\n" << *format_2;
    EXPECT_EQ(*json::parse(*format_1), given.at("1.0")) << name << "\n" << *format_1;
  }
}

json::Value shown(const std::optional<http::Response>& response) {
  if (!response) return nullptr;
  json::Array headers;
  for (const auto& [name, value] : response->headers.fields()) {
    headers.push_back(json::Array{json::Value(name), json::Value(value)});
  }
  return json::Object{{"status", response->status}, {"headers", headers}, {"body", response->body}};
}

TEST(ProxyGolden, Answers) {
  for (const json::Value& one : cases_of("answers.json")) {
    const std::string payload = json::dump(one.at("payload"));
    EXPECT_EQ(shown(read_proxy_answer(payload)), one.at("2.0")) << payload;
    EXPECT_EQ(shown(read_proxy_answer_v1(payload)), one.at("1.0")) << payload;
  }
}

}  // namespace
}  // namespace stator::aws
