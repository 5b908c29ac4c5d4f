#include "apigateway/openapi/import.hpp"

#include <gtest/gtest.h>

namespace stator::apigateway::openapi {
namespace {

constexpr const char* kUri = "arn:aws:lambda:eu-west-1:111122223333:function:f";

/// A document with these paths, and members beside them.
std::string document(const std::string& paths, const std::string& more = "") {
  return "openapi: 3.0.1\ninfo: {title: t, version: '1'}\n" + more + "paths:\n" + paths;
}

Result<Imported> import_text(const std::string& text, BasePath base_path = BasePath::kIgnore) {
  const auto read = read_document(text);
  if (!read) return read.error();
  return import_document(*read, {base_path, "111122223333", "eu-west-1"});
}

Imported imported(const std::string& text, BasePath base_path = BasePath::kIgnore) {
  auto result = import_text(text, base_path);
  EXPECT_TRUE(result) << (result ? "" : result.error().message);
  return result ? std::move(*result) : Imported{};
}

std::vector<std::string> keys(const Imported& result) {
  std::vector<std::string> all;
  for (const ImportedRoute& route : result.routes) {
    all.push_back(json::find_string(route.part.input, "routeKey").value_or(""));
  }
  return all;
}

std::string operation(const std::string& method, const std::string& more = "") {
  return "    " + method + ": {responses: {}, " + more +
         "x-amazon-apigateway-integration: {type: "
         "aws_proxy, payloadFormatVersion: '2.0', uri: '" +
         std::string(kUri) + "'}}\n";
}

TEST(OpenApiImport, MakesARouteOfEachOperation) {
  const Imported result = imported(document(
      "  /a:\n" + operation("get", "operationId: list, ") +
      operation("x-amazon-apigateway-any-method") + "  /a/{b+}:\n" + operation("delete") +
      "  /$default:\n" + operation("x-amazon-apigateway-any-method", "isDefaultRoute: true, ")));
  EXPECT_EQ(keys(result),
            (std::vector<std::string>{"GET /a", "ANY /a", "DELETE /a/{b+}", "$default"}));
  EXPECT_EQ(json::dump(result.routes[0].part.input),
            R"({"routeKey":"GET /a","operationName":"list","authorizationType":"NONE"})");
  EXPECT_EQ(result.routes[3].integration, 3u);
  EXPECT_EQ(json::dump(result.integrations[0].input),
            R"({"integrationType":"AWS_PROXY","payloadFormatVersion":"2.0","integrationUri":")" +
                std::string(kUri) + R"("})");
  EXPECT_EQ(result.integrations[0].place, "paths.'/a'(get).x-amazon-apigateway-integration");
  EXPECT_TRUE(result.notes.warnings.empty());
}

TEST(OpenApiImport, TakesEveryMemberOfAnIntegration) {
  const Imported result = imported(document(R"(
  /a:
    get:
      responses: {}
      x-amazon-apigateway-integration:
        type: HTTP_PROXY
        httpMethod: GET
        uri: 'https://${AWS::Region}.example/${AWS::AccountId}/${stageVariables.x}'
        credentials: arn:${AWS::Partition}:iam::${AWS::AccountId}:role/r
        connectionType: INTERNET
        timeoutInMillis: 500
        description: d
        tlsConfig: {serverNameToVerify: n}
        requestParameters: {'append:header.x': $context.requestId}
        responseParameters: {'200': {'overwrite:header.y': z}}
        passthroughBehavior: when_no_match
)"));
  EXPECT_EQ(
      json::dump(result.integrations.at(0).input),
      R"({"integrationType":"HTTP_PROXY","integrationMethod":"GET",)"
      R"("integrationUri":"https://eu-west-1.example/111122223333/${stageVariables.x}",)"
      R"("credentialsArn":"arn:aws:iam::111122223333:role/r","connectionType":"INTERNET",)"
      R"("timeoutInMillis":500,"description":"d","tlsConfig":{"serverNameToVerify":"n"},)"
      R"("requestParameters":{"append:header.x":"$context.requestId"},)"
      R"("responseParameters":{"200":{"overwrite:header.y":"z"}},"payloadFormatVersion":"1.0"})");
  ASSERT_EQ(result.notes.info.size(), 1u);
  EXPECT_NE(result.notes.info[0].find("passthroughBehavior is ignored"), std::string::npos);
}

TEST(OpenApiImport, ReadsWhatTheDocumentSaysOfTheApi) {
  const Imported result = imported(R"(
openapi: "3.0.1"
info: {title: t, version: v, description: d}
servers:
  - url: https://example.com
    x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: true}
tags: [{name: team, x-amazon-apigateway-tag-value: blue}, {name: documentation}]
x-amazon-apigateway-cors: {allowOrigins: ['*'], maxAge: 5}
x-amazon-apigateway-importexport-version: "1.0"
paths: {}
)");
  EXPECT_EQ(json::dump(result.api),
            R"({"name":"t","description":"d","version":"v","disableExecuteApiEndpoint":true,)"
            R"("corsConfiguration":{"allowOrigins":["*"],"maxAge":5},"tags":{"team":"blue"}})");
}

