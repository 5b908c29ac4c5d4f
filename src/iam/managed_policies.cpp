#include "iam/managed_policies.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "crypto/crypto.hpp"

namespace stator::iam {
namespace {

struct Source {
  std::string_view path;
  std::string_view name;
  std::string_view description;
  std::string_view statement;
};

constexpr Source kSources[] = {
    {"/", "AdministratorAccess", "Provides full access to AWS services and resources.",
     R"({"Effect":"Allow","Action":"*","Resource":"*"})"},
    {"/", "ReadOnlyAccess", "Provides read-only access to AWS services and resources.",
     R"({"Effect":"Allow","Action":["apigateway:GET","cloudformation:Describe*",)"
     R"("cloudformation:Detect*","cloudformation:EstimateTemplateCost","cloudformation:Get*",)"
     R"("cloudformation:List*","cloudformation:ValidateTemplate","dynamodb:BatchGet*",)"
     R"("dynamodb:Describe*","dynamodb:Get*","dynamodb:List*","dynamodb:PartiQLSelect",)"
     R"("dynamodb:Query","dynamodb:Scan","iam:Generate*","iam:Get*","iam:List*","iam:Simulate*",)"
     R"("lambda:Get*","lambda:List*","logs:Describe*","logs:FilterLogEvents","logs:Get*",)"
     R"("logs:List*","logs:StartQuery","logs:StopQuery","logs:TestMetricFilter","s3:Get*",)"
     R"("s3:List*","sts:GetAccessKeyInfo","sts:GetCallerIdentity","sts:GetSessionToken"],)"
     R"("Resource":"*"})"},
    {"/", "AmazonDynamoDBFullAccess",
     "Provides full access to Amazon DynamoDB via the AWS Management Console.",
     R"({"Effect":"Allow","Action":["dynamodb:*","iam:GetRole","iam:ListRoles",)"
     R"("lambda:CreateEventSourceMapping","lambda:CreateFunction",)"
     R"("lambda:DeleteEventSourceMapping","lambda:DeleteFunction",)"
     R"("lambda:GetFunctionConfiguration","lambda:ListEventSourceMappings",)"
     R"("lambda:ListFunctions"],"Resource":"*"})"},
    {"/", "AmazonDynamoDBReadOnlyAccess",
     "Provides read only access to Amazon DynamoDB via the AWS Management Console.",
     R"({"Effect":"Allow","Action":["dynamodb:BatchGetItem","dynamodb:Describe*",)"
     R"("dynamodb:GetItem","dynamodb:GetResourcePolicy","dynamodb:List*","dynamodb:PartiQLSelect",)"
     R"("dynamodb:Query","dynamodb:Scan","iam:GetRole","iam:ListRoles",)"
     R"("lambda:GetFunctionConfiguration","lambda:ListEventSourceMappings",)"
     R"("lambda:ListFunctions"],"Resource":"*"})"},
    {"/service-role/", "AWSLambdaBasicExecutionRole",
     "Provides write permissions to CloudWatch Logs.",
     R"({"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream",)"
     R"("logs:PutLogEvents"],"Resource":"*"})"},
    {"/service-role/", "AWSLambdaDynamoDBExecutionRole",
     "Provides list and read access to DynamoDB streams and write permissions to CloudWatch logs.",
     R"({"Effect":"Allow","Action":["dynamodb:DescribeStream","dynamodb:GetRecords",)"
     R"("dynamodb:GetShardIterator","dynamodb:ListStreams","logs:CreateLogGroup",)"
     R"("logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"})"},
};

/// 2015-02-06T18:39:46Z, the day on which AWS published the oldest of them.
constexpr std::int64_t kPublishedMs = 1'423'247'986'000;

ManagedPolicy make(const Source& source) {
  ManagedPolicy policy;
  policy.path = source.path;
  policy.name = source.name;
  policy.description = source.description;
  // The same in every installation, as AWS's are in every account.
  policy.id = "ANPA";
  const std::string digest = crypto::sha256(source.name);
  for (std::size_t i = 0; i < 17; ++i) {
    policy.id += kBase32[static_cast<unsigned char>(digest[i]) % kBase32.size()];
  }
  policy.created = policy.updated = from_epoch_ms(kPublishedMs);
  policy.versions.push_back(
      {"v1", R"({"Version":"2012-10-17","Statement":[)" + std::string(source.statement) + "]}",
       policy.created});
  return policy;
}

std::vector<ManagedPolicy> make_all() {
  std::vector<ManagedPolicy> policies;
  for (const auto& source : kSources) policies.push_back(make(source));
  return policies;
}

}  // namespace

const std::vector<ManagedPolicy>& aws_managed_policies() {
  static const std::vector<ManagedPolicy> kPolicies = make_all();
  return kPolicies;
}

Result<std::optional<ManagedPolicy>> find_managed_policy(const Records& records,
                                                         std::string_view account,
                                                         std::string_view arn) {
  if (!arn.starts_with("arn:aws:iam::aws:")) return records.find_policy_by_arn(account, arn);
  const auto& policies = aws_managed_policies();
  const auto found = std::find_if(
      policies.begin(), policies.end(),
      [&](const ManagedPolicy& policy) { return policy_arn(kAwsAccount, policy) == arn; });
  if (found == policies.end()) return std::optional<ManagedPolicy>();
  return std::optional(*found);
}

}  // namespace stator::iam
