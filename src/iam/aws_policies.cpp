#include "iam/aws_policies.hpp"

namespace stator::iam {
namespace {

// What several documents have in common, as pieces of JSON.
#define STATOR_WRITE_LOGS R"("logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents")"

constexpr AwsPolicy kPolicies[] = {
    // Whole accounts.
    {"/", "AdministratorAccess", "Provides full access to AWS services and resources.",
     R"({"Effect":"Allow","Action":"*","Resource":"*"})"},
    {"/", "PowerUserAccess",
     "Provides full access to AWS services and resources, but does not allow management of Users "
     "and groups.",
     R"({"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"},)"
     R"({"Effect":"Allow","Action":["iam:CreateServiceLinkedRole",)"
     R"("iam:DeleteServiceLinkedRole","iam:ListRoles"],"Resource":"*"})"},
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
    {"/job-function/", "ViewOnlyAccess",
     "This policy grants permissions to view resources and basic metadata across all AWS services.",
     R"({"Effect":"Allow","Action":["cloudformation:DescribeStacks","cloudformation:List*",)"
     R"("dynamodb:DescribeBackup","dynamodb:DescribeContinuousBackups",)"
     R"("dynamodb:DescribeGlobalTable","dynamodb:DescribeGlobalTableSettings",)"
     R"("dynamodb:DescribeLimits","dynamodb:DescribeReservedCapacity","dynamodb:DescribeStream",)"
     R"("dynamodb:DescribeTable","dynamodb:DescribeTimeToLive","dynamodb:List*",)"
     R"("iam:GetAccountSummary","iam:GetLoginProfile","iam:List*",)"
     R"("lambda:List*","logs:Describe*","s3:GetBucketLocation","s3:ListAllMyBuckets",)"
     R"("s3:ListBucket*"],"Resource":"*"})"},
    {"/", "SecurityAudit",
     "The security audit template grants access to read security configuration metadata.",
     R"({"Effect":"Allow","Action":["cloudformation:Describe*","cloudformation:GetStackPolicy",)"
     R"("cloudformation:GetTemplate","cloudformation:List*","dynamodb:Describe*",)"
     R"("dynamodb:GetResourcePolicy","dynamodb:List*","iam:Generate*","iam:Get*","iam:List*",)"
     R"("iam:Simulate*","lambda:GetAccountSettings","lambda:GetFunctionConfiguration",)"
     R"("lambda:GetLayerVersionPolicy","lambda:GetPolicy","lambda:List*","logs:Describe*",)"
     R"("logs:ListTagsForResource","logs:ListTagsLogGroup","s3:GetBucket*",)"
     R"("s3:GetEncryptionConfiguration","s3:GetLifecycleConfiguration","s3:ListAllMyBuckets",)"
     R"("s3:ListBucket"],"Resource":"*"},)"
     R"({"Effect":"Allow","Action":"apigateway:GET","Resource":["arn:aws:apigateway:*::/apis",)"
     R"("arn:aws:apigateway:*::/apis/*"]})"},

    // IAM.
    {"/", "IAMFullAccess", "Provides full access to IAM via the AWS Management Console.",
     R"({"Effect":"Allow","Action":"iam:*","Resource":"*"})"},
    {"/", "IAMReadOnlyAccess", "Provides read only access to IAM via the AWS Management Console.",
     R"({"Effect":"Allow","Action":["iam:GenerateCredentialReport",)"
     R"("iam:GenerateServiceLastAccessedDetails","iam:Get*","iam:List*",)"
     R"("iam:SimulateCustomPolicy","iam:SimulatePrincipalPolicy"],"Resource":"*"})"},

    // DynamoDB.
    {"/", "AmazonDynamoDBFullAccess",
     "Provides full access to Amazon DynamoDB via the AWS Management Console.",
     R"({"Effect":"Allow","Action":["dynamodb:*","iam:GetRole","iam:ListRoles",)"
     R"("lambda:CreateEventSourceMapping","lambda:CreateFunction",)"
     R"("lambda:DeleteEventSourceMapping","lambda:DeleteFunction",)"
     R"("lambda:GetFunctionConfiguration","lambda:ListEventSourceMappings",)"
     R"("lambda:ListFunctions"],"Resource":"*"})"},
    {"/", "AmazonDynamoDBFullAccess_v2", "Provides full access to Amazon DynamoDB.",
     R"({"Effect":"Allow","Action":"dynamodb:*","Resource":"*"},)"
     R"({"Effect":"Allow","Action":"iam:GetRole","Resource":"*"})"},
    {"/", "AmazonDynamoDBReadOnlyAccess",
     "Provides read only access to Amazon DynamoDB via the AWS Management Console.",
     R"({"Effect":"Allow","Action":["dynamodb:BatchGetItem","dynamodb:Describe*",)"
     R"("dynamodb:GetItem","dynamodb:GetResourcePolicy","dynamodb:List*","dynamodb:PartiQLSelect",)"
     R"("dynamodb:Query","dynamodb:Scan","iam:GetRole","iam:ListRoles",)"
     R"("lambda:GetFunctionConfiguration","lambda:ListEventSourceMappings",)"
     R"("lambda:ListFunctions"],"Resource":"*"})"},

    // Lambda: what people may.
    {"/", "AWSLambda_FullAccess",
     "Grants full access to AWS Lambda service, AWS Lambda console features, and other related AWS "
     "services.",
     R"({"Effect":"Allow","Action":["cloudformation:DescribeStacks",)"
     R"("cloudformation:ListStackResources","iam:GetPolicy","iam:GetPolicyVersion","iam:GetRole",)"
     R"("iam:GetRolePolicy","iam:ListAttachedRolePolicies","iam:ListRolePolicies",)"
     R"("iam:ListRoles","lambda:*","logs:DescribeLogGroups"],"Resource":"*"},)"
     R"({"Effect":"Allow","Action":"iam:PassRole","Resource":"*",)"
     R"("Condition":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}},)"
     R"({"Effect":"Allow","Action":["logs:DescribeLogStreams","logs:FilterLogEvents",)"
     R"("logs:GetLogEvents"],"Resource":"arn:aws:logs:*:*:log-group:/aws/lambda/*"})"},
    {"/", "AWSLambda_ReadOnlyAccess",
     "Grants read-only access to AWS Lambda service, AWS Lambda console features, and other "
     "related "
     "AWS services.",
     R"({"Effect":"Allow","Action":["cloudformation:DescribeStacks",)"
     R"("cloudformation:ListStackResources","iam:GetPolicy","iam:GetPolicyVersion","iam:GetRole",)"
     R"("iam:GetRolePolicy","iam:ListAttachedRolePolicies","iam:ListRolePolicies",)"
     R"("iam:ListRoles","lambda:Get*","lambda:List*","logs:DescribeLogGroups"],"Resource":"*"},)"
     R"({"Effect":"Allow","Action":["logs:DescribeLogStreams","logs:FilterLogEvents",)"
     R"("logs:GetLogEvents"],"Resource":"arn:aws:logs:*:*:log-group:/aws/lambda/*"})"},
    {"/", "AWSLambdaExecute", "Provides Put, Get access to S3 and full access to CloudWatch Logs.",
     R"({"Effect":"Allow","Action":"logs:*","Resource":"arn:aws:logs:*:*:*"},)"
     R"({"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],)"
     R"("Resource":"arn:aws:s3:::*"})"},
    {"/", "AWSLambdaInvocation-DynamoDB", "Provides read access to DynamoDB Streams.",
     R"({"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*"},)"
     R"({"Effect":"Allow","Action":["dynamodb:DescribeStream","dynamodb:GetRecords",)"
     R"("dynamodb:GetShardIterator","dynamodb:ListStreams"],"Resource":"*"})"},

    // Lambda: what functions may.
    {"/service-role/", "AWSLambdaRole", "Default policy for AWS Lambda service role.",
     R"({"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*"})"},
    {"/service-role/", "AWSLambdaBasicExecutionRole",
     "Provides write permissions to CloudWatch Logs.",
     R"({"Effect":"Allow","Action":[)" STATOR_WRITE_LOGS R"(],"Resource":"*"})"},
    {"/service-role/", "AWSLambdaDynamoDBExecutionRole",
     "Provides list and read access to DynamoDB streams and write permissions to CloudWatch logs.",
     R"({"Effect":"Allow","Action":["dynamodb:DescribeStream","dynamodb:GetRecords",)"
     R"("dynamodb:GetShardIterator","dynamodb:ListStreams",)" STATOR_WRITE_LOGS
     R"(],"Resource":"*"})"},
    {"/service-role/", "AWSLambdaVPCAccessExecutionRole",
     "Provides minimum permissions for a Lambda function to execute while accessing a resource "
     "within a VPC.",
     R"({"Effect":"Allow","Action":[)" STATOR_WRITE_LOGS
     R"(,"ec2:AssignPrivateIpAddresses","ec2:CreateNetworkInterface",)"
     R"("ec2:DeleteNetworkInterface","ec2:DescribeNetworkInterfaces","ec2:DescribeSubnets",)"
     R"("ec2:UnassignPrivateIpAddresses"],"Resource":"*"})"},
    {"/service-role/", "AWSLambdaENIManagementAccess",
     "Provides minimum permissions for a Lambda function to manage ENIs used by a VPC-enabled "
     "Lambda Function.",
     R"({"Effect":"Allow","Action":["ec2:AssignPrivateIpAddresses","ec2:CreateNetworkInterface",)"
     R"("ec2:DeleteNetworkInterface","ec2:DescribeNetworkInterfaces",)"
     R"("ec2:UnassignPrivateIpAddresses"],"Resource":"*"})"},
    {"/service-role/", "AWSLambdaSQSQueueExecutionRole",
     "Provides receive message, delete message, and read attribute access to SQS queues, and write "
     "permissions to CloudWatch logs.",
     R"({"Effect":"Allow","Action":[)" STATOR_WRITE_LOGS
     R"(,"sqs:DeleteMessage","sqs:GetQueueAttributes","sqs:ReceiveMessage"],"Resource":"*"})"},
    {"/service-role/", "AWSLambdaKinesisExecutionRole",
     "Provides list and read access to Kinesis streams and write permissions to CloudWatch logs.",
     R"({"Effect":"Allow","Action":[)" STATOR_WRITE_LOGS
     R"(,"kinesis:DescribeStream","kinesis:DescribeStreamSummary","kinesis:GetRecords",)"
     R"("kinesis:GetShardIterator","kinesis:ListShards","kinesis:ListStreams",)"
     R"("kinesis:SubscribeToShard"],"Resource":"*"})"},
    {"/", "CloudWatchLambdaInsightsExecutionRolePolicy",
     "Policy required for the Lambda Insights Extension.",
     R"({"Effect":"Allow","Action":"logs:CreateLogGroup","Resource":"*"},)"
     R"({"Effect":"Allow","Action":["logs:CreateLogStream","logs:PutLogEvents"],)"
     R"("Resource":"arn:aws:logs:*:*:log-group:/aws/lambda-insights:*"})"},
    {"/", "AWSXRayDaemonWriteAccess",
     "Allow the AWS X-Ray Daemon to relay raw trace segments data to the service's API and "
     "retrieve "
     "sampling data (rules, targets, etc.) to be used by the X-Ray SDK.",
     R"({"Effect":"Allow","Action":["xray:GetSamplingRules","xray:GetSamplingStatisticSummaries",)"
     R"("xray:GetSamplingTargets","xray:PutTelemetryRecords","xray:PutTraceSegments"],)"
     R"("Resource":"*"})"},

    // API Gateway.
    {"/service-role/", "AmazonAPIGatewayPushToCloudWatchLogs",
     "Allows API Gateway to push logs to user's account.",
     R"({"Effect":"Allow","Action":[)" STATOR_WRITE_LOGS
     R"(,"logs:DescribeLogGroups","logs:DescribeLogStreams","logs:FilterLogEvents",)"
     R"("logs:GetLogEvents"],"Resource":"*"})"},
    {"/", "AmazonAPIGatewayInvokeFullAccess",
     "Provides full access to invoke APIs in Amazon API Gateway.",
     R"({"Effect":"Allow","Action":["execute-api:Invoke","execute-api:ManageConnections"],)"
     R"("Resource":"arn:aws:execute-api:*:*:*"})"},
    {"/", "AmazonAPIGatewayAdministrator",
     "Provides full access to create/edit/delete APIs in Amazon API Gateway via the AWS Management "
     "Console.",
     R"({"Effect":"Allow","Action":"apigateway:*","Resource":"arn:aws:apigateway:*::/*"})"},

    // CloudFormation, logs, S3.
    {"/", "AWSCloudFormationFullAccess", "Provides full access to AWS CloudFormation.",
     R"({"Effect":"Allow","Action":"cloudformation:*","Resource":"*"})"},
    {"/", "AWSCloudFormationReadOnlyAccess",
     "Provides access to AWS CloudFormation via the AWS Management Console.",
     R"({"Effect":"Allow","Action":["cloudformation:Describe*","cloudformation:Detect*",)"
     R"("cloudformation:EstimateTemplateCost","cloudformation:Get*","cloudformation:List*",)"
     R"("cloudformation:ValidateTemplate"],"Resource":"*"})"},
    {"/", "CloudWatchLogsFullAccess", "Provides full access to CloudWatch Logs.",
     R"({"Effect":"Allow","Action":"logs:*","Resource":"*"})"},
    {"/", "CloudWatchLogsReadOnlyAccess", "Provides read only access to CloudWatch Logs.",
     R"({"Effect":"Allow","Action":["logs:Describe*","logs:FilterLogEvents","logs:Get*",)"
     R"("logs:List*","logs:StartLiveTail","logs:StartQuery","logs:StopLiveTail",)"
     R"("logs:StopQuery","logs:TestMetricFilter"],"Resource":"*"})"},
    {"/", "AmazonS3FullAccess",
     "Provides full access to all buckets via the AWS Management Console.",
     R"({"Effect":"Allow","Action":"s3:*","Resource":"*"})"},
    {"/", "AmazonS3ReadOnlyAccess",
     "Provides read only access to all buckets via the AWS Management Console.",
     R"({"Effect":"Allow","Action":["s3:Describe*","s3:Get*","s3:List*"],"Resource":"*"})"},
};

#undef STATOR_WRITE_LOGS

}  // namespace

std::span<const AwsPolicy> aws_policies() {
  return kPolicies;
}

}  // namespace stator::iam
