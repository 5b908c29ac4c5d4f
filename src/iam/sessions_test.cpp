#include "iam/sessions.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/bytes.hpp"

namespace stator::iam {
namespace {

Secrets secrets_of(char letter) {
  return {.root = {},
          .storage_key = std::string(32, letter),
          .session_keys = {{std::string(32, letter), from_epoch_ms(0)}}};
}

Session plain_session() {
  return {.kind = Session::Kind::kRole,
          .account = "111122223333",
          .name = "r",
          .id = "AROA1",
          .session_name = "s",
          .access_key_id = {},
          .issued = from_epoch_ms(1),
          .expires = from_epoch_ms(5),
          .extras = {}};
}

TEST(Sessions, AreBoundToTheirSealingKey) {
  SeededRandom random(1);
  Sessions ours(secrets_of('a'), random), theirs(secrets_of('b'), random);
  const auto issued = ours.issue(plain_session());
  ASSERT_TRUE(issued);
  const auto& key = issued->credentials;
  EXPECT_TRUE(key.access_key_id.value.starts_with("ASIA"));
  EXPECT_EQ(key.secret.value.size(), 40u);
  EXPECT_FALSE(issued->packed_percent);
  const auto opened = ours.open(key.session_token);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->session.access_key_id, key.access_key_id.value);
  EXPECT_EQ(opened->session.id, "AROA1");
  EXPECT_EQ(opened->session.issued, from_epoch_ms(1));
  EXPECT_EQ(opened->session.expires, from_epoch_ms(5));
  EXPECT_EQ(opened->secret.value, key.secret.value);
  EXPECT_FALSE(theirs.open(key.session_token));

  const auto sealed = ours.seal_secret("AKIA1", "secret");
  EXPECT_EQ(ours.open_secret("AKIA1", sealed), "secret");
  EXPECT_FALSE(ours.open_secret("AKIA2", sealed));
  EXPECT_FALSE(theirs.open_secret("AKIA1", sealed));
  EXPECT_FALSE(ours.open(sealed)) << "a stored secret is no session token";
  const auto message = ours.seal_message("{}");
  EXPECT_EQ(ours.open_message(message), "{}");
  EXPECT_FALSE(theirs.open_message(message));
  EXPECT_FALSE(ours.open(message)) << "a message is no session token";
  EXPECT_FALSE(ours.open_message(key.session_token)) << "a session token is no message";
}

TEST(Sessions, OpenWithTheKeyThatSealed) {
  SeededRandom random(1);
  Sessions before(secrets_of('a'), random);
  const auto old_token = before.issue(plain_session())->credentials;
  Secrets rotated = secrets_of('a');
  rotated.session_keys.insert(rotated.session_keys.begin(),
                              {std::string(32, 'n'), from_epoch_ms(9)});
  Sessions after(rotated, random);
  EXPECT_EQ(after.open(old_token.session_token)->secret.value, old_token.secret.value);
  const auto new_token = after.issue(plain_session())->credentials;
  EXPECT_TRUE(after.open(new_token.session_token));
  EXPECT_FALSE(before.open(new_token.session_token));
}

TEST(Sessions, DoNotOpenWhenAnyBitWasChanged) {
  SeededRandom random(1);
  Sessions sessions(secrets_of('a'), random);
  Session session = plain_session();
  session.extras.tags = {{"k", "v"}};
  const auto token = *base64_decode(sessions.issue(session)->credentials.session_token);
  for (std::size_t i = 0; i < token.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = token;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      EXPECT_FALSE(sessions.open(base64_encode(changed))) << i << "." << bit;
    }
    EXPECT_FALSE(sessions.open(base64_encode(token.substr(0, i)))) << i;
  }
  EXPECT_FALSE(sessions.open(""));
  EXPECT_FALSE(sessions.open("not base64!"));
  EXPECT_FALSE(sessions.open(std::string(100'000, 'A')));
}

TEST(Sessions, HoldPoliciesAndTagsAsFarAsTheyFit) {
  SeededRandom random(1);
  Sessions sessions(secrets_of('a'), random);
  Session session = plain_session();
  session.extras.policy = R"({"Version":"2012-10-17","Statement":[]})";
  const auto small = sessions.issue(session);
  ASSERT_TRUE(small && small->packed_percent);
  EXPECT_GT(*small->packed_percent, 0);
  EXPECT_LT(*small->packed_percent, 10);

  session.extras.policy.reset();
  const auto noise = [&random] {
    std::string bytes(192, '\0');
    random.fill(std::as_writable_bytes(std::span(bytes)));
    return base64_encode(bytes);
  };
  for (int i = 0; i < 50; ++i) session.extras.tags.push_back({"k" + std::to_string(i), noise()});
  const auto large = sessions.issue(session);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().aws_type, "PackedPolicyTooLarge");
  EXPECT_TRUE(large.error().message.starts_with("Packed size of session tags consumes "));
  session.extras.policy = "{}";
  EXPECT_TRUE(sessions.issue(session).error().message.ends_with(
      "of allotted space, please use smaller policy."));
}

RC_GTEST_PROP(SessionsProperty, OpensWhatItIssued, ()) {
  SeededRandom random(3);
  Sessions sessions(secrets_of('a'), random);
  const auto text = [](const char* what) {
    return *rc::gen::container<std::string>(rc::gen::inRange(' ', '~')).as(what);
  };
  Session session = plain_session();
  session.kind = *rc::gen::element(Session::Kind::kRole, Session::Kind::kUser,
                                   Session::Kind::kFederatedUser, Session::Kind::kRoot);
  session.name = text("name");
  session.session_name = text("session name");
  session.extras.source_identity = text("source identity");
  session.extras.policy_arns = {text("arn"), text("arn")};
  session.extras.tags = {{text("key"), text("value")}};
  session.extras.transitive_tag_keys = {session.extras.tags[0].key};
  const auto issued = sessions.issue(session);
  RC_PRE(issued.has_value());
  const auto opened = sessions.open(issued->credentials.session_token);
  RC_ASSERT(opened.has_value());
  const Session& got = opened->session;
  RC_ASSERT(got.kind == session.kind);
  RC_ASSERT(got.name == session.name);
  RC_ASSERT(got.session_name == session.session_name);
  RC_ASSERT(got.extras.source_identity == session.extras.source_identity);
  RC_ASSERT(got.extras.policy_arns == session.extras.policy_arns);
  RC_ASSERT(got.extras.tags[0].key == session.extras.tags[0].key);
  RC_ASSERT(got.extras.tags[0].value == session.extras.tags[0].value);
  RC_ASSERT(got.extras.transitive_tag_keys == session.extras.transitive_tag_keys);
}

TEST(AccessKeyIds, CarryTheirAccountAsOnAws) {
  // An id that is published as an example of how AWS encodes an account.
  EXPECT_EQ(account_of_access_key_id("ASIAQNZGKIQY56JQ7WML"), "029608264753");
  SystemRandom random;
  for (const auto* account : {"000000000000", "111122223333", "999999999999"}) {
    const auto id = make_access_key_id(random, "AKIA", account);
    EXPECT_EQ(id.size(), 20u);
    EXPECT_EQ(account_of_access_key_id(id), account) << id;
  }
  EXPECT_NE(make_access_key_id(random, "AKIA", "000000000000"),
            make_access_key_id(random, "AKIA", "000000000000"));
  for (const auto* other : {"AKIAIOSFODNN7EXAMPLE", "AKIA", "AKIAq111111111111111", ""}) {
    EXPECT_FALSE(account_of_access_key_id(other)) << other;
  }
}

}  // namespace
}  // namespace stator::iam
