#include "lambda/record.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "json/json.hpp"

namespace stator::lambda {
namespace {

FunctionRecord make_record() {
  FunctionRecord record;
  record.key = {"000000000000", "us-east-1", "f"};
  record.role = "arn:aws:iam::000000000000:role/r";
  record.runtime = "provided.al2023";
  record.handler = "bootstrap";
  record.layers = {{"arn:aws:lambda:us-east-1:000000000000:layer:l:1", {"ab", 1, 2}}};
  record.code = {"cd", 3, 4};
  record.last_modified = from_epoch_ms(1'700'000'000'123);
  record.revision_id = "r";
  record.tags = {{"a", "b"}};
  record.policy = {{"s", "lambda:InvokeFunction", "apigateway.amazonaws.com", "arn", "src", "acc"}};
  return record;
}

RC_GTEST_PROP(FunctionRecord, ComesBackAsItWas, ()) {
  FunctionRecord record = make_record();
  // JSON text is UTF-8; that is checked where text comes in.
  const auto text = rc::gen::container<std::string>(rc::gen::inRange<char>(0, 127));
  record.description = *text;
  record.timeout_s = *rc::gen::inRange<std::int64_t>(1, 900);
  record.memory_mb = *rc::gen::inRange<std::int64_t>(128, 10'240);
  if (*rc::gen::arbitrary<bool>()) {
    record.environment = EnvironmentVariables{{"TABLE", *text}, {"OTHER", *text}};
  }
  const auto back = decode_function(encode(record));
  RC_ASSERT(back.has_value());
  RC_ASSERT(back->description == record.description);
  RC_ASSERT(back->environment == record.environment);
  RC_ASSERT(back->tags == record.tags);
  RC_ASSERT(back->policy.at(0).source_account == "acc");
  RC_ASSERT(back->layers.at(0).package.unzipped_bytes == 2u);
  RC_ASSERT(back->last_modified == record.last_modified);
  RC_ASSERT(encode(*back) == encode(record));
}

TEST(FunctionRecord, ADamagedRecordIsAnError) {
  const auto whole = json::parse_object(encode(make_record())).value();
  for (const auto& member : whole) {
    json::Object damaged = whole;
    damaged.erase(member.key());
    // Records that were written before there were versions have none of these.
    const bool is_optional = member.key() == "version" || member.key() == "logging" ||
                             member.key() == "dead_letter_target" ||
                             member.key() == "published_from";
    EXPECT_EQ(decode_function(json::dump(damaged)).has_value(), is_optional) << member.key();
    damaged[member.key()] = json::Value(nullptr);
    EXPECT_FALSE(decode_function(json::dump(damaged))) << member.key();
  }
  EXPECT_FALSE(decode_function("{"));
}

TEST(LayerVersionRecord, ComesBackAsItWas) {
  LayerVersionRecord record;
  record.reference = {"000000000000", "us-east-1", "l", 7};
  record.description = "d";
  record.compatible_runtimes = {"provided.al2023"};
  record.package = {"ab", 1, 2};
  record.created = from_epoch_ms(5);
  const auto back = decode_layer_version(encode(record));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->reference.arn(), record.reference.arn());
  EXPECT_EQ(encode(*back), encode(record));
  EXPECT_FALSE(decode_layer_version("{}"));
}

}  // namespace
}  // namespace stator::lambda
