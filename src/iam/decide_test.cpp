#include "iam/decide.hpp"

#include <gtest/gtest.h>

#include <map>

namespace stator::iam {
namespace {

using enum Decision;
using enum PolicyType;

/// One request: dynamodb:GetItem on a table, by one of a few callers.
struct Case {
  char caller;  ///< u user, s session, f federated user, r root, x service, n nobody
  std::string_view identity, boundary, session, resource;  ///< words of kPolicies; "" for none
  Decision decision;
  PolicyType type;
};

std::string statement(std::string_view effect, std::string_view principal,
                      std::string_view action = "dynamodb:*") {
  std::string text = R"({"Effect":")" + std::string(effect) + R"(","Action":")" +
                     std::string(action) + R"(","Resource":"*")";
  if (!principal.empty()) text += "," + std::string(principal);
  return text + "}";
}

std::string principal(std::string_view value) {
  return R"("Principal":{"AWS":")" + std::string(value) + "\"}";
}

constexpr std::string_view kUserArn = "arn:aws:iam::111122223333:user/ann";
constexpr std::string_view kRoleArn = "arn:aws:iam::111122223333:role/team/app";
constexpr std::string_view kSessionArn = "arn:aws:sts::111122223333:assumed-role/app/s1";
constexpr std::string_view kFederatedArn = "arn:aws:sts::111122223333:federated-user/fred";

/// The statements that a word of a case stands for.
std::string statements_of(std::string_view word, bool is_resource) {
  const auto effect = [](bool is_allow) { return is_allow ? "Allow" : "Deny"; };
  if (!is_resource) {
    if (word == "other") return statement("Allow", "", "s3:*");
    if (word == "both") return statement("Allow", "") + "," + statement("Deny", "");
    return statement(effect(word == "allow"), "");
  }
  const std::map<std::string_view, std::string> principals{
      {"user", principal(kUserArn)},
      {"role", principal(kRoleArn)},
      {"session", principal(kSessionArn)},
      {"federated", principal(kFederatedArn)},
      {"account", principal("111122223333")},
      {"elsewhere", principal("222233334444")},
      {"anyone", R"("Principal":"*")"},
      {"service", R"("Principal":{"Service":"x.amazonaws.com"})"}};
  const bool is_deny = word.starts_with("!");
  return statement(effect(!is_deny), principals.at(is_deny ? word.substr(1) : word));
}

std::vector<NamedPolicy> policies_of(std::string_view word) {
  if (word.empty()) return {};
  auto policy =
      Policy::parse(R"({"Version":"2012-10-17","Statement":[)" + statements_of(word, false) + "]}",
                    PolicyKind::kInline);
  EXPECT_TRUE(policy) << word;
  std::vector<NamedPolicy> policies;
  policies.push_back({"p", *std::move(policy)});
  return policies;
}

Caller caller_of(char letter, bool has_boundary) {
  Caller caller{.account = "111122223333", .arn = kUserArn, .role_arn = {}, .service = {}};
  if (letter == 's') caller.arn = kSessionArn, caller.role_arn = kRoleArn;
  if (letter == 'f') caller.arn = kFederatedArn, caller.role_arn = kUserArn;
  if (letter == 'r') caller.arn = "arn:aws:iam::111122223333:root";
  if (letter == 'x' || letter == 'n') caller = {};
  if (letter == 'x') caller.service = "x.amazonaws.com";
  caller.has_boundary = has_boundary;
  return caller;
}

