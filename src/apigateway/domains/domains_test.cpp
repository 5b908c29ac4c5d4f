#include "apigateway/domains/domains.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "apigateway/domains/domain_address.hpp"
#include "apigateway/service.hpp"
#include "base/strings.hpp"
#include "crypto/certificates.hpp"

namespace stator::apigateway {
namespace {

constexpr const char* kCertificate = "arn:aws:acm:us-east-1:123:certificate/c";

/// Grants everything and remembers what was asked for.
class Recorder final : public aws::Authorizer {
 public:
  Result<void> authorize(const aws::Call&, std::span<const aws::Permission> needs) override {
    asked.clear();
    keys.clear();
    for (const auto& need : needs) {
      asked.push_back(need.action + " " + need.resource);
      if (!need.keys) continue;
      for (const auto& key : need.keys()) keys.push_back(key.name + "=" + join(key.values, ","));
    }
    return {};
  }
  std::vector<std::string> asked;
  std::vector<std::string> keys;  ///< of conditions
};

/// A bucket with one object in it.
class OneObject final : public TruststoreReader {
 public:
  Result<std::string> read(std::string_view, std::string_view bucket,
                           std::string_view key) override {
    if (bucket != "b" || key != "k") return not_found("no such key");
    return contents;
  }
  std::string contents;
};

class DomainsTest : public testing::Test {
 protected:
  DomainsTest() {
    add_domain_operations(service_, domains_);
    const WallTime now = clock_.wall();
    objects_.contents =
        crypto::make_authority("clients", {now, now + std::chrono::hours(9)}).certificate;
  }

  Result<json::Object> run(std::string_view name, const json::Object& input,
                           const std::string& account = "123") {
    for (const aws::Operation& operation : service_.operations) {
      if (operation.name() != name) continue;
      aws::Call call{.account = account, .region = "us-east-1", .now = clock_.wall()};
      return operation.run_json(call, aws::Input(input), recorder_);
    }
    return internal("no operation of that name");
  }
  /// "ok", or the error's AWS type.
  std::string outcome(std::string_view name, const json::Object& input,
                      const std::string& account = "123") {
    const auto result = run(name, input, account);
    if (result) return "ok";
    return result.error().aws_type.empty() ? std::string(to_string(result.error().code))
                                           : result.error().aws_type;
  }
  static json::Object domain(const std::string& name, json::Object more = {}) {
    json::Object input{{"domainName", name},
                       {"domainNameConfigurations", {{{"certificateArn", kCertificate}}}}};
    for (const auto& member : more) input[member.key()] = member.value();
    return input;
  }
  static json::Object mutual_tls(const std::string& uri) {
    return {{"mutualTlsAuthentication", {{"truststoreUri", uri}}}};
  }
  std::string make_api(const std::string& stage = "dev") {
    aws::Call call{.account = "123", .region = "us-east-1", .now = clock_.wall()};
    const std::string api =
        *json::find_string(*apis_.create(call, Kind::kApi, "", {{"name", "n"}}), "apiId");
    EXPECT_TRUE(apis_.create(call, Kind::kStage, api, {{"stageName", stage}}));
    return api;
  }
  json::Object mapping(const std::string& api, const std::string& key) {
    return {
        {"domainName", "a.example.com"}, {"apiId", api}, {"stage", "dev"}, {"apiMappingKey", key}};
  }
  /// Where a request leads: "API STAGE BEFORE PATH", or the refusal's status.
  std::string address(http::Request request, const std::string& host = "a.example.com") {
    request.headers.add("Host", host);
    const auto found = domains_.find(host);
    if (found == nullptr) return "no domain";
    Address address;
    if (auto refusal = address_on(domains_, *found, request, address)) {
      return std::to_string(refusal->status) + " " + refusal->message;
    }
    return address.api_id + " " + address.stage + " '" + address.path_before + "' " + address.path;
  }

