#include "apigateway/draft.hpp"

#include <gtest/gtest.h>

#include "apigateway/deployments.hpp"

namespace stator::apigateway {
namespace {

class DraftTest : public testing::Test {
 protected:
  Draft begin() {
    return Draft::begin(*store, random, {"123", "us-east-1"}, {{"name", "n"}, {"x", "\xc3\xa4"}});
  }
  void write(const Draft& draft) {
    storage::Batch batch;
    draft.write(batch);
    ASSERT_TRUE(store->write(std::move(batch)));
  }
  Result<Draft> reopen(const Draft& draft) {
    return Draft::open(*store, random, draft.scope(), draft.api_id());
  }

  SeededRandom random{1};
  std::unique_ptr<storage::Store> store = storage::make_memory_store();
};

TEST_F(DraftTest, WhatADeploymentFrozeIsReadAgainAsItWas) {
  Draft draft = begin();
  ASSERT_TRUE(draft.add(Kind::kIntegration, {{"integrationUri", "u"}}));
  ASSERT_TRUE(draft.add(Kind::kRoute, {{"routeKey", "GET /a"}}));
  ASSERT_TRUE(draft.add(Kind::kAuthorizer, {{"name", "a"}}));
  const auto deployment = deploy(draft, {"2026-01-01T00:00:00Z"});
  ASSERT_TRUE(deployment);
  const auto frozen = draft.snapshot();
  write(draft);

  auto again = reopen(draft);
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->is_changed());
  EXPECT_FALSE(again->has_deployable_change());
  const auto read = again->snapshot_of(id_of(Kind::kDeployment, *deployment));
  ASSERT_TRUE(read);
  EXPECT_EQ((*read)->api, frozen->api);
  EXPECT_EQ((*read)->integrations, frozen->integrations);
  EXPECT_EQ((*read)->routes, frozen->routes);
  EXPECT_EQ((*read)->authorizers, frozen->authorizers);

  ASSERT_TRUE(again->erase(Kind::kDeployment, id_of(Kind::kDeployment, *deployment)));
  write(*again);
  EXPECT_FALSE(reopen(draft)->snapshot_of(id_of(Kind::kDeployment, *deployment)));
}

TEST_F(DraftTest, KeepsTheQuotasOfAnApi) {
  struct Case {
    Kind kind;
    int count;
  };
  for (const auto& [kind, count] : {Case{Kind::kRoute, 300}, Case{Kind::kIntegration, 300},
                                    Case{Kind::kStage, 10}, Case{Kind::kAuthorizer, 10}}) {
    Draft draft = begin();
    for (int i = 0; i < count; ++i) {
      json::Object record;
      if (kind == Kind::kStage) record["stageName"] = std::to_string(i);
      ASSERT_TRUE(draft.add(kind, std::move(record))) << names(kind).spoken << i;
    }
    const auto more = draft.add(kind, {{"stageName", "more"}});
    ASSERT_FALSE(more) << names(kind).spoken;
    EXPECT_EQ(more.error().aws_type, "TooManyRequestsException");
  }
}

TEST_F(DraftTest, SaysWhatRefersToARecord) {
  Draft draft = begin();
  const std::string integration =
      id_of(Kind::kIntegration, **draft.add(Kind::kIntegration, json::Object()));
  const std::string authorizer =
      id_of(Kind::kAuthorizer, **draft.add(Kind::kAuthorizer, json::Object()));
  ASSERT_TRUE(draft.add(Kind::kRoute, {{"routeId", "r1"},
                                       {"target", "integrations/" + integration},
                                       {"authorizerId", authorizer}}));
  for (const auto& [kind, id] :
       {std::pair(Kind::kIntegration, integration), std::pair(Kind::kAuthorizer, authorizer)}) {
    const auto outcome = draft.erase(kind, id);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().aws_type, "ConflictException");
    EXPECT_NE(outcome.error().message.find("[r1]"), std::string::npos) << outcome.error().message;
  }
  ASSERT_TRUE(draft.erase(Kind::kRoute, "r1"));
  EXPECT_TRUE(draft.erase(Kind::kIntegration, integration));
  EXPECT_TRUE(draft.erase(Kind::kAuthorizer, authorizer));
}

}  // namespace
}  // namespace stator::apigateway