Outcome outcome_of(const Case& c, bool is_foreign) {
  static constexpr std::string_view kTable = "arn:aws:dynamodb:us-east-1:111122223333:table/items";
  const auto identity = policies_of(c.identity);
  // "-" is a limit that is there and empty.
  const auto boundary = policies_of(c.boundary == "-" ? "" : c.boundary);
  const auto session = policies_of(c.session == "-" ? "" : c.session);
  std::optional<Policy> resource;
  if (!c.resource.empty()) {
    std::string statements;
    for (std::string_view rest = c.resource; !rest.empty();) {
      const auto comma = rest.find(',');
      statements += (statements.empty() ? "" : ",") + statements_of(rest.substr(0, comma), true);
      rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
    }
    auto policy = Policy::parse(R"({"Version":"2012-10-17","Statement":[)" + statements + "]}",
                                PolicyKind::kResource);
    EXPECT_TRUE(policy) << statements;
    resource = *std::move(policy);
  }
  const Voices voices{.caller = caller_of(c.caller, !c.boundary.empty()),
                      .identity = identity,
                      .boundary = c.boundary.empty() ? nullptr : &boundary,
                      .session = c.session.empty() ? nullptr : &session,
                      .resource = resource ? &*resource : nullptr,
                      .is_root = c.caller == 'r',
                      .is_service = c.caller == 'x' || c.caller == 'n',
                      .is_foreign = is_foreign};
  auto outcome = decide(voices, Access("dynamodb:GetItem", kTable), GivenContext());
  // Its statements go with the policies here.
  outcome.verdict = {};
  return outcome;
}

void expect(const std::vector<Case>& cases, bool is_foreign = false) {
  for (const auto& c : cases) {
    const auto outcome = outcome_of(c, is_foreign);
    const auto shown = std::string(1, c.caller) + " identity=" + std::string(c.identity) +
                       " boundary=" + std::string(c.boundary) +
                       " session=" + std::string(c.session) +
                       " resource=" + std::string(c.resource);
    EXPECT_EQ(static_cast<int>(outcome.decision), static_cast<int>(c.decision)) << shown;
    EXPECT_EQ(words_of(outcome.type), words_of(c.type)) << shown;
  }
}

TEST(Decide, IdentityPoliciesWithinTheirLimits) {
  expect({
      {'u', "", "", "", "", kImplicitDeny, kIdentity},
      {'u', "other", "", "", "", kImplicitDeny, kIdentity},
      {'u', "allow", "", "", "", kAllow, kIdentity},
      {'u', "deny", "", "", "", kExplicitDeny, kIdentity},
      {'u', "both", "", "", "", kExplicitDeny, kIdentity},
      {'u', "allow", "allow", "", "", kAllow, kIdentity},
      {'u', "allow", "other", "", "", kImplicitDeny, kBoundary},
      {'u', "allow", "-", "", "", kImplicitDeny, kBoundary},
      {'u', "allow", "deny", "", "", kExplicitDeny, kBoundary},
      {'u', "", "allow", "", "", kImplicitDeny, kIdentity},
      {'u', "", "deny", "", "", kExplicitDeny, kBoundary},
      {'u', "deny", "deny", "", "", kExplicitDeny, kIdentity},
      {'s', "allow", "", "allow", "", kAllow, kIdentity},
      {'s', "allow", "", "other", "", kImplicitDeny, kSession},
      {'s', "allow", "", "-", "", kImplicitDeny, kSession},
      {'s', "allow", "", "deny", "", kExplicitDeny, kSession},
      {'s', "", "", "allow", "", kImplicitDeny, kIdentity},
      {'s', "allow", "other", "other", "", kImplicitDeny, kBoundary},
      {'s', "allow", "other", "deny", "", kExplicitDeny, kSession},
      {'s', "allow", "allow", "allow", "", kAllow, kIdentity},
      {'f', "allow", "", "allow", "", kAllow, kIdentity},
      {'f', "allow", "", "-", "", kImplicitDeny, kSession},
      {'f', "other", "", "allow", "", kImplicitDeny, kIdentity},
      {'r', "", "", "", "", kAllow, kIdentity},
      {'x', "", "", "", "", kImplicitDeny, kResource},
      {'n', "", "", "", "", kImplicitDeny, kResource},
  });
}