  FakeClock clock_;
  SystemRandom random_;
  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  Apis apis_{*store_, random_, ".execute-api.localhost:4566"};
  OneObject objects_;
  Domains domains_{*store_, random_, apis_, objects_};
  aws::Service service_ = make_service(apis_);
  Recorder recorder_;
};

TEST_F(DomainsTest, ADomainIsAnsweredWithAsAwsDoes) {
  const auto made = run("CreateDomainName", domain("a.example.com", {{"tags", {{"k", "v"}}}}));
  ASSERT_TRUE(made) << made.error().message;
  json::Object shown = *made;
  auto& configuration = shown["domainNameConfigurations"].as_array().at(0).as_object();
  EXPECT_TRUE(json::find_string(configuration, "apiGatewayDomainName")->starts_with("d-"));
  configuration.erase("apiGatewayDomainName");
  EXPECT_EQ(json::Value(shown), *json::parse(R"({
    "domainName": "a.example.com",
    "tags": {"k": "v"},
    "domainNameArn": "arn:aws:apigateway:us-east-1::/domainnames/a.example.com",
    "apiMappingSelectionExpression": "$request.basepath",
    "routingMode": "API_MAPPING_ONLY",
    "domainNameConfigurations": [{
      "certificateArn": "arn:aws:acm:us-east-1:123:certificate/c",
      "certificateUploadDate": "2026-01-02T03:04:05Z",
      "domainNameStatus": "AVAILABLE",
      "endpointType": "REGIONAL",
      "hostedZoneId": "Z1UJRXOUMOOFQ8",
      "ipAddressType": "ipv4",
      "securityPolicy": "TLS_1_2"}]})"));
  EXPECT_EQ(*run("GetDomainName", {{"domainName", "a.example.com"}}), *made);
  EXPECT_EQ(run("GetDomainNames", {})->at("items"), (json::Array{*made}));
}

TEST_F(DomainsTest, WhatADomainCannotBeIsRefused) {
  const auto with = [](json::Object configuration) {
    configuration.emplace("certificateArn", kCertificate);
    return json::Object{{"domainName", "a.example.com"},
                        {"domainNameConfigurations", {std::move(configuration)}}};
  };
  const std::pair<json::Object, const char*> cases[] = {
      {{{"domainName", "a.example.com"}}, "BadRequestException"},
      {{{"domainName", "a.example.com"},
        {"domainNameConfigurations", {{{"endpointType", "EDGE"}}}}},
       "BadRequestException"},
      {{{"domainName", "a.example.com"}, {"domainNameConfigurations", {1}}}, "BadRequestException"},
      {with({{"certificateArn", "arn:aws:iam::1:server-certificate/c"}}), "BadRequestException"},
      {with({{"securityPolicy", "TLS_1_0"}}), "BadRequestException"},
      {with({{"endpointType", "EDGE"}}), "BadRequestException"},
      {with({{"certificateName", "c"}}), "Unsupported"},
      {domain("localhost"), "BadRequestException"},
      {domain("a.example.com", {{"routingMode", "ROUTING_RULE_ONLY"}}), "Unsupported"},
      {domain("a.example.com", mutual_tls("s3://b/absent")), "BadRequestException"},
      {domain("a.example.com", mutual_tls("http://b/k")), "BadRequestException"},
      {domain("a.example.com", {{"mutualTlsAuthentication",
                                 {{"truststoreUri", "s3://b/k"}, {"truststoreVersion", "1"}}}}),
       "Unsupported"},
  };
  for (const auto& [input, type] : cases) {
    EXPECT_EQ(outcome("CreateDomainName", input), type) << json::dump(input);
  }
  EXPECT_EQ(domains_.find("a.example.com"), nullptr);
  EXPECT_TRUE(run("GetDomainNames", {})->at("items").as_array().empty());
}

TEST_F(DomainsTest, ANameIsOneAccountsAlone) {
  ASSERT_EQ(outcome("CreateDomainName", domain("a.example.com")), "ok");
  ASSERT_EQ(outcome("CreateDomainName", domain("*.other.com")), "ok");
  for (const char* account : {"123", "456"}) {
    EXPECT_EQ(outcome("CreateDomainName", domain("a.example.com"), account), "ConflictException");
  }
  // One's own names may stand below one's own wildcard, others' may not.
  EXPECT_EQ(outcome("CreateDomainName", domain("*.example.com"), "456"), "ConflictException");
  EXPECT_EQ(outcome("CreateDomainName", domain("a.other.com"), "456"), "ConflictException");
  EXPECT_EQ(outcome("CreateDomainName", domain("*.example.com")), "ok");
  EXPECT_EQ(outcome("CreateDomainName", domain("a.other.com")), "ok");
  for (const char* operation : {"GetDomainName", "DeleteDomainName", "UpdateDomainName"}) {
    EXPECT_EQ(outcome(operation, {{"domainName", "a.example.com"}}, "456"), "NotFoundException");
  }
  EXPECT_EQ(outcome("GetApiMappings", {{"domainName", "a.example.com"}}, "456"),
            "NotFoundException");
}

TEST_F(DomainsTest, PoliciesSeeTheTagsOfADomainForItsMappingsToo) {
  ASSERT_EQ(outcome("CreateDomainName", domain("a.example.com", {{"tags", {{"team", "red"}}}})),
            "ok");
  EXPECT_EQ(recorder_.keys,
            (std::vector<std::string>{"aws:RequestTag/team=red", "aws:TagKeys=team"}));
  for (const char* operation : {"GetDomainName", "UpdateDomainName", "GetApiMappings"}) {
    EXPECT_EQ(outcome(operation, {{"domainName", "a.example.com"}}), "ok");
    EXPECT_NE(std::find(recorder_.keys.begin(), recorder_.keys.end(), "aws:ResourceTag/team=red"),
              recorder_.keys.end())
        << operation;
  }
}

TEST_F(DomainsTest, AnUpdateLeavesWhatItDoesNotMention) {
  ASSERT_EQ(outcome("CreateDomainName", domain("a.example.com", mutual_tls("s3://b/k"))), "ok");
  const auto before = *run("GetDomainName", {{"domainName", "a.example.com"}});
  EXPECT_EQ(*run("UpdateDomainName", {{"domainName", "a.example.com"}}), before);
  clock_.advance(std::chrono::hours(1));
  const auto after =
      run("UpdateDomainName",
          {{"domainName", "a.example.com"},
           {"domainNameConfigurations", {{{"certificateArn", std::string(kCertificate) + "2"}}}}});
  ASSERT_TRUE(after);
  const auto& configuration = after->at("domainNameConfigurations").at(0).as_object();
  EXPECT_EQ(configuration.at("certificateUploadDate"), "2026-01-02T04:04:05Z");
  EXPECT_EQ(configuration.at("apiGatewayDomainName"),
            before.at("domainNameConfigurations").at(0).at("apiGatewayDomainName"));
  EXPECT_EQ(after->at("mutualTlsAuthentication"), before.at("mutualTlsAuthentication"));
}

TEST_F(DomainsTest, MutualTlsKeepsTheTruststoreAsItWasRead) {
  const std::string first = objects_.contents;
  objects_.contents += "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const auto made = run("CreateDomainName", domain("a.example.com", mutual_tls("s3://b/k")));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(recorder_.asked,
            (std::vector<std::string>{"apigateway:POST arn:aws:apigateway:us-east-1::/domainnames",
                                      "s3:GetObject arn:aws:s3:::b/k"}));
  EXPECT_EQ(
      made->at("mutualTlsAuthentication"),
      (json::Value{{"truststoreUri", "s3://b/k"},
                   {"truststoreWarnings", {"Certificate 2 of the truststore cannot be read."}}}));
  EXPECT_EQ(domains_.find("a.example.com")->client_authorities, first);