constexpr const char* kSchemes = R"(
components:
  securitySchemes:
    Jwt:
      type: oauth2
      x-amazon-apigateway-authorizer:
        type: jwt
        jwtConfiguration: {issuer: 'https://i.example', audience: [a]}
    Oidc:
      type: openIdConnect
      openIdConnectUrl: https://o.example/.well-known/openid-configuration
      x-amazon-apigateway-authorizer:
        type: jwt
        jwtConfiguration: {audience: [a]}
        identitySource: $request.querystring.t
    Custom:
      type: apiKey
      name: Unused
      in: header
      x-amazon-apigateway-authorizer:
        type: request
        authorizerUri: >-
          arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/f/invocations
        authorizerCredentials: arn:aws:iam::1:role/r
        authorizerPayloadFormatVersion: '2.0'
        authorizerResultTtlInSeconds: 30
        enableSimpleResponses: true
        identitySource: $request.header.A, $context.routeKey
    Signed: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
    Open: {type: http, scheme: basic}
)";

TEST(OpenApiImport, ReadsAuthorizers) {
  const Imported result = imported(document("  {}", kSchemes));
  ASSERT_EQ(result.authorizers.size(), 3u);
  EXPECT_EQ(json::dump(result.authorizers[0].input),
            R"({"name":"Jwt","authorizerType":"JWT","jwtConfiguration":{"issuer":)"
            R"("https://i.example","audience":["a"]},)"
            R"("identitySource":["$request.header.Authorization"]})");
  EXPECT_EQ(json::dump(result.authorizers[1].input),
            R"({"name":"Oidc","authorizerType":"JWT","identitySource":["$request.querystring.t"],)"
            R"("jwtConfiguration":{"audience":["a"],"issuer":"https://o.example"}})");
  EXPECT_EQ(json::dump(result.authorizers[2].input),
            R"({"name":"Custom","authorizerType":"REQUEST","authorizerUri":"arn:aws:apigateway:)"
            R"(eu-west-1:lambda:path/2015-03-31/functions/f/invocations",)"
            R"("authorizerCredentialsArn":"arn:aws:iam::1:role/r",)"
            R"("authorizerPayloadFormatVersion":"2.0","authorizerResultTtlInSeconds":30,)"
            R"("enableSimpleResponses":true,)"
            R"("identitySource":["$request.header.A","$context.routeKey"]})");
  ASSERT_EQ(result.notes.warnings.size(), 1u);
  EXPECT_NE(result.notes.warnings[0].find("'Open'"), std::string::npos);
}

TEST(OpenApiImport, SecurityOfAnOperationGoesBeforeThatOfTheDocument) {
  const Imported result =
      imported(document("  /a:\n" + operation("get") + operation("put", "security: [], ") +
                            operation("post", "security: [{Custom: []}], ") +
                            operation("patch", "security: [{Signed: []}], ") +
                            operation("head", "security: [{NONE: []}], ") +
                            operation("delete", "security: [{Open: []}], "),
                        std::string(kSchemes) + "security: [{Jwt: [read, write]}]\n"));
  std::vector<std::string> types;
  for (const ImportedRoute& route : result.routes) {
    types.push_back(json::find_string(route.part.input, "authorizationType").value_or("") + " " +
                    (route.authorizer ? std::to_string(*route.authorizer) : "-"));
  }
  EXPECT_EQ(types, (std::vector<std::string>{"JWT 0", "NONE -", "CUSTOM 2", "AWS_IAM -", "NONE -",
                                             "NONE -"}));
  EXPECT_EQ(json::dump(result.routes[0].part.input.at("authorizationScopes")),
            R"(["read","write"])");
}

TEST(OpenApiImport, SharesIntegrationsByReference) {
  const Imported result =
      imported(document("  /a: {get: {responses: {}, x-amazon-apigateway-integration: {$ref: "
                        "'#/components/x-amazon-apigateway-integrations/one'}}}\n"
                        "  /b: {get: {responses: {}, x-amazon-apigateway-integration: {$ref: "
                        "'#/components/x-amazon-apigateway-integrations/one'}}}\n",
                        "components: {x-amazon-apigateway-integrations: {zero: {type: aws_proxy, "
                        "uri: z}, one: {type: "
                        "aws_proxy, uri: u}}}\n"));
  EXPECT_EQ(result.integrations.size(), 2u);
  EXPECT_EQ(result.routes.at(0).integration, 1u);
  EXPECT_EQ(result.routes.at(1).integration, 1u);
}