/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
TEST(Decide, ResourcePoliciesByWhomTheyName) {
  expect({
      // A user's own ARN: nothing that is merely silent limits it.
      {'u', "", "", "", "user", kAllow, kResource},
      {'u', "other", "other", "", "user", kAllow, kResource},
      {'u', "", "-", "", "user", kAllow, kResource},
      {'u', "deny", "", "", "user", kExplicitDeny, kIdentity},
      {'u', "", "deny", "", "user", kExplicitDeny, kBoundary},
      {'u', "", "", "", "role", kImplicitDeny, kIdentity},
      {'u', "allow", "", "", "role", kAllow, kIdentity},
      // A session's own ARN likewise, also when its session policy is silent.
      {'s', "", "", "", "session", kAllow, kResource},
      {'s', "", "other", "other", "session", kAllow, kResource},
      {'s', "", "", "-", "session", kAllow, kResource},
      {'s', "", "", "deny", "session", kExplicitDeny, kSession},
      {'s', "deny", "", "", "session", kExplicitDeny, kIdentity},
      // The role's ARN: its identity policies need not allow, its limits must.
      {'s', "", "", "", "role", kAllow, kResource},
      {'s', "", "allow", "allow", "role", kAllow, kResource},
      {'s', "", "other", "", "role", kImplicitDeny, kBoundary},
      {'s', "", "", "other", "role", kImplicitDeny, kSession},
      {'s', "allow", "other", "", "role", kImplicitDeny, kBoundary},
      {'s', "deny", "", "", "role", kExplicitDeny, kIdentity},
      {'s', "", "other", "", "role,session", kAllow, kResource},
      // A federated user and the user behind it.
      {'f', "", "", "-", "federated", kAllow, kResource},
      {'f', "", "", "-", "user", kImplicitDeny, kSession},
      {'f', "", "", "allow", "user", kAllow, kResource},
      {'f', "", "", "allow", "session", kImplicitDeny, kIdentity},
      // The account: it decides by its own policies.
      {'u', "", "", "", "account", kImplicitDeny, kIdentity},
      {'u', "allow", "", "", "account", kAllow, kIdentity},
      {'u', "allow", "other", "", "account", kImplicitDeny, kBoundary},
      {'s', "", "", "", "account", kImplicitDeny, kIdentity},
      {'u', "", "", "", "elsewhere", kImplicitDeny, kIdentity},
      // Everyone.
      {'u', "", "other", "", "anyone", kAllow, kResource},
      {'s', "", "other", "other", "anyone", kAllow, kResource},
      {'x', "", "", "", "anyone", kAllow, kResource},
      {'n', "", "", "", "anyone", kAllow, kResource},
      {'n', "", "", "", "account", kImplicitDeny, kResource},
      {'n', "", "", "", "user", kImplicitDeny, kResource},
      // Services have nobody else's word.
      {'x', "", "", "", "service", kAllow, kResource},
      {'x', "", "", "", "account", kImplicitDeny, kResource},
      {'u', "", "", "", "service", kImplicitDeny, kIdentity},
  });
}

TEST(Decide, DenialsOfTheResource) {
  expect({
      {'u', "allow", "", "", "!user", kExplicitDeny, kResource},
      {'u', "allow", "", "", "!account", kExplicitDeny, kResource},
      {'u', "allow", "", "", "!anyone", kExplicitDeny, kResource},
      {'u', "allow", "", "", "!elsewhere", kAllow, kIdentity},
      {'u', "allow", "", "", "!role", kAllow, kIdentity},
      {'s', "allow", "", "", "!role", kExplicitDeny, kResource},
      {'s', "allow", "", "", "!session", kExplicitDeny, kResource},
      {'s', "", "", "", "session,!role", kExplicitDeny, kResource},
      {'f', "allow", "", "allow", "!user", kExplicitDeny, kResource},
      {'u', "", "", "", "user,!user", kExplicitDeny, kResource},
      {'u', "deny", "", "", "!user", kExplicitDeny, kResource},
      {'r', "", "", "", "!account", kExplicitDeny, kResource},
      {'r', "", "", "", "!anyone", kExplicitDeny, kResource},
      {'r', "", "", "", "!user", kAllow, kIdentity},
      {'x', "", "", "", "service,!anyone", kExplicitDeny, kResource},
      {'x', "", "", "", "service,!account", kAllow, kResource},
      {'n', "", "", "", "anyone,!account", kAllow, kResource},
  });
}

