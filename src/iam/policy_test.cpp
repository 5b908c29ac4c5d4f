#include "iam/policy.hpp"

#include <gtest/gtest.h>

namespace stator::iam {
namespace {

std::string one(std::string_view statement) {
  return R"({"Version":"2012-10-17","Statement":[)" + std::string(statement) + "]}";
}

struct Fault {
  PolicyKind kind;
  std::string document;
  std::string message;  ///< what the error's message begins with
};

constexpr auto kInline = PolicyKind::kInline;
constexpr auto kManaged = PolicyKind::kManaged;
constexpr auto kTrust = PolicyKind::kTrust;
constexpr auto kResource = PolicyKind::kResource;

void expect_faults(const std::vector<Fault>& faults) {
  for (const auto& fault : faults) {
    const auto policy = Policy::parse(fault.document, fault.kind);
    ASSERT_FALSE(policy) << fault.document;
    EXPECT_EQ(policy.error().code, ErrorCode::kInvalid) << fault.document;
    EXPECT_EQ(policy.error().aws_type, "MalformedPolicyDocument") << fault.document;
    EXPECT_TRUE(policy.error().message.starts_with(fault.message)) << fault.document << "\n"
                                                                   << policy.error().message;
  }
}

TEST(Policy, RefusesWhatIsNotADocument) {
  const std::string syntax = "Syntax errors in policy.";
  const std::string json = "This policy contains invalid Json";
  expect_faults({
      {kInline, "", json},
      {kInline, "{", json},
      {kInline, "[]", json},
      {kInline, "\"text\"", json},
      {kInline, R"({"Version":"2012-10-17"} trailing)", json},
      {kInline, std::string(64, '['), json},
      {kInline, std::string(Policy::kBytesMax + 1, ' '), "This policy is longer"},
      {kInline, "{}", syntax},
      {kInline, R"({"Version":"2012-10-17"})", syntax},
      {kInline, R"({"Version":"2012-10-17","Statement":[]})", syntax},
      {kInline, R"({"Version":"2012-10-17","Statement":null})", syntax},
      {kInline, R"({"Version":"2012-10-17","Statement":["x"]})", syntax},
      {kInline, R"({"Version":"2020-01-01","Statement":[]})", syntax},
      {kInline, R"({"Version":2012,"Statement":[]})", syntax},
      {kInline, R"({"Version":"2012-10-17","Statement":[],"Extra":1})", syntax},
      {kInline, R"({"Id":7,"Version":"2012-10-17","Statement":[]})", syntax},
      {kManaged, R"({"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})",
       "Policy document must be version 2012-10-17 or greater."},
      {kManaged,
       R"({"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})",
       "Policy document must be version 2012-10-17 or greater."},
  });
}

TEST(Policy, RefusesFaultyStatements) {
  const std::string syntax = "Syntax errors in policy.";
  const std::string actions = "Policy statement must contain actions.";
  const std::string resources = "Policy statement must contain resources.";
  expect_faults({
      {kInline, one(R"({"Action":"s3:*","Resource":"*"})"), syntax},
      {kInline, one(R"({"Effect":"allow","Action":"s3:*","Resource":"*"})"), syntax},
      {kInline, one(R"({"Effect":"Allow","Resource":"*"})"), actions},
      {kInline, one(R"({"Effect":"Allow","Action":[],"Resource":"*"})"), actions},
      {kInline, one(R"({"Effect":"Allow","Action":7,"Resource":"*"})"), syntax},
      {kInline, one(R"({"Effect":"Allow","Action":["s3:*",7],"Resource":"*"})"), syntax},
      {kInline, one(R"({"Effect":"Allow","Action":"s3:*"})"), resources},
      {kInline, one(R"({"Effect":"Allow","Action":"s3:*","Resource":[]})"), resources},
      {kInline, one(R"({"Effect":"Allow","Action":"s3:*","Resource":{}})"), syntax},
      {kInline, one(R"({"Effect":"Allow","Action":"s3:*","NotAction":"s3:*","Resource":"*"})"),
       syntax},
      {kInline, one(R"({"Effect":"Allow","Action":"s3:*","NotResource":"*","Resource":"*"})"),
       syntax},
      {kInline, one(R"({"Effect":"Allow","Action":"s3:*","Resource":"*","Extra":1})"), syntax},
      {kInline, one(R"({"Effect":"Allow","Action":"s3:*","Resource":"*","Sid":7})"), syntax},
      {kInline, one(R"({"Effect":"Allow","Action":"s3:*","Resource":"*","Sid":"a b"})"),
       "Statement IDs (SID) must be alpha-numeric."},
      {kInline,
       one(R"({"Sid":"A","Effect":"Allow","Action":"s3:*","Resource":"*"},)"
           R"({"Sid":"A","Effect":"Deny","Action":"s3:*","Resource":"*"})"),
       "Statement IDs (SID) in a single policy must be unique."},
      {kInline, one(R"({"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*"})"),
       "Policy document should not specify a principal."},
      {kInline, one(R"({"Effect":"Allow","Action":"GetItem","Resource":"*"})"),
       "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."},
      {kInline, one(R"({"Effect":"Allow","Action":"","Resource":"*"})"),
       "Actions/Conditions must be prefaced by a vendor"},
      {kInline, one(R"({"Effect":"Allow","Action":"a:b:c","Resource":"*"})"),
       "Actions/Condition can contain only one colon."},
      {kInline, one(R"({"Effect":"Allow","Action":"s*:Get","Resource":"*"})"),
       "Vendor s* is not valid"},
      {kInline, one(R"({"Effect":"Allow","Action":"s3:","Resource":"*"})"),
       "The policy failed legacy parsing"},
      {kInline, one(R"({"Effect":"Allow","Action":"s3:*","Resource":"table"})"),
       "Resource table must be in ARN format or \"*\"."},
      {kInline, one(R"({"Effect":"Allow","Action":"s3:*","Resource":""})"),
       "Resource  must be in ARN format or \"*\"."},
      {kInline, one(R"({"Effect":"Allow","Action":"s3:*","Resource":"arn:aws"})"),
       "Resource arn:aws must be in ARN format or \"*\"."},
      {kInline, one(R"({"Effect":"Allow","Action":"s3:*","Resource":"arn:x:s3:::b"})"),
       "Partition \"x\" is not valid for resource \"arn:x:s3:::b\"."},
      {kInline, one(R"({"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s*:::b"})"),
       "Resource vendor must be fully qualified and cannot contain regexes."},
      {kInline, one(R"({"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":[]})"), syntax},
      {kInline,
       one(R"({"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Equals":{}}})"),
       syntax},
      {kInline,
       one(R"({"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":"x"}})"),
       syntax},
      {kInline,
       one(R"({"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"x":"y"}}})"),
       syntax},
      {kInline,
       one(R"({"Effect":"Allow","Action":"s3:*","Resource":"*",)"
           R"("Condition":{"NullIfExists":{"aws:x":"true"}}})"),
       syntax},
      {kInline,
       one(R"({"Effect":"Allow","Action":"s3:*","Resource":"*",)"
           R"("Condition":{"Bool":{"aws:x":{}}}})"),
       syntax},
  });
}

