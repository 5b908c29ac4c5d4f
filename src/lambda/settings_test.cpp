#include "lambda/settings.hpp"

#include <gtest/gtest.h>

#include "json/json.hpp"

namespace stator::lambda {
namespace {

FunctionSettings make_settings() {
  FunctionSettings settings;
  settings.key = {"000000000000", "us-east-1", "f"};
  settings.last_version = 7;
  settings.aliases["live"] = {"7", "d", "r", {{"6", 0.1}}};
  settings.policies["live"] = {
      {{"s", "lambda:InvokeFunction", "apigateway.amazonaws.com", "arn", "src", "acc"}}, "r", {}};
  settings.event_invoke["$LATEST"] = {1, 60, "", "arn:aws:lambda:x:y:function:g", from_epoch_ms(5)};
  UrlConfig url{"abc", false, true, UrlCors{}, from_epoch_ms(1), from_epoch_ms(2)};
  url.cors->allow_origins = {"*"};
  settings.urls["live"] = url;
  settings.runtime_management["$LATEST"] = {"Manual", "arn"};
  settings.provisioned_concurrency["live"] = {3, from_epoch_ms(5)};
  settings.reserved_concurrency = 0;
  settings.allows_recursion = true;
  return settings;
}

TEST(FunctionSettings, ComeBackAsTheyWere) {
  const FunctionSettings settings = make_settings();
  const auto back = decode_settings(encode(settings));
  ASSERT_TRUE(back);
  EXPECT_EQ(encode(*back), encode(settings));
  EXPECT_EQ(back->last_version, 7);
  EXPECT_EQ(back->aliases.at("live").weights.at("6"), 0.1);
  EXPECT_EQ(back->policies.at("live").statements.at(0).source_arn, "src");
  EXPECT_EQ(back->event_invoke.at("$LATEST").on_failure, "arn:aws:lambda:x:y:function:g");
  EXPECT_EQ(back->urls.at("live").cors->allow_origins, std::vector<std::string>{"*"});
  EXPECT_EQ(back->provisioned_concurrency.at("live").count, 3);
  EXPECT_EQ(back->provisioned_concurrency.at("live").last_modified, from_epoch_ms(5));
  EXPECT_EQ(back->reserved_concurrency, 0);
}

TEST(FunctionSettings, DamagedOnesAreAnError) {
  const auto whole = json::parse_object(encode(make_settings())).value();
  for (const auto& member : whole) {
    json::Object damaged = whole;
    damaged[member.key()] = json::Value(nullptr);
    EXPECT_FALSE(decode_settings(json::dump(damaged))) << member.key();
  }
  EXPECT_FALSE(decode_settings("{"));
}

}  // namespace
}  // namespace stator::lambda
