#include "iam/context.hpp"

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "iam/compiled.hpp"

namespace stator::iam {
namespace {

using Kind = aws::Principal::Kind;

constexpr const char* kAbsent = "(absent)";

/// A call by one of a few callers, over HTTP.
struct World {
  aws::Call call;
  http::Request http;
  CompiledEntity entity;
  aws::Permission need{"dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:444455556666:table/items"};
  bool has_entity = false;
  int keys_made = 0;

  explicit World(Kind kind) {
    http.headers.add("user-agent", "client/1");
    http.headers.add("Referer", "http://here/");
    call.http = &http;
    call.account = "111122223333";
    call.region = "us-east-1";
    call.source_ip = "192.0.2.7";
    call.now = FakeClock().wall();
    auto& principal = call.principal;
    principal.kind = kind;
    principal.account = "111122223333";
    entity.tags = {{"Team", "blue"}, {"Cost", "7"}};
    need.keys = [this] {
      ++keys_made;
      return aws::ConditionKeys{{"dynamodb:LeadingKeys", {"a", "b"}}, {"aws:ResourceTag/x", {}}};
    };
    switch (kind) {
      case Kind::kRoot:
        principal.arn = "arn:aws:iam::111122223333:root";
        principal.user_id = "111122223333";
        break;
      case Kind::kUser:
        principal.arn = entity.arn = "arn:aws:iam::111122223333:user/team/ann";
        principal.user_id = "AIDAX";
        has_entity = true;
        break;
      case Kind::kAssumedRole:
        principal.arn = "arn:aws:sts::111122223333:assumed-role/app/s1";
        principal.user_id = "AROAX:s1";
        entity.arn = "arn:aws:iam::111122223333:role/team/app";
        has_entity = true;
        add_session();
        break;
      case Kind::kFederatedUser:
        principal.arn = "arn:aws:sts::111122223333:federated-user/fred";
        principal.user_id = "111122223333:fred";
        add_session();
        break;
      case Kind::kService:
        principal.arn = "x.amazonaws.com";
        principal.account.clear();
        call.source_arn = "arn:aws:execute-api:us-east-1:111122223333:a/b";
        call.source_account = "111122223333";
        call.http = nullptr;
        break;
      case Kind::kAnonymous:
        principal.account.clear();
        break;
    }
  }

  void add_session() {
    auto facts = std::make_shared<aws::SessionFacts>();
    facts->issued = call.now - std::chrono::hours(1);
    facts->tags = {{"team", "red"}};
    facts->source_identity = "ann";
    facts->federated_provider = "arn:aws:iam::111122223333:oidc-provider/ci";
    call.principal.session = std::move(facts);
  }