TEST(OpenApiImport, BasePathIsIgnoredPrependedOrSplit) {
  struct Case {
    const char* server;
    BasePath mode;
    std::vector<std::string> keys;
  };
  for (const Case& c : {
           Case{"{url: 'https://h/a/b'}", BasePath::kIgnore, {"GET /", "GET /e"}},
           Case{"{url: 'https://h/a/b/'}", BasePath::kPrepend, {"GET /a/b", "GET /a/b/e"}},
           Case{"{url: /a/b}", BasePath::kSplit, {"GET /b", "GET /b/e"}},
           Case{"{url: /a}", BasePath::kSplit, {"GET /", "GET /e"}},
           Case{"{url: 'https://h/{p}/c', variables: {p: {default: /a/b}}}",
                BasePath::kPrepend,
                {"GET /a/b/c", "GET /a/b/c/e"}},
           Case{"{url: 'https://h'}", BasePath::kPrepend, {"GET /", "GET /e"}},
       }) {
    const Imported result =
        imported(document("  /:\n" + operation("get") + "  /e:\n" + operation("get"),
                          "servers: [" + std::string(c.server) + "]\n"),
                 c.mode);
    EXPECT_EQ(keys(result), c.keys) << c.server;
  }
}

TEST(OpenApiImport, WarnsOfWhatIsNotAsItShould) {
  struct Case {
    std::string text;
    const char* says;
  };
  for (const Case& c : {
           Case{document("  /a: {get: {}}"),
                "Parse issue: attribute paths.'/a'(get).responses is missing"},
           Case{document("  $default:\n" + operation("x-amazon-apigateway-any-method")),
                "Parse issue: attribute paths. Resource $default should start with /"},
           Case{document("  /a: {trace: {responses: {}}}"), "paths.'/a'.trace is unexpected"},
           Case{document("  /a: {get: {responses: {}, color: red}}"),
                "paths.'/a'(get).color is unexpected"},
           Case{document("  {}", "definitions: {}\n"), "definitions is unexpected"},
           Case{document("  /a: {get: {responses: {}, x-amazon-apigateway-integration: {type: "
                         "mock}}}"),
                "type mock is not supported for HTTP APIs"},
           Case{"openapi: 3.0.1\ninfo: {title: t}\npaths: {}", "info.version is missing"},
       }) {
    const Imported result = imported(c.text);
    ASSERT_EQ(result.notes.warnings.size(), 1u) << c.text;
    EXPECT_NE(result.notes.warnings[0].find(c.says), std::string::npos) << result.notes.warnings[0];
  }
}

TEST(OpenApiImport, InformsOfWhatHttpApisDoNotAsk) {
  const Imported result = imported(document(
      "  /a: {post: {responses: {}, requestBody: {}, parameters: [{in: path, name: p}, {in: query, "
      "name: q}]}}\n",
      "x-amazon-apigateway-request-validators: {}\nx-other: 1\n"));
  EXPECT_EQ(result.notes.info.size(), 3u);
  EXPECT_TRUE(result.notes.warnings.empty());
}

TEST(OpenApiImport, RefusesWhatItCannotTakeAndSaysWhere) {
  struct Case {
    std::string text;
    const char* says;
  };
  for (const Case& c : {
           Case{"{", "Invalid OpenAPI input: not JSON"},
           Case{"a: [", "YAML not well-formed. (line"},
           Case{"[]", "not an object"},
           Case{"swagger: '2.0'", "Swagger 2.0 definitions are not supported"},
           Case{"openapi: 3.1.0", "OpenAPI 3.1.0 is not supported"},
           Case{"info: {}", "attribute openapi is missing"},
           Case{"openapi: 3.0.1\npaths: {}", "attribute info.title is missing"},
           Case{"openapi: 3.0.1\ninfo: {title: t}", "attribute paths is missing"},
           Case{"openapi: 3.0.1\ninfo: []\npaths: {}", "attribute info is not of type `object`"},
           Case{document("  /a: 1"), "attribute paths.'/a' is not of type `object`"},
           Case{document("  /a: {$ref: x}"), "attribute paths.'/a'.$ref is not supported"},
           Case{document("  /a: {get: {x-amazon-apigateway-integration: {uri: x}}}"),
                "paths.'/a'(get).x-amazon-apigateway-integration.type is missing"},
           Case{document("  /a: {get: {x-amazon-apigateway-integration: {$ref: '#/x'}}}"),
                "x-amazon-apigateway-integration.#/x is missing"},
           Case{document("  /a: {get: {security: [{Lost: []}]}}"),
                "paths.'/a'(get).security names the security scheme 'Lost'"},
           Case{document("  /a: {get: {security: [{A: []}, {B: []}]}}"),
                "has more than one requirement"},
           Case{document("  {}",
                         "components: {securitySchemes: {A: {x-amazon-apigateway-authorizer: "
                         "{type: token}}}}\n"),
                "must be one of [jwt, request]"},
           Case{std::string((6u << 20) + 1, ' '), "larger than"},
       }) {
    const auto result = import_text(c.text);
    ASSERT_FALSE(result) << c.text.substr(0, 200);
    EXPECT_EQ(result.error().aws_type, "BadRequestException");
    EXPECT_NE(result.error().message.find(c.says), std::string::npos) << result.error().message;
  }
}

TEST(OpenApiImport, BoundsItsNotes) {
  std::string paths;
  for (int i = 0; i < 500; ++i) paths += "  /p" + std::to_string(i) + ": {get: {}}\n";
  EXPECT_EQ(imported(document(paths)).notes.warnings.size(), 100u);
}

}  // namespace
}  // namespace stator::apigateway::openapi