/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
TEST(Decide, BothSidesAcrossAccounts) {
  expect(
      {
          {'u', "allow", "", "", "", kImplicitDeny, kResource},
          {'u', "allow", "", "", "user", kAllow, kIdentity},
          {'u', "allow", "", "", "account", kAllow, kIdentity},
          {'u', "allow", "", "", "anyone", kAllow, kIdentity},
          {'u', "allow", "", "", "elsewhere", kImplicitDeny, kResource},
          {'u', "", "", "", "user", kImplicitDeny, kIdentity},
          {'u', "", "", "", "anyone", kImplicitDeny, kIdentity},
          {'u', "allow", "other", "", "user", kImplicitDeny, kBoundary},
          {'s', "allow", "", "other", "session", kImplicitDeny, kSession},
          {'s', "", "", "", "session", kImplicitDeny, kIdentity},
          {'s', "", "", "", "role", kImplicitDeny, kIdentity},
          {'s', "allow", "", "", "role", kAllow, kIdentity},
          {'u', "allow", "", "", "user,!account", kExplicitDeny, kResource},
          {'r', "", "", "", "", kImplicitDeny, kResource},
          {'r', "", "", "", "account", kAllow, kResource},
          {'r', "", "", "", "anyone", kAllow, kResource},
          {'x', "", "", "", "service", kAllow, kResource},
          {'n', "", "", "", "anyone", kAllow, kResource},
      },
      true);
}

TEST(Decide, NotPrincipalSparesWhoeverIsListedWhole) {
  struct Spared {
    char caller;
    bool has_boundary;
    std::string_view listed;
    bool is_spared;
  };
  const auto account = R"("111122223333")";
  const auto list = [&](std::initializer_list<std::string_view> arns) {
    std::string text = account;
    for (const auto arn : arns) text += ",\"" + std::string(arn) + "\"";
    return R"({"AWS":[)" + text + "]}";
  };
  const auto one = [](std::string_view arn) { return R"({"AWS":")" + std::string(arn) + "\"}"; };
  const std::string user = list({kUserArn}), session = list({kRoleArn, kSessionArn}),
                    role = list({kRoleArn});
  const std::string only_user = one(kUserArn), only_session = one(kSessionArn), nobody = list({});
  const std::string federated = list({kUserArn, kFederatedArn});
  for (const auto& [letter, has_boundary, listed, is_spared] : std::initializer_list<Spared>{
           {'u', false, user, true},
           {'u', false, only_user, false},
           {'u', false, nobody, false},
           {'u', true, user, false},
           {'u', false, session, false},
           {'s', false, session, true},
           {'s', false, role, false},
           {'s', false, only_session, false},
           {'s', true, session, false},
           {'f', false, federated, true},
           {'f', false, user, false},
           {'r', false, nobody, true},
           {'r', false, only_user, false},
           {'x', false, R"({"Service":"x.amazonaws.com"})", true},
           {'x', false, R"({"Service":"y.amazonaws.com"})", false},
           {'x', false, user, false},
           {'n', false, user, false},
           {'n', false, R"("*")", true},
           {'u', false, R"("*")", true},
       }) {
    const auto policy = Policy::parse(
        R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*",)"
        R"("NotPrincipal":)" +
            std::string(listed) + "}}",
        PolicyKind::kResource);
    ASSERT_TRUE(policy) << listed;
    const auto verdict =
        evaluate_resource_policy(*policy, caller_of(letter, has_boundary),
                                 Access("s3:GetObject", "arn:aws:s3:::b/k"), GivenContext());
    EXPECT_EQ(verdict.grant != Grant::kDenied, is_spared) << letter << " " << listed;
  }
}

TEST(Decide, KnowsTheStatementThatDecided) {
  const auto allow = policies_of("both");
  Voices voices{.caller = caller_of('u', false), .identity = allow};
  const Access access("dynamodb:GetItem", "*");
  EXPECT_EQ(decide(voices, access, GivenContext()).verdict.statement,
            &allow[0].policy.statements()[1]);
  EXPECT_EQ(decide(voices, access, GivenContext()).verdict.policy, &allow[0]);
  const auto resource = Policy::parse(
      R"({"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"},)"
      R"({"Effect":"Deny","Action":"*","Resource":"*","Principal":"*"}]})",
      PolicyKind::kResource);
  ASSERT_TRUE(resource);
  voices.resource = &*resource;
  EXPECT_EQ(decide(voices, access, GivenContext()).verdict.statement, &resource->statements()[1]);
}

}  // namespace
}  // namespace stator::iam
