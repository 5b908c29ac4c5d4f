#include "apigateway/domains/domain_table.hpp"

#include <gtest/gtest.h>

#include "apigateway/domains/domain_names.hpp"

namespace stator::apigateway {
namespace {

TEST(DomainNames, AHostIsANameInLowerCaseWithoutPortAndLastDot) {
  const std::pair<const char*, const char*> cases[] = {
      {"api.example.com", "api.example.com"},
      {"API.Example.COM:8443", "api.example.com"},
      {"api.example.com.", "api.example.com"},
      {"api.example.com.:80", "api.example.com"},
      {"[::1]:80", "[::1]"},
      {"[::1]", "[::1]"},
      {"", ""},
  };
  for (const auto& [host, name] : cases) EXPECT_EQ(host_name(host), name) << host;
}

TEST(DomainNames, AWildcardStandsForOneLabel) {
  EXPECT_EQ(wildcard_for("api.example.com"), "*.example.com");
  EXPECT_EQ(wildcard_for("a.b.example.com"), "*.b.example.com");
  for (const char* none : {"", "localhost", ".com", "com."}) EXPECT_EQ(wildcard_for(none), "");
}

TEST(DomainNames, NamesThatMayBeTaken) {
  for (const char* good : {"example.com", "a-1.example.com", "*.example.com", "api.localhost",
                           "xn--bcher-kva.example", "1.example.com"}) {
    EXPECT_TRUE(check_domain_name(good)) << good;
  }
}

TEST(DomainNames, NamesThatMayNotBeTaken) {
  const std::string long_label(64, 'a');
  for (const std::string& bad :
       {std::string(""),
        std::string("localhost"),
        std::string("*.localhost"),
        std::string("*.com"),
        std::string("com"),
        std::string("API.example.com"),
        std::string("a..b"),
        std::string("a.*.com"),
        std::string("-a.com"),
        std::string("a-.com"),
        std::string("a_b.com"),
        std::string("10.0.0.1"),
        std::string("a.com:80"),
        std::string("a.com/x"),
        std::string("a.execute-api.localhost"),
        std::string("*.execute-api.localhost"),
        std::string("execute-api.localhost"),
        std::string("s3.localhost"),
        std::string("b.s3.localhost"),
        std::string("dynamodb.us-east-1.amazonaws.com"),
        std::string("*.amazonaws.com"),
        std::string("x.lambda-url.us-east-1.localhost"),
        std::string("*.lambda-url.us-east-1.on.aws"),
        long_label + ".com",
        std::string(127, 'a').insert(60, ".") + "." + std::string(60, 'b') + "." +
            std::string(60, 'c') + "." + std::string(60, 'd')}) {
    const auto outcome = check_domain_name(bad);
    ASSERT_FALSE(outcome) << bad;
    EXPECT_EQ(outcome.error().aws_type, "BadRequestException") << bad;
  }
}

CompiledDomain domain_with(std::initializer_list<const char*> keys) {
  CompiledDomain domain;
  for (const char* key : keys) domain.mappings.push_back({key, "api", "$default"});
  sort_mappings(domain.mappings);
  return domain;
}

std::string key_for(const CompiledDomain& domain, std::string_view path) {
  const ApiMapping* mapping = domain.mapping_for(path);
  return mapping == nullptr ? "none" : "'" + mapping->key + "'";
}

TEST(DomainTable, TheLongestKeyThatBeginsThePathWins) {
  const auto domain = domain_with({"orders", "", "orders/v1/items", "orders/v2"});
  const std::pair<const char*, const char*> cases[] = {
      {"/", "''"},
      {"/orders", "'orders'"},
      {"/orders/", "'orders'"},
      {"/orders/7", "'orders'"},
      {"/ordersx", "''"},
      {"/Orders", "''"},
      {"/orders/v1", "'orders'"},
      {"/orders/v1/items", "'orders/v1/items'"},
      {"/orders/v1/items/7", "'orders/v1/items'"},
      {"/orders/v1/itemsx", "'orders'"},
      {"/orders/v2/items", "'orders/v2'"},
      {"/x/orders", "''"},
  };
  for (const auto& [path, key] : cases) EXPECT_EQ(key_for(domain, path), key) << path;
}

TEST(DomainTable, WithoutAKeyForItAPathLeadsNowhere) {
  const auto domain = domain_with({"orders"});
  for (const char* path : {"/", "/order", "/ordersx", "/x"}) {
    EXPECT_EQ(key_for(domain, path), "none") << path;
  }
  EXPECT_EQ(key_for(domain_with({}), "/"), "none");
}

TEST(DomainTable, ANameWinsOverTheWildcardThatCoversIt) {
  DomainTable table;
  for (const char* name : {"*.example.com", "api.example.com"}) {
    auto domain = std::make_shared<CompiledDomain>();
    domain->name = name;
    table.put(std::move(domain));
  }
  EXPECT_EQ(table.find("api.example.com")->name, "api.example.com");
  EXPECT_EQ(table.find("x.example.com")->name, "*.example.com");
  for (const char* none : {"example.com", "a.b.example.com", "localhost", ""}) {
    EXPECT_EQ(table.find(none), nullptr) << none;
  }
  table.erase("api.example.com");
  EXPECT_EQ(table.find("api.example.com")->name, "*.example.com");
}

}  // namespace
}  // namespace stator::apigateway