  objects_.contents = "nothing of use";
  json::Object update{{"domainName", "a.example.com"}};
  update["mutualTlsAuthentication"] = {{"truststoreUri", "s3://b/k"}};
  EXPECT_EQ(outcome("UpdateDomainName", update), "BadRequestException");
  EXPECT_EQ(domains_.find("a.example.com")->client_authorities, first);
  update["mutualTlsAuthentication"] = {{"truststoreUri", ""}};
  const auto off = run("UpdateDomainName", update);
  ASSERT_TRUE(off);
  EXPECT_FALSE(off->contains("mutualTlsAuthentication"));
  EXPECT_EQ(domains_.find("a.example.com")->client_authorities, "");
}

TEST_F(DomainsTest, MappingsAreCreatedReadChangedAndRemoved) {
  const std::string api = make_api();
  ASSERT_EQ(outcome("CreateDomainName", domain("a.example.com")), "ok");
  const auto made = run("CreateApiMapping", mapping(api, "orders"));
  ASSERT_TRUE(made) << made.error().message;
  const std::string id = *json::find_string(*made, "apiMappingId");
  EXPECT_EQ(
      *made,
      (json::Object{
          {"apiId", api}, {"stage", "dev"}, {"apiMappingKey", "orders"}, {"apiMappingId", id}}));
  json::Object which{{"domainName", "a.example.com"}, {"apiMappingId", id}};
  EXPECT_EQ(*run("GetApiMapping", which), *made);
  EXPECT_EQ(run("GetApiMappings", {{"domainName", "a.example.com"}})->at("items"),
            (json::Array{*made}));
  json::Object change = which;
  change["apiId"] = api;
  EXPECT_EQ(*run("UpdateApiMapping", change), *made);
  change["apiMappingKey"] = "";
  EXPECT_EQ(run("UpdateApiMapping", change)->at("apiMappingKey"), "");
  EXPECT_EQ(address({.method = "GET", .target = "/x"}), api + " dev '' /x");
  EXPECT_EQ(outcome("DeleteApiMapping", which), "ok");
  EXPECT_EQ(outcome("GetApiMapping", which), "NotFoundException");
  EXPECT_EQ(address({.method = "GET", .target = "/x"}), "403 Forbidden");
}

TEST_F(DomainsTest, WhatAMappingCannotBeIsRefused) {
  const std::string api = make_api();
  ASSERT_EQ(outcome("CreateDomainName", domain("a.example.com")), "ok");
  ASSERT_EQ(outcome("CreateApiMapping", mapping(api, "orders")), "ok");
  const auto with = [&](const char* member, const char* value) {
    json::Object input = mapping(api, "new");
    input[member] = value;
    return outcome("CreateApiMapping", input);
  };
  EXPECT_EQ(with("apiMappingKey", "orders"), "ConflictException");
  EXPECT_EQ(with("apiId", "absent"), "NotFoundException");
  EXPECT_EQ(with("stage", "absent"), "BadRequestException");
  EXPECT_EQ(with("domainName", "absent.example.com"), "NotFoundException");
  for (const char* key : {"/", "/a", "a/", "a//b", "a b", "a?b", "a%2Fb"}) {
    EXPECT_EQ(with("apiMappingKey", key), "BadRequestException") << key;
  }
  for (const char* key : {"a/b/c", "a-b_c.d", "$a"}) EXPECT_EQ(with("apiMappingKey", key), "ok");
}

TEST_F(DomainsTest, WhatIsMappedCannotBeDeleted) {
  const std::string api = make_api();
  aws::Call call{.account = "123", .region = "us-east-1", .now = clock_.wall()};
  ASSERT_TRUE(apis_.create(call, Kind::kStage, api, {{"stageName", "free"}}));
  ASSERT_EQ(outcome("CreateDomainName", domain("a.example.com")), "ok");
  ASSERT_EQ(outcome("CreateApiMapping", mapping(api, "")), "ok");
  const auto refused = run("DeleteApi", {{"apiId", api}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "Deleting API " + api +
                " failed. Please remove all API mappings for the API from your custom domain "
                "names.");
  EXPECT_EQ(outcome("DeleteStage", {{"apiId", api}, {"stageName", "dev"}}), "BadRequestException");
  EXPECT_EQ(outcome("DeleteStage", {{"apiId", api}, {"stageName", "free"}}), "ok");
  ASSERT_EQ(outcome("DeleteDomainName", {{"domainName", "a.example.com"}}), "ok");
  EXPECT_EQ(outcome("DeleteApi", {{"apiId", api}}), "ok");
}

TEST_F(DomainsTest, ADomainThatIsMadeAnewHasNoneOfItsOldMappings) {
  ASSERT_EQ(outcome("CreateDomainName", domain("a.example.com", mutual_tls("s3://b/k"))), "ok");
  ASSERT_EQ(outcome("CreateApiMapping", mapping(make_api(), "")), "ok");
  ASSERT_EQ(outcome("DeleteDomainName", {{"domainName", "a.example.com"}}), "ok");
  EXPECT_EQ(domains_.find("a.example.com"), nullptr);
  ASSERT_EQ(outcome("CreateDomainName", domain("a.example.com")), "ok");
  EXPECT_TRUE(domains_.find("a.example.com")->mappings.empty());
  EXPECT_EQ(domains_.find("a.example.com")->client_authorities, "");
}

TEST_F(DomainsTest, WhatIsOnDiskIsServedAfterARestart) {
  const std::string api = make_api();
  ASSERT_EQ(outcome("CreateDomainName", domain("a.example.com", mutual_tls("s3://b/k"))), "ok");
  ASSERT_EQ(outcome("CreateApiMapping", mapping(api, "orders")), "ok");
  Domains again(*store_, random_, apis_, objects_);
  const auto found = again.find("A.example.com:8443");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->client_authorities, objects_.contents);
  ASSERT_EQ(found->mappings.size(), 1u);
  EXPECT_EQ(found->mappings[0].key + found->mappings[0].stage, "ordersdev");
}

TEST_F(DomainsTest, ARequestKeepsItsPathAndLosesTheKeyForRouting) {
  const std::string api = make_api();
  ASSERT_EQ(outcome("CreateDomainName", domain("a.example.com")), "ok");
  ASSERT_EQ(outcome("CreateApiMapping", mapping(api, "orders/v1")), "ok");
  const std::pair<const char*, std::string> cases[] = {
      {"/orders/v1", api + " dev '/orders/v1' /"},
      {"/orders/v1/", api + " dev '/orders/v1' /"},
      {"/orders/v1/items?x=1", api + " dev '/orders/v1' /items"},
      {"/orders/v1//items", api + " dev '/orders/v1' //items"},
      {"/orders%2Fv1/items", api + " dev '/orders/v1' /items"},
      {"/orders/v2", "403 Forbidden"},
      {"/", "403 Forbidden"},
      {"/%zz", "400 Bad Request"},
      {"*", "400 Bad Request"},
  };
  for (const auto& [target, where] : cases) {
    EXPECT_EQ(address({.method = "GET", .target = target}), where) << target;
  }
}

TEST_F(DomainsTest, NoHostHeaderLeadsAroundMutualTls) {
  const std::string api = make_api();
  ASSERT_EQ(outcome("CreateDomainName", domain("a.example.com", mutual_tls("s3://b/k"))), "ok");
  ASSERT_EQ(outcome("CreateDomainName", domain("open.example.com")), "ok");
  ASSERT_EQ(outcome("CreateApiMapping", mapping(api, "")), "ok");
  const auto request = [](bool is_secure, const char* sni, bool has_certificate) {
    http::Request made{.method = "GET", .target = "/x"};
    made.is_secure = is_secure;
    made.server_name = sni;
    if (has_certificate) {
      made.client_certificate = std::make_shared<const http::ClientCertificate>();
    }
    return made;
  };
  EXPECT_EQ(address(request(true, "a.example.com", true)), api + " dev '' /x");
  EXPECT_EQ(address(request(false, "", false)), "403 Forbidden");
  EXPECT_EQ(address(request(true, "a.example.com", false)), "403 Forbidden");
  EXPECT_EQ(address(request(true, "open.example.com", false)), "421 Misdirected Request");
  EXPECT_EQ(address(request(true, "open.example.com", true)), "421 Misdirected Request");
  EXPECT_EQ(address(request(true, "", true)), "421 Misdirected Request");
  EXPECT_EQ(address(request(false, "", false), "A.EXAMPLE.COM.:80"), "403 Forbidden");
}

}  // namespace
}  // namespace stator::apigateway
