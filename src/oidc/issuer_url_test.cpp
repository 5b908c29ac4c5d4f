#include "oidc/issuer_url.hpp"

#include <gtest/gtest.h>

namespace stator::oidc {
namespace {

TEST(IssuerUrl, IsHttpsOrOfThisMachine) {
  for (const auto* url :
       {"https://token.actions.githubusercontent.com", "https://gitlab.example.com/",
        "https://oidc.eks.eu-west-1.amazonaws.com/id/ABC", "https://localhost:8443/realm",
        "http://127.0.0.1:8080", "http://localhost/idp", "http://[::1]:9000/x"}) {
    const auto parsed = parse_issuer_url(url);
    ASSERT_TRUE(parsed) << url;
    EXPECT_EQ(parsed->url(), url);
  }
  for (const auto* url : {"",
                          "https://",
                          "https:///path",
                          "http://example.com",
                          "http://127.0.0.2",
                          "ftp://x",
                          "HTTPS://example.com",
                          "https://example.com:8443",
                          "https://user@example.com",
                          "https://example.com?x=1",
                          "https://example.com#x",
                          "https://exa mple.com",
                          "http://localhost.example.com",
                          "http://localhost:",
                          "http://localhost:123456",
                          "http://localhost:8x",
                          "http://localhost@example.com",
                          "https://[::2]",
                          "http://127.0.0.1\\@example.com",
                          "https://ex\xc3\xa4mple.com"}) {
    EXPECT_FALSE(parse_issuer_url(url)) << url;
  }
}

TEST(IssuerUrl, SaysFromWhereItsKeysMayCome) {
  const auto remote = *parse_issuer_url("https://idp.example.com");
  const auto local = *parse_issuer_url("http://localhost:8080");
  EXPECT_TRUE(may_fetch(remote, "https://keys.example.org:444/v1?tenant=a"));
  EXPECT_FALSE(may_fetch(remote, "http://localhost:8080/keys"));
  EXPECT_FALSE(may_fetch(remote, "http://idp.example.com/keys"));
  EXPECT_FALSE(may_fetch(remote, "file:///etc/passwd"));
  EXPECT_TRUE(may_fetch(local, "http://127.0.0.1:8080/keys"));
  EXPECT_TRUE(may_fetch(local, "https://keys.example.org/"));
  EXPECT_FALSE(may_fetch(local, "http://10.0.0.1/keys"));
}

}  // namespace
}  // namespace stator::oidc