  [[nodiscard]] std::string ask(std::string_view key) const {
    const CallContext context(call, need, has_entity ? &entity : nullptr);
    const auto* found = context.find(key);
    if (found == nullptr) return kAbsent;
    std::string text;
    for (const auto& value : *found) text += (text.empty() ? "" : ",") + value;
    return text;
  }
};

struct Case {
  std::string_view key;
  std::string_view value;
};

void expect(const World& world, std::initializer_list<Case> cases) {
  for (const auto& [key, value] : cases) {
    EXPECT_EQ(world.ask(key), value) << key << " of " << world.call.principal.arn;
  }
}

TEST(CallContext, KnowsAUser) {
  const World world(Kind::kUser);
  expect(world, {{"aws:principalarn", "arn:aws:iam::111122223333:user/team/ann"},
                 {"aws:principalaccount", "111122223333"},
                 {"aws:principaltype", "User"},
                 {"aws:principaltag/team", "blue"},
                 {"aws:principaltag/cost", "7"},
                 {"aws:principaltag/none", kAbsent},
                 {"aws:userid", "AIDAX"},
                 {"aws:username", "ann"},
                 {"aws:principalisawsservice", "false"},
                 {"aws:principalservicename", kAbsent},
                 {"aws:multifactorauthpresent", kAbsent},
                 {"aws:tokenissuetime", kAbsent},
                 {"aws:sourceidentity", kAbsent},
                 {"aws:federatedprovider", kAbsent},
                 {"aws:viaawsservice", "false"},
                 {"aws:principalorgid", kAbsent}});
}

TEST(CallContext, KnowsTheRequest) {
  World world(Kind::kUser);
  expect(world, {{"aws:currenttime", "2026-01-02T03:04:05Z"},
                 {"aws:epochtime", "1767323045"},
                 {"aws:sourceip", "192.0.2.7"},
                 {"aws:securetransport", "false"},
                 {"aws:requestedregion", "us-east-1"},
                 {"aws:resourceaccount", "444455556666"},
                 {"aws:useragent", "client/1"},
                 {"aws:referer", "http://here/"},
                 {"aws:sourcearn", kAbsent},
                 {"aws:sourceaccount", kAbsent},
                 {"aws:sourcevpc", kAbsent},
                 {"dynamodb:leadingkeys", "a,b"},
                 {"aws:resourcetag/x", ""},
                 {"dynamodb:select", kAbsent}});
  world.http.is_secure = true;
  world.need.resource = "*";
  expect(world, {{"aws:securetransport", "true"}, {"aws:resourceaccount", "111122223333"}});
  // CloudFormation calls from within, on behalf of the user.
  world.call.http = nullptr;
  expect(
      world,
      {{"aws:viaawsservice", "true"}, {"aws:securetransport", "true"}, {"aws:useragent", kAbsent}});
}

TEST(CallContext, TakesWhatStaysOnTheMachineForSecure) {
  World world(Kind::kUser);
  for (const auto& [address, is_secure] : {std::pair("127.0.0.1", "true"),
                                           {"127.9.8.7", "true"},
                                           {"::1", "true"},
                                           {"::ffff:127.0.0.1", "true"},
                                           {"12.7.0.1", "false"},
                                           {"::11", "false"},
                                           {"::ffff:192.0.2.7", "false"},
                                           {"", "false"}}) {
    world.call.source_ip = address;
    expect(world, {{"aws:securetransport", is_secure}});
  }
}

TEST(CallContext, KnowsASession) {
  expect(World(Kind::kAssumedRole),
         {{"aws:principalarn", "arn:aws:iam::111122223333:role/team/app"},
          {"aws:principaltype", "AssumedRole"},
          {"aws:userid", "AROAX:s1"},
          {"aws:username", kAbsent},
          {"aws:principaltag/team", "red"},
          {"aws:principaltag/cost", "7"},
          {"aws:tokenissuetime", "2026-01-02T02:04:05Z"},
          {"aws:multifactorauthpresent", "false"},
          {"aws:sourceidentity", "ann"},
          {"aws:federatedprovider", "arn:aws:iam::111122223333:oidc-provider/ci"}});
}

TEST(CallContext, KnowsTheOthers) {
  expect(World(Kind::kRoot), {{"aws:principalarn", "arn:aws:iam::111122223333:root"},
                              {"aws:principaltype", "Account"},
                              {"aws:userid", "111122223333"},
                              {"aws:username", kAbsent},
                              {"aws:principaltag/team", kAbsent}});
  expect(World(Kind::kFederatedUser),
         {{"aws:principalarn", "arn:aws:sts::111122223333:federated-user/fred"},
          {"aws:principaltype", "FederatedUser"},
          {"aws:userid", "111122223333:fred"},
          {"aws:username", kAbsent},
          {"aws:principaltag/team", "red"}});
  expect(World(Kind::kService),
         {{"aws:principalarn", kAbsent},
          {"aws:principalaccount", kAbsent},
          {"aws:principalisawsservice", "true"},
          {"aws:principalservicename", "x.amazonaws.com"},
          {"aws:sourcearn", "arn:aws:execute-api:us-east-1:111122223333:a/b"},
          {"aws:sourceaccount", "111122223333"},
          {"aws:sourceip", kAbsent},
          {"aws:viaawsservice", "false"},
          {"aws:userid", kAbsent}});
  expect(World(Kind::kAnonymous), {{"aws:principaltype", "Anonymous"},
                                   {"aws:userid", "anonymous"},
                                   {"aws:principalarn", kAbsent},
                                   {"aws:principalaccount", kAbsent},
                                   {"aws:principalisawsservice", kAbsent},
                                   {"aws:sourceip", "192.0.2.7"}});
}

TEST(CallContext, MakesTheKeysOfTheNeedOnceAndOnlyWhenAsked) {
  World world(Kind::kUser);
  const CallContext context(world.call, world.need, &world.entity);
  EXPECT_NE(context.find("aws:sourceip"), nullptr);
  EXPECT_EQ(world.keys_made, 0);
  const auto* first = context.find("dynamodb:leadingkeys");
  EXPECT_EQ(context.find("dynamodb:select"), nullptr);
  EXPECT_EQ(world.keys_made, 1);
  // What was found stays where it is.
  for (int i = 0; i < 100; ++i) (void)context.find("x:" + std::to_string(i));
  EXPECT_EQ(context.find("dynamodb:leadingkeys"), first);
}

}  // namespace
}  // namespace stator::iam
