#include "oidc/issuers.hpp"

#include <gtest/gtest.h>

#include "oidc/test_provider.hpp"

namespace stator::oidc {
namespace {

class IssuersTest : public ::testing::Test {
 protected:
  /// Nothing when the token was believed.
  std::optional<ErrorCode> ask(std::string_view key_id = "k1") {
    const auto token = parse_token(TestProvider::token({{"sub", "x"}}, key_id));
    const auto verified = issuers.verify(issuer, *token);
    if (verified) return std::nullopt;
    return verified.error().code;
  }
  void expect_good(std::string_view key_id = "k1") {
    const auto token = parse_token(TestProvider::token({{"sub", "x"}}, key_id));
    const auto verified = issuers.verify(issuer, *token);
    EXPECT_TRUE(verified) << (verified ? "" : verified.error().message);
  }

  TestProvider provider;
  FakeClock clock;
  Issuers issuers{provider.fetch(), clock};
  IssuerUrl issuer = *parse_issuer_url(TestProvider::kIssuer);
};

TEST_F(IssuersTest, AsksTheProviderOncePerHour) {
  expect_good();
  EXPECT_EQ(provider.fetches, 2);
  expect_good();
  clock.advance(Issuers::kFreshFor - std::chrono::seconds(1));
  expect_good();
  EXPECT_EQ(provider.fetches, 2);
  clock.advance(std::chrono::seconds(1));
  expect_good();
  EXPECT_EQ(provider.fetches, 4);
}

TEST_F(IssuersTest, AsksAgainForAnUnknownKeyButNotTooOften) {
  expect_good();
  EXPECT_EQ(ask("k2"), ErrorCode::kInvalid);
  EXPECT_EQ(provider.fetches, 2) << "it was asked a moment ago";
  clock.advance(Issuers::kFetchAgainAfter);
  EXPECT_EQ(ask("k2"), ErrorCode::kInvalid);
  EXPECT_EQ(provider.fetches, 4);
  provider.pages[std::string(TestProvider::kKeysUrl)] = TestProvider::key_set("k2");
  EXPECT_EQ(ask("k2"), ErrorCode::kInvalid);
  clock.advance(Issuers::kFetchAgainAfter);
  expect_good("k2");
  EXPECT_EQ(ask("k1"), ErrorCode::kInvalid) << "a key that was withdrawn";
}

TEST_F(IssuersTest, KeepsKeysForADayWhileTheProviderIsAway) {
  expect_good();
  provider.is_down = true;
  clock.advance(Issuers::kStaleFor - std::chrono::seconds(1));
  expect_good();
  clock.advance(Issuers::kFetchAgainAfter);
  EXPECT_EQ(ask(), ErrorCode::kUnavailable);
  provider.is_down = false;
  EXPECT_EQ(ask(), ErrorCode::kUnavailable) << "it is left alone for a while";
  clock.advance(Issuers::kFetchAgainAfter);
  expect_good();
}

TEST_F(IssuersTest, SaysWhatIsWrongWithTheProvider) {
  const auto now_says = [&](std::string_view url, std::string page) {
    provider.pages[std::string(url)] = std::move(page);
    clock.advance(Issuers::kFetchAgainAfter);
    return ask();
  };
  const auto configuration = [](std::string_view name, std::string_view keys) {
    return json::dump(json::Object{{"issuer", name}, {"jwks_uri", keys}});
  };
  const auto at = TestProvider::kConfigurationUrl;
  EXPECT_EQ(now_says(at, "nonsense"), ErrorCode::kInvalid);
  EXPECT_EQ(now_says(at, configuration("https://other.example.com", TestProvider::kKeysUrl)),
            ErrorCode::kInvalid);
  EXPECT_EQ(now_says(at, configuration(TestProvider::kIssuer, "http://idp.example.com/keys")),
            ErrorCode::kInvalid);
  EXPECT_EQ(now_says(at, configuration(TestProvider::kIssuer, "https://idp.example.com/none")),
            ErrorCode::kUnavailable);
  EXPECT_EQ(now_says(at, R"({"issuer":"https://idp.example.com/tenant"})"), ErrorCode::kInvalid);
  EXPECT_EQ(now_says(at, configuration(TestProvider::kIssuer, TestProvider::kKeysUrl)),
            std::nullopt);
  clock.advance(Issuers::kStaleFor);
  EXPECT_EQ(now_says(TestProvider::kKeysUrl, "{}"), ErrorCode::kInvalid);
  EXPECT_EQ(now_says(TestProvider::kKeysUrl, TestProvider::key_set("k1")), std::nullopt);
}

TEST_F(IssuersTest, TellsAForgedSignatureFromAMissingKey) {
  auto token = *parse_token(TestProvider::token({{"sub", "x"}}));
  token.signed_part += "x";
  EXPECT_EQ(issuers.verify(issuer, token).error().code, ErrorCode::kUnauthenticated);
}

TEST_F(IssuersTest, SaysWhatItKnowsWithoutAsking) {
  auto known = issuers.known(issuer, "k9");
  EXPECT_EQ(known.keys, nullptr);
  EXPECT_TRUE(known.may_ask_for_keys);
  EXPECT_EQ(provider.fetches, 0);
  expect_good();
  known = issuers.known(issuer, "k9");
  ASSERT_NE(known.keys, nullptr);
  EXPECT_FALSE(known.may_ask_for_keys);
  EXPECT_FALSE(known.may_ask_for_one) << "it was asked a moment ago";
  clock.advance(Issuers::kFetchAgainAfter);
  EXPECT_FALSE(issuers.known(issuer, "k9").may_ask_for_keys);
  EXPECT_TRUE(issuers.known(issuer, "k9").may_ask_for_one);
  clock.advance(Issuers::kFreshFor);
  EXPECT_TRUE(issuers.known(issuer, "k9").may_ask_for_keys);
  provider.is_down = true;
  expect_good();
  known = issuers.known(issuer, "k9");
  EXPECT_NE(known.keys, nullptr);
  EXPECT_FALSE(known.may_ask_for_keys) << "it is left alone for a while";
  EXPECT_EQ(known.failure->code, ErrorCode::kUnavailable);
}

TEST_F(IssuersTest, KeepsKeysFreshForAsLongAsItIsTold) {
  Issuers patient(provider.fetch(), clock, {.fresh_for = std::chrono::hours(2)});
  const auto token = *parse_token(TestProvider::token({{"sub", "x"}}));
  ASSERT_TRUE(patient.verify(issuer, token));
  clock.advance(std::chrono::minutes(119));
  ASSERT_TRUE(patient.verify(issuer, token));
  EXPECT_EQ(provider.fetches, 2);
  clock.advance(std::chrono::minutes(1));
  ASSERT_TRUE(patient.verify(issuer, token));
  EXPECT_EQ(provider.fetches, 4);
}

TEST_F(IssuersTest, SeesARotationAtOnceWithoutAFetchForEveryMadeUpKey) {
  Issuers eager(provider.fetch(), clock, {.early_asks = 2});
  const auto is_good = [&](std::string_view key_id) {
    const auto token = *parse_token(TestProvider::token({{"sub", "x"}}, key_id));
    return bool(eager.verify(issuer, token));
  };
  EXPECT_TRUE(is_good("k1"));
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(is_good("k2"));
  EXPECT_EQ(provider.fetches, 4) << "asked for once";
  provider.pages[std::string(TestProvider::kKeysUrl)] = TestProvider::key_set("k3");
  EXPECT_TRUE(is_good("k3"));
  EXPECT_EQ(provider.fetches, 6);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(is_good("made up " + std::to_string(i)));
  EXPECT_EQ(provider.fetches, 6) << "no more fetches within the window";
  clock.advance(Issuers::kFetchAgainAfter);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(is_good("made up " + std::to_string(i)));
  EXPECT_EQ(provider.fetches, 12);
  provider.is_down = true;
  clock.advance(Issuers::kFetchAgainAfter);
  for (int i = 5; i < 9; ++i) EXPECT_FALSE(is_good("made up " + std::to_string(i)));
  EXPECT_EQ(provider.fetches, 13) << "a provider that does not answer is left alone";
}

TEST_F(IssuersTest, RemembersABoundedNumber) {
  provider.is_down = true;
  const auto token = *parse_token(TestProvider::token({{"sub", "x"}}));
  for (std::size_t i = 0; i < 2 * Issuers::kIssuersMax; ++i) {
    const auto other = parse_issuer_url("https://idp.example.com/" + std::to_string(i));
    EXPECT_FALSE(issuers.verify(*other, token));
  }
  EXPECT_EQ(provider.fetches, 2 * static_cast<int>(Issuers::kIssuersMax));
}

}  // namespace
}  // namespace stator::oidc