TEST(Policy, RefusesFaultyTrust) {
  const auto with = [](std::string_view principal) {
    return one(R"({"Effect":"Allow","Action":"sts:AssumeRole","Principal":)" +
               std::string(principal) + "}");
  };
  expect_faults({
      {kTrust, one(R"({"Effect":"Allow","Action":"sts:AssumeRole"})"),
       "Missing required field Principal"},
      {kTrust,
       one(R"({"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Resource":"*"})"),
       "Has prohibited field Resource"},
      {kTrust, one(R"({"Effect":"Allow","Action":"s3:GetObject","Principal":"*"})"),
       "AssumeRole policy may only specify STS AssumeRole actions."},
      {kTrust, one(R"({"Effect":"Allow","Action":"*","Principal":"*"})"),
       "Actions/Conditions must be prefaced by a vendor"},
      {kTrust, one(R"({"Effect":"Allow","Action":"sts:AssumeRole","NotPrincipal":"*"})"),
       "Allow with NotPrincipal is not supported."},
      {kTrust, with("\"x\""), "Invalid principal in policy."},
      {kTrust, with("7"), "Invalid principal in policy."},
      {kTrust, with("{}"), "Missing required field Principal"},
      {kTrust, with(R"({"AWS":[]})"), "Missing required field Principal"},
      {kTrust, with(R"({"AWS":7})"), "Invalid principal in policy."},
      {kTrust, with(R"({"AWS":"123"})"), "Invalid principal in policy: \"AWS\":\"123\""},
      {kTrust, with(R"({"AWS":"arn:aws:iam::1:user/a"})"), "Invalid principal in policy: \"AWS\""},
      {kTrust, with(R"({"AWS":"arn:aws:iam::111122223333:user/*"})"), "Invalid principal"},
      {kTrust, with(R"({"AWS":"arn:aws:iam::111122223333:group/g"})"), "Invalid principal"},
      {kTrust, with(R"({"AWS":"arn:aws:s3:::bucket"})"), "Invalid principal"},
      {kTrust, with(R"({"Service":"lambda"})"), "Invalid principal"},
      {kTrust, with(R"({"Service":""})"), "Invalid principal"},
      {kTrust, with(R"({"Robot":"x"})"), "Unsupported principal type in policy: \"Robot\""},
      {kResource, one(R"({"Effect":"Allow","Action":"s3:*","Principal":"*"})"),
       "Policy statement must contain resources."},
  });
}

TEST(Policy, ReadsEveryForm) {
  for (const auto& [kind, document] : std::vector<std::pair<PolicyKind, std::string>>{
           {kInline, R"({"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})"},
           {kInline, R"({"Id":"x","Version":"2008-10-17","Statement":)"
                     R"({"Effect":"Deny","NotAction":["s3:Get*","s3:List?x"],)"
                     R"("NotResource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}})"},
           {kManaged,
            one(R"({"Sid":"","Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3"})")},
           {kManaged, one(R"({"Sid":"","Effect":"Allow","Action":"s3:*","Resource":"*"},)"
                          R"({"Sid":"","Effect":"Deny","Action":"s3:*","Resource":"*"})")},
           {kInline, one(R"({"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":)"
                         R"({"ForAnyValue:StringLikeIfExists":{"aws:x":["a","b"]},)"
                         R"("bool":{"aws:y":true},"NumericEquals":{"aws:z":7}}})")},
           {kTrust,
            one(R"({"Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession"],)"
                R"("Principal":{"Service":["lambda.amazonaws.com"],"AWS":"111122223333"}})")},
           {kTrust, one(R"({"Effect":"Deny","Action":"sts:*","NotPrincipal":)"
                        R"({"AWS":"arn:aws:iam::111122223333:root"}})")},
           {kResource, one(R"({"Sid":"a b","Effect":"Allow","Action":"s3:*","Resource":"*",)"
                           R"("Principal":{"CanonicalUser":"x","Federated":"y"}})")}}) {
    const auto policy = Policy::parse(document, kind);
    EXPECT_TRUE(policy) << document << "\n" << (policy ? "" : policy.error().message);
  }
}

TEST(Policy, CountsItsSizeWithoutWhiteSpace) {
  EXPECT_EQ(policy_size(" { \"a b\" :\n\t1 }\r\n"), 8u);
}

}  // namespace
}  // namespace stator::iam
