#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "apigateway/service.hpp"
#include "base/ids.hpp"
#include "cloudformation/stacks.hpp"
#include "dynamodb/recovery/recovery.hpp"
#include "dynamodb/recovery/test_artifacts.hpp"
#include "ecr/service.hpp"
#include "lambda/sources/event_sources.hpp"
#include "logs/service.hpp"
#include "s3/service.hpp"
#include "server/adapters/adapters.hpp"
#include "server/adapters/event_sources.hpp"
#include "server/adapters/parameter_sealer.hpp"
#include "ssm/service.hpp"

/// Every operation of every service asks for what the Service Authorization Reference says:
/// https://docs.aws.amazon.com/service-authorization/latest/reference/
namespace stator::server {
namespace {

/// Writes down what was asked and grants nothing, so that no operation does anything.
class RecordingAuthorizer final : public aws::Authorizer {
 public:
  Result<void> authorize(const aws::Call&, std::span<const aws::Permission> needs) override {
    asked.assign(needs.begin(), needs.end());
    is_asked = true;
    return Error{ErrorCode::kAccessDenied, "no", "AccessDeniedException"};
  }
  aws::Needs asked;
  bool is_asked = false;
};

class NoLauncher final : public sandbox::Launcher {
 public:
  sandbox::Capabilities capabilities() const override { return {}; }
  Result<std::unique_ptr<sandbox::Sandbox>> start(const sandbox::Spec&, OnExit) override {
    return unavailable("nothing is launched here");
  }
};

/// All services, over stores that go with it.
struct Services {
  Services() {
    all.push_back(dynamodb::make_service(tables, recovery));
    all.push_back(dynamodb::make_streams_service(tables));
    all.push_back(lambda::make_service(functions, event_sources));
    all.push_back(apigateway::make_service(apis, &domains));
    apigateway::add_domain_operations(all.back(), domains);
    all.push_back(cloudformation::make_service(stacks));
    all.push_back(iam::make_iam_service(identity));
    all.push_back(iam::make_sts_service(identity));
    all.push_back(logs::make_service(log_store));
    all.push_back(s3::make_service(objects));
    all.push_back(ssm::make_service(parameters));
    all.push_back(ecr::make_service(repositories));
  }
  ~Services() {
    workers.stop();
    std::filesystem::remove_all(directory);
  }
  Services(const Services&) = delete;

  SystemClock clock;
  SystemRandom random;
  std::filesystem::path directory = std::filesystem::temp_directory_path() /
                                    ("stator-operations-" + random_text(random, kLowerAlnum, 12));
  log::Logger logger{clock, log::Level::kError, [](std::string_view) {}};
  std::unique_ptr<storage::Store> store = storage::make_memory_store();
  WorkerPool workers{1, 16};
  TimerThread timers;
  NoLauncher launcher;
  iam::Identity identity{{*store, clock, random}};
  storage::BlobStore blobs{directory / "blobs"};
  s3::Objects objects{*store, blobs, workers};
  logs::LogStore log_store{*store, clock};
  ParameterSealer parameter_sealer{identity};
  ssm::Parameters parameters{*store, parameter_sealer};
  ecr::Repositories repositories{*store};
  dynamodb::Tables tables{*store, clock, random};
  dynamodb::recovery::MemoryArtifacts artifacts;
  dynamodb::recovery::Recovery recovery{tables, artifacts};
  FunctionRoles roles{identity};
  FunctionLogs function_logs{log_store, logger};
  FunctionArtifacts function_artifacts{objects};
  lambda::Functions functions{
      {*store, directory / "code", directory / "runtimes", launcher, timers, clock, random, logger,
       roles, function_logs, function_artifacts, identity.authorizer()},
      {}};
  TableStreams table_streams{tables};
  FunctionRights rights{identity, identity.authorizer(), clock};
  FailedRecords failed_records{objects, clock};
  lambda::sources::EventSources event_sources{{*store, functions, table_streams, rights,
                                               failed_records, timers, workers, clock, random,
                                               logger}};
  apigateway::Apis apis{*store, random, ".localhost"};
  Truststores truststores{objects};
  apigateway::Domains domains{*store, random, apis, truststores};
  cloudformation::Stacks stacks{
      {*store,
       [](const aws::Principal&, std::string_view) -> std::unique_ptr<cloudformation::ApiClient> {
         return nullptr;
       },
       workers, clock, random, [](std::chrono::milliseconds) {}, logger}};
  std::vector<aws::Service> all;
};

/// "arn:aws:dynamodb:us-east-1:000000000000:table/t" as "table/t"; other ARNs as they are.
std::string short_resource(const std::string& resource) {
  const std::string here = ":us-east-1:000000000000:";
  const auto at = resource.find(here);
  return at == std::string::npos ? resource : resource.substr(at + here.size());
}

/// What the operation asked for: "dynamodb:GetItem table/t", one need after a semicolon; or the
/// error that kept it from asking.
std::string needs_of(const aws::Operation& operation, const std::string& input) {
  RecordingAuthorizer authorizer;
  aws::Call call;
  call.principal.account = call.account = "000000000000";
  call.region = "us-east-1";
  std::string failure;
  if (operation.is_json()) {
    auto members = json::parse_object(input);
    EXPECT_TRUE(members) << input;
    const auto outcome = operation.run_json(call, aws::Input(std::move(*members)), authorizer);
    if (!outcome) failure = outcome.error().message;
  } else {
    http::Request request;
    const std::vector<std::pair<std::string, std::string>> labels{{"Bucket", "b"},
                                                                  {"Key", "k"},
                                                                  {"FunctionName", "f"},
                                                                  {"apiId", "a"},
                                                                  {"specification", "OAS30"}};
    if (const auto* path = std::get_if<aws::ByPath>(&operation.wire())) {
      request.method = path->method;
      request.target = path->required_query.empty() ? "/x" : "/x?" + path->required_query + "=2";
    }
    request.body = input;
    operation.run_raw(call, {request, labels}, authorizer, [&](Result<http::Response> outcome) {
      if (!outcome) failure = outcome.error().message;
    });
  }
  if (!authorizer.is_asked) return "ERROR " + failure;
  std::string text;
  for (const auto& need : authorizer.asked) {
    text += (text.empty() ? "" : "; ") + need.action + " " + short_resource(need.resource);
  }
  return text;
}

struct Row {
  const char* operation;
  const char* input;
  const char* needs;
};

#define TABLE_ARN "arn:aws:dynamodb:us-east-1:000000000000:table/t00"
constexpr const char* kTableOnly = R"({"TableName":"t00"})";
constexpr const char* kByArn = R"({"ResourceArn":")" TABLE_ARN R"("})";

const Row kDynamoDb[] = {
    {"BatchExecuteStatement", R"({"Statements":[{"Statement":"SELECT * FROM t00 WHERE id='a'"}]})",
     "dynamodb:PartiQLSelect table/t00"},
    {"BatchGetItem", R"({"RequestItems":{"t00":{"Keys":[{"id":{"S":"a"}}]}}})",
     "dynamodb:BatchGetItem table/t00"},
    {"BatchWriteItem", R"({"RequestItems":{"t00":[{"DeleteRequest":{"Key":{"id":{"S":"a"}}}}]}})",
     "dynamodb:BatchWriteItem table/t00"},
    {"CreateBackup", R"({"TableName":"t00","BackupName":"b00"})",
     "dynamodb:CreateBackup table/t00"},
    {"CreateTable",
     R"({"TableName":"t00","AttributeDefinitions":[],"KeySchema":[{"AttributeName":"id",)"
     R"("KeyType":"HASH"}]})",
     "dynamodb:CreateTable table/t00"},
    {"DeleteBackup", R"({"BackupArn":")" TABLE_ARN R"(/backup/01489602797149-73d8d5bc"})",
     "dynamodb:DeleteBackup table/t00/backup/01489602797149-73d8d5bc"},
    {"DeleteItem", R"({"TableName":"t00","Key":{"id":{"S":"a"}}})",
     "dynamodb:DeleteItem table/t00"},
    {"DeleteResourcePolicy", kByArn, "dynamodb:DeleteResourcePolicy table/t00"},
    {"DeleteTable", kTableOnly, "dynamodb:DeleteTable table/t00"},
    {"DescribeBackup", R"({"BackupArn":")" TABLE_ARN R"(/backup/01489602797149-73d8d5bc"})",
     "dynamodb:DescribeBackup table/t00/backup/01489602797149-73d8d5bc"},
    {"DescribeContinuousBackups", kTableOnly, "dynamodb:DescribeContinuousBackups table/t00"},
    {"DescribeEndpoints", "{}", "dynamodb:DescribeEndpoints *"},
    {"DescribeExport", R"({"ExportArn":")" TABLE_ARN R"(/export/01489602797149-73d8d5bc"})",
     "dynamodb:DescribeExport table/t00/export/01489602797149-73d8d5bc"},
    {"DescribeImport", R"({"ImportArn":")" TABLE_ARN R"(/import/01489602797149-73d8d5bc"})",
     "dynamodb:DescribeImport table/t00/import/01489602797149-73d8d5bc"},
    {"DescribeLimits", "{}", "dynamodb:DescribeLimits *"},
    {"DescribeStream", R"({"StreamArn":")" TABLE_ARN R"(/stream/2026-01-02T03:04:05.678"})",
     "dynamodb:DescribeStream table/t00/stream/2026-01-02T03:04:05.678"},
    {"DescribeTable", kTableOnly, "dynamodb:DescribeTable table/t00"},
    {"DescribeTimeToLive", kTableOnly, "dynamodb:DescribeTimeToLive table/t00"},
    {"ExecuteStatement", R"({"Statement":"SELECT * FROM \"t00\".\"i00\""})",
     "dynamodb:PartiQLSelect table/t00/index/i00"},
    {"ExecuteTransaction",
     R"({"TransactStatements":[{"Statement":"DELETE FROM t00 WHERE id='a'"},)"
     R"({"Statement":"UPDATE t01 SET v=1 WHERE id='a'"},)"
     R"({"Statement":"INSERT INTO t00 VALUE {'id':'b'}"}]})",
     "dynamodb:PartiQLDelete table/t00; dynamodb:PartiQLUpdate table/t01; "
     "dynamodb:PartiQLInsert table/t00"},
    {"ExportTableToPointInTime", R"({"TableArn":")" TABLE_ARN R"(","S3Bucket":"bucket"})",
     "dynamodb:ExportTableToPointInTime table/t00; s3:PutObject "
     "arn:aws:s3:::bucket/AWSDynamoDB/*"},
    {"GetItem", R"({"TableName":"t00","Key":{"id":{"S":"a"}}})", "dynamodb:GetItem table/t00"},
    {"GetResourcePolicy", kByArn, "dynamodb:GetResourcePolicy table/t00"},
    {"GetShardIterator",
     R"({"StreamArn":")" TABLE_ARN R"(/stream/2026-01-02T03:04:05.678",)"
     R"("ShardId":"shardId-00000001414562045508-2bac9cd2","ShardIteratorType":"LATEST"})",
     "dynamodb:GetShardIterator table/t00/stream/2026-01-02T03:04:05.678"},
    {"ImportTable",
     R"({"S3BucketSource":{"S3Bucket":"bucket","S3KeyPrefix":"p"},"InputFormat":"CSV",)"
     R"("TableCreationParameters":{"TableName":"t00","AttributeDefinitions":)"
     R"([{"AttributeName":"id","AttributeType":"S"}],)"
     R"("KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}})",
     "dynamodb:ImportTable table/t00; s3:ListBucket arn:aws:s3:::bucket; s3:GetObject "
     "arn:aws:s3:::bucket/p*"},
    {"ListBackups", "{}", "dynamodb:ListBackups *"},
    {"ListExports", "{}", "dynamodb:ListExports *"},
    {"ListImports", "{}", "dynamodb:ListImports *"},
    {"ListStreams", "{}", "dynamodb:ListStreams table/*/stream/*"},
    {"ListTables", "{}", "dynamodb:ListTables *"},
    {"ListTagsOfResource", kByArn, "dynamodb:ListTagsOfResource table/t00"},
    {"PutItem", R"({"TableName":"t00","Item":{"id":{"S":"a"}}})", "dynamodb:PutItem table/t00"},
    {"PutResourcePolicy", R"({"ResourceArn":")" TABLE_ARN R"(","Policy":"{}"})",
     "dynamodb:PutResourcePolicy table/t00"},
    {"Query",
     R"({"TableName":"t00","IndexName":"i00","KeyConditionExpression":"id = :i",)"
     R"("ExpressionAttributeValues":{":i":{"S":"a"}}})",
     "dynamodb:Query table/t00/index/i00"},
    {"RestoreTableFromBackup",
     R"({"TargetTableName":"t01","BackupArn":")" TABLE_ARN R"(/backup/01489602797149-73d8d5bc"})",
     "dynamodb:RestoreTableFromBackup table/t00/backup/01489602797149-73d8d5bc; "
     "dynamodb:RestoreTableFromBackup table/t01; dynamodb:BatchWriteItem table/t01; "
     "dynamodb:DeleteItem table/t01; dynamodb:GetItem table/t01; dynamodb:PutItem table/t01; "
     "dynamodb:Query table/t01; dynamodb:Scan table/t01; dynamodb:UpdateItem table/t01"},
    {"RestoreTableToPointInTime", R"({"TargetTableName":"t01","SourceTableName":"t00"})",
     "dynamodb:RestoreTableToPointInTime table/t00; "
     "dynamodb:RestoreTableToPointInTime table/t01; dynamodb:BatchWriteItem table/t01; "
     "dynamodb:DeleteItem table/t01; dynamodb:GetItem table/t01; dynamodb:PutItem table/t01; "
     "dynamodb:Query table/t01; dynamodb:Scan table/t01; dynamodb:UpdateItem table/t01"},
    {"Scan", kTableOnly, "dynamodb:Scan table/t00"},
    {"TagResource", R"({"ResourceArn":")" TABLE_ARN R"(","Tags":[{"Key":"k","Value":"v"}]})",
     "dynamodb:TagResource table/t00"},
    {"TransactGetItems",
     R"({"TransactItems":[{"Get":{"TableName":"t00","Key":{"id":{"S":"a"}}}}]})",
     "dynamodb:GetItem table/t00"},
    {"TransactWriteItems",
     R"({"TransactItems":[{"Put":{"TableName":"t00","Item":{"id":{"S":"a"}}}},)"
     R"({"Delete":{"TableName":"t01","Key":{"id":{"S":"b"}}}},)"
     R"({"ConditionCheck":{"TableName":"t00","Key":{"id":{"S":"c"}},)"
     R"x("ConditionExpression":"attribute_exists(id)"}}]})x",
     "dynamodb:PutItem table/t00; dynamodb:DeleteItem table/t01; "
     "dynamodb:ConditionCheckItem table/t00"},
    {"UntagResource", R"({"ResourceArn":")" TABLE_ARN R"(","TagKeys":["k"]})",
     "dynamodb:UntagResource table/t00"},
    {"UpdateContinuousBackups",
     R"({"TableName":"t00","PointInTimeRecoverySpecification":)"
     R"({"PointInTimeRecoveryEnabled":true}})",
     "dynamodb:UpdateContinuousBackups table/t00"},
    {"UpdateItem", R"({"TableName":"t00","Key":{"id":{"S":"a"}}})",
     "dynamodb:UpdateItem table/t00"},
    {"UpdateTable", kTableOnly, "dynamodb:UpdateTable table/t00"},
    {"UpdateTimeToLive",
     R"({"TableName":"t00","TimeToLiveSpecification":{"AttributeName":"a","Enabled":true}})",
     "dynamodb:UpdateTimeToLive table/t00"}};

constexpr const char* kFunction = R"({"FunctionName":"f"})";
constexpr const char* kMapping = R"({"UUID":"u"})";
constexpr const char* kLayer = R"({"LayerName":"l","VersionNumber":1})";
constexpr const char* kTagged =
    R"({"Resource":"arn:aws:lambda:us-east-1:000000000000:function:f"})";

constexpr const char* kSigning =
    R"({"CodeSigningConfigArn":"arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-1"})";

const Row kLambda[] = {
    {"AddLayerVersionPermission", kLayer, "lambda:AddLayerVersionPermission layer:l:1"},
    {"AddPermission", kFunction, "lambda:AddPermission function:f"},
    {"CreateAlias", kFunction, "lambda:CreateAlias function:f"},
    {"CreateCodeSigningConfig", "{}", "lambda:CreateCodeSigningConfig *"},
    {"CreateEventSourceMapping", kFunction, "lambda:CreateEventSourceMapping *"},
    {"CreateFunction",
     R"({"FunctionName":"f","Role":"arn:aws:iam::000000000000:role/r",)"
     R"("Code":{"S3Bucket":"b","S3Key":"k"},"Tags":{"a":"b"},)"
     R"("Layers":["arn:aws:lambda:us-east-1:000000000000:layer:l:1"]})",
     "s3:GetObject arn:aws:s3:::b/k; lambda:CreateFunction function:f; "
     "lambda:TagResource function:f; iam:PassRole arn:aws:iam::000000000000:role/r; "
     "lambda:GetLayerVersion layer:l:1"},
    {"CreateFunctionUrlConfig", R"({"FunctionName":"f","AuthType":"NONE"})",
     "lambda:CreateFunctionUrlConfig function:f"},
    {"DeleteAlias", kFunction, "lambda:DeleteAlias function:f"},
    {"DeleteCodeSigningConfig", kSigning,
     "lambda:DeleteCodeSigningConfig code-signing-config:csc-1"},
    {"DeleteEventSourceMapping", kMapping,
     "lambda:DeleteEventSourceMapping event-source-mapping:u"},
    {"DeleteFunction", kFunction, "lambda:DeleteFunction function:f"},
    {"DeleteFunctionCodeSigningConfig", kFunction,
     "lambda:DeleteFunctionCodeSigningConfig function:f"},
    {"DeleteFunctionConcurrency", kFunction, "lambda:DeleteFunctionConcurrency function:f"},
    {"DeleteFunctionEventInvokeConfig", kFunction,
     "lambda:DeleteFunctionEventInvokeConfig function:f"},
    {"DeleteFunctionUrlConfig", kFunction, "lambda:DeleteFunctionUrlConfig function:f"},
    {"DeleteLayerVersion", kLayer, "lambda:DeleteLayerVersion layer:l:1"},
    {"DeleteProvisionedConcurrencyConfig", kFunction,
     "lambda:DeleteProvisionedConcurrencyConfig function:f"},
    {"GetAccountSettings", "{}", "lambda:GetAccountSettings *"},
    {"GetAlias", kFunction, "lambda:GetAlias function:f"},
    {"GetCodeSigningConfig", kSigning, "lambda:GetCodeSigningConfig code-signing-config:csc-1"},
    {"GetEventSourceMapping", kMapping, "lambda:GetEventSourceMapping event-source-mapping:u"},
    {"GetFunction", kFunction, "lambda:GetFunction function:f"},
    {"GetFunctionCodeSigningConfig", kFunction, "lambda:GetFunctionCodeSigningConfig function:f"},
    {"GetFunctionConcurrency", kFunction, "lambda:GetFunctionConcurrency function:f"},
    {"GetFunctionConfiguration", kFunction, "lambda:GetFunctionConfiguration function:f"},
    {"GetFunctionEventInvokeConfig", kFunction, "lambda:GetFunctionEventInvokeConfig function:f"},
    {"GetFunctionRecursionConfig", kFunction, "lambda:GetFunctionRecursionConfig function:f"},
    {"GetFunctionUrlConfig", kFunction, "lambda:GetFunctionUrlConfig function:f"},
    {"GetLayerVersion", kLayer, "lambda:GetLayerVersion layer:l:1"},
    {"GetLayerVersionByArn", R"({"Arn":"arn:aws:lambda:us-east-1:000000000000:layer:l:1"})",
     "lambda:GetLayerVersion layer:l:1"},
    {"GetLayerVersionPolicy", kLayer, "lambda:GetLayerVersionPolicy layer:l:1"},
    {"GetPolicy", kFunction, "lambda:GetPolicy function:f"},
    {"GetProvisionedConcurrencyConfig", kFunction,
     "lambda:GetProvisionedConcurrencyConfig function:f"},
    {"GetRuntimeManagementConfig", kFunction, "lambda:GetRuntimeManagementConfig function:f"},
    {"Invoke", "{}", "lambda:InvokeFunction function:f"},
    {"InvokeAsync", "{}", "lambda:InvokeAsync function:f"},
    {"InvokeWithResponseStream", "{}", "lambda:InvokeFunction function:f"},
    {"ListAliases", kFunction, "lambda:ListAliases function:f"},
    {"ListCodeSigningConfigs", "{}", "lambda:ListCodeSigningConfigs *"},
    {"ListEventSourceMappings", "{}", "lambda:ListEventSourceMappings *"},
    {"ListFunctionEventInvokeConfigs", kFunction,
     "lambda:ListFunctionEventInvokeConfigs function:f"},
    {"ListFunctionUrlConfigs", kFunction, "lambda:ListFunctionUrlConfigs function:f"},
    {"ListFunctions", "{}", "lambda:ListFunctions *"},
    {"ListFunctionsByCodeSigningConfig", kSigning,
     "lambda:ListFunctionsByCodeSigningConfig code-signing-config:csc-1"},
    {"ListLayerVersions", R"({"LayerName":"l"})", "lambda:ListLayerVersions *"},
    {"ListLayers", "{}", "lambda:ListLayers *"},
    {"ListProvisionedConcurrencyConfigs", kFunction,
     "lambda:ListProvisionedConcurrencyConfigs function:f"},
    {"ListTags", kTagged, "lambda:ListTags function:f"},
    {"ListVersionsByFunction", kFunction, "lambda:ListVersionsByFunction function:f"},
    {"PublishLayerVersion", R"({"LayerName":"l","Content":{"ZipFile":""}})",
     "lambda:PublishLayerVersion layer:l"},
    {"PublishVersion", kFunction, "lambda:PublishVersion function:f"},
    {"PutFunctionCodeSigningConfig", kFunction, "lambda:PutFunctionCodeSigningConfig function:f"},
    {"PutFunctionConcurrency", kFunction, "lambda:PutFunctionConcurrency function:f"},
    {"PutFunctionEventInvokeConfig", kFunction, "lambda:PutFunctionEventInvokeConfig function:f"},
    {"PutFunctionRecursionConfig", kFunction, "lambda:PutFunctionRecursionConfig function:f"},
    {"PutProvisionedConcurrencyConfig", kFunction,
     "lambda:PutProvisionedConcurrencyConfig function:f"},
    {"PutRuntimeManagementConfig", kFunction, "lambda:PutRuntimeManagementConfig function:f"},
    {"RemoveLayerVersionPermission", kLayer, "lambda:RemoveLayerVersionPermission layer:l:1"},
    {"RemovePermission", kFunction, "lambda:RemovePermission function:f"},
    {"TagResource", kTagged, "lambda:TagResource function:f"},
    {"UntagResource", kTagged, "lambda:UntagResource function:f"},
    {"UpdateAlias", kFunction, "lambda:UpdateAlias function:f"},
    {"UpdateCodeSigningConfig", kSigning,
     "lambda:UpdateCodeSigningConfig code-signing-config:csc-1"},
    {"UpdateEventSourceMapping", R"({"UUID":"u","FunctionName":"f"})",
     "lambda:UpdateEventSourceMapping event-source-mapping:u; "
     "lambda:UpdateEventSourceMapping event-source-mapping:u"},
    {"UpdateFunctionCode", R"({"FunctionName":"f","ZipFile":""})",
     "lambda:UpdateFunctionCode function:f"},
    {"UpdateFunctionConfiguration",
     R"({"FunctionName":"f","Role":"arn:aws:iam::000000000000:role/r"})",
     "lambda:UpdateFunctionConfiguration function:f; iam:PassRole "
     "arn:aws:iam::000000000000:role/r"},
    {"UpdateFunctionEventInvokeConfig", kFunction,
     "lambda:UpdateFunctionEventInvokeConfig function:f"},
    {"UpdateFunctionUrlConfig", kFunction, "lambda:UpdateFunctionUrlConfig function:f"}};

constexpr const char* kApi =
    R"({"apiId":"a","routeId":"r","integrationId":"i","stageName":"$default","authorizerId":"z",)"
    R"("deploymentId":"d","modelId":"m","routeKey":"GET /a"})";
constexpr const char* kIntegrationRole = R"({"apiId":"a","integrationId":"i",)"
                                         R"("credentialsArn":"arn:aws:iam::000000000000:role/r"})";
constexpr const char* kAuthorizerRole =
    R"({"apiId":"a","authorizerId":"z",)"
    R"("authorizerCredentialsArn":"arn:aws:iam::000000000000:role/r"})";
constexpr const char* kTaggedApi =
    R"({"resourceArn":"arn:aws:apigateway:us-east-1::/apis/a","tags":{},"tagKeys":[]})";
constexpr const char* kDocument =
    R"({"body":"{\"openapi\":\"3.0.1\",\"info\":{\"title\":\"t\"},\"paths\":{\"/a\":{\"get\":)"
    R"({\"x-amazon-apigateway-integration\":{\"type\":\"http_proxy\",\"credentials\":)"
    R"(\"arn:aws:iam::000000000000:role/r\"}}}}}"})";
#define APIS "arn:aws:apigateway:us-east-1::/apis"
#define API_TAGS \
  "arn:aws:apigateway:us-east-1::/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Fapis%2Fa"

constexpr const char* kDomain = R"({"domainName":"d.com","apiMappingId":"m"})";
#define DOMAINS "arn:aws:apigateway:us-east-1::/domainnames"

const Row kApiGateway[] = {
    {"CreateApiMapping", kDomain, "apigateway:POST " DOMAINS "/d.com/apimappings"},
    {"CreateDomainName", R"({"mutualTlsAuthentication":{"truststoreUri":"s3://b/k"}})",
     "apigateway:POST " DOMAINS "; s3:GetObject arn:aws:s3:::b/k"},
    {"DeleteApiMapping", kDomain, "apigateway:DELETE " DOMAINS "/d.com/apimappings/m"},
    {"DeleteDomainName", kDomain, "apigateway:DELETE " DOMAINS "/d.com"},
    {"GetApiMapping", kDomain, "apigateway:GET " DOMAINS "/d.com/apimappings/m"},
    {"GetApiMappings", kDomain, "apigateway:GET " DOMAINS "/d.com/apimappings"},
    {"GetDomainName", kDomain, "apigateway:GET " DOMAINS "/d.com"},
    {"GetDomainNames", "{}", "apigateway:GET " DOMAINS},
    {"UpdateApiMapping", kDomain, "apigateway:PATCH " DOMAINS "/d.com/apimappings/m"},
    {"UpdateDomainName", kDomain, "apigateway:PATCH " DOMAINS "/d.com"},
    {"CreateApi", "{}", "apigateway:POST " APIS},
    {"CreateAuthorizer", kAuthorizerRole,
     "apigateway:POST " APIS "/a/authorizers; iam:PassRole arn:aws:iam::000000000000:role/r"},
    {"CreateDeployment", kApi, "apigateway:POST " APIS "/a/deployments"},
    {"CreateIntegration", kApi, "apigateway:POST " APIS "/a/integrations"},
    {"CreateRoute", kApi, "apigateway:POST " APIS "/a/routes"},
    {"CreateStage", kApi, "apigateway:POST " APIS "/a/stages"},
    {"DeleteAccessLogSettings", kApi,
     "apigateway:DELETE " APIS "/a/stages/$default/accesslogsettings"},
    {"DeleteApi", kApi, "apigateway:DELETE " APIS "/a"},
    {"DeleteAuthorizer", kApi, "apigateway:DELETE " APIS "/a/authorizers/z"},
    {"DeleteCorsConfiguration", kApi, "apigateway:DELETE " APIS "/a/cors"},
    {"DeleteDeployment", kApi, "apigateway:DELETE " APIS "/a/deployments/d"},
    {"DeleteIntegration", kApi, "apigateway:DELETE " APIS "/a/integrations/i"},
    {"DeleteModel", kApi, "apigateway:DELETE " APIS "/a/models/m"},
    {"DeleteRoute", kApi, "apigateway:DELETE " APIS "/a/routes/r"},
    {"DeleteRouteSettings", kApi,
     "apigateway:DELETE " APIS "/a/stages/$default/routesettings/GET /a"},
    {"DeleteStage", kApi, "apigateway:DELETE " APIS "/a/stages/$default"},
    {"ExportApi", "", "apigateway:GET " APIS "/a/exports/OAS30"},
    {"GetApi", kApi, "apigateway:GET " APIS "/a"},
    {"GetApis", "{}", "apigateway:GET " APIS},
    {"GetAuthorizer", kApi, "apigateway:GET " APIS "/a/authorizers/z"},
    {"GetAuthorizers", kApi, "apigateway:GET " APIS "/a/authorizers"},
    {"GetDeployment", kApi, "apigateway:GET " APIS "/a/deployments/d"},
    {"GetDeployments", kApi, "apigateway:GET " APIS "/a/deployments"},
    {"GetIntegration", kApi, "apigateway:GET " APIS "/a/integrations/i"},
    {"GetIntegrations", kApi, "apigateway:GET " APIS "/a/integrations"},
    {"GetModel", kApi, "apigateway:GET " APIS "/a/models/m"},
    {"GetModels", kApi, "apigateway:GET " APIS "/a/models"},
    {"GetRoute", kApi, "apigateway:GET " APIS "/a/routes/r"},
    {"GetRoutes", kApi, "apigateway:GET " APIS "/a/routes"},
    {"GetStage", kApi, "apigateway:GET " APIS "/a/stages/$default"},
    {"GetStages", kApi, "apigateway:GET " APIS "/a/stages"},
    {"GetTags", kTaggedApi, "apigateway:GET " API_TAGS},
    {"ResetAuthorizersCache", kApi,
     "apigateway:DELETE " APIS "/a/stages/$default/cache/authorizers"},
    {"TagResource", kTaggedApi, "apigateway:POST " API_TAGS},
    {"UntagResource", kTaggedApi, "apigateway:DELETE " API_TAGS},
    {"UpdateApi", kApi, "apigateway:PATCH " APIS "/a"},
    {"UpdateAuthorizer", kApi, "apigateway:PATCH " APIS "/a/authorizers/z"},
    {"UpdateDeployment", kApi, "apigateway:PATCH " APIS "/a/deployments/d"},
    {"UpdateIntegration", kIntegrationRole,
     "apigateway:PATCH " APIS "/a/integrations/i; iam:PassRole arn:aws:iam::000000000000:role/r"},
    {"UpdateRoute", kApi, "apigateway:PATCH " APIS "/a/routes/r"},
    {"UpdateStage", kApi, "apigateway:PATCH " APIS "/a/stages/$default"},
    {"ImportApi", kDocument,
     "apigateway:PUT " APIS "; iam:PassRole arn:aws:iam::000000000000:role/r"},
    {"ReimportApi", kApi, "apigateway:PUT " APIS "/a"}};

constexpr const char* kStack = R"({"StackName":"s"})";

const Row kCloudFormation[] = {
    {"CreateChangeSet", kStack, "cloudformation:CreateChangeSet stack/s/*"},
    {"CreateStack", kStack, "cloudformation:CreateStack stack/s/*"},
    {"DeleteChangeSet", kStack, "cloudformation:DeleteChangeSet stack/s/*"},
    {"DeleteStack", kStack, "cloudformation:DeleteStack stack/s/*"},
    {"DescribeChangeSet", kStack, "cloudformation:DescribeChangeSet stack/s/*"},
    {"DescribeStackDriftDetectionStatus", "{}",
     "cloudformation:DescribeStackDriftDetectionStatus *"},
    {"DescribeStackEvents", kStack, "cloudformation:DescribeStackEvents stack/s/*"},
    {"DescribeStackResourceDrifts", kStack, "cloudformation:DescribeStackResourceDrifts stack/s/*"},
    {"DescribeStackResources", kStack, "cloudformation:DescribeStackResources stack/s/*"},
    {"DescribeStacks", "{}", "cloudformation:DescribeStacks stack/*/*"},
    {"DetectStackDrift", kStack, "cloudformation:DetectStackDrift stack/s/*"},
    {"DetectStackResourceDrift", kStack, "cloudformation:DetectStackResourceDrift stack/s/*"},
    {"ExecuteChangeSet", kStack, "cloudformation:ExecuteChangeSet stack/s/*"},
    {"GetStackPolicy", kStack, "cloudformation:GetStackPolicy stack/s/*"},
    {"GetTemplate", R"({"StackName":"arn:aws:cloudformation:us-east-1:000000000000:stack/s/0-1"})",
     "cloudformation:GetTemplate stack/s/0-1"},
    {"GetTemplateSummary", kStack, "cloudformation:GetTemplateSummary stack/s/*"},
    {"ListChangeSets", kStack, "cloudformation:ListChangeSets stack/s/*"},
    {"ListStackResources", kStack, "cloudformation:ListStackResources stack/s/*"},
    {"ListStacks", "{}", "cloudformation:ListStacks *"},
    {"SetStackPolicy", kStack, "cloudformation:SetStackPolicy stack/s/*"},
    {"UpdateStack", kStack, "cloudformation:UpdateStack stack/s/*"},
    {"CancelUpdateStack", kStack, "cloudformation:CancelUpdateStack stack/s/*"},
    {"ContinueUpdateRollback", kStack, "cloudformation:ContinueUpdateRollback stack/s/*"},
    {"DescribeStackResource", kStack, "cloudformation:DescribeStackResource stack/s/*"},
    {"ListExports", "{}", "cloudformation:ListExports *"},
    {"ListImports", "{}", "cloudformation:ListImports *"},
    {"RollbackStack", kStack, "cloudformation:RollbackStack stack/s/*"},
    {"UpdateTerminationProtection", kStack, "cloudformation:UpdateTerminationProtection stack/s/*"},
    {"ValidateTemplate", "{}", "cloudformation:ValidateTemplate *"}};

constexpr const char* kGroup = R"({"logGroupName":"g"})";
constexpr const char* kLogStream = R"({"logGroupName":"g","logStreamName":"s"})";
constexpr const char* kGroupArn =
    R"({"resourceArn":"arn:aws:logs:us-east-1:000000000000:log-group:g"})";

const Row kLogs[] = {
    {"CreateLogGroup", kGroup, "logs:CreateLogGroup log-group:g:log-stream:"},
    {"CreateLogStream", kLogStream, "logs:CreateLogStream log-group:g:log-stream:s"},
    {"DeleteLogGroup", kGroup, "logs:DeleteLogGroup log-group:g:log-stream:"},
    {"DeleteLogStream", kLogStream, "logs:DeleteLogStream log-group:g:log-stream:s"},
    {"DeleteRetentionPolicy", kGroup, "logs:DeleteRetentionPolicy log-group:g:log-stream:"},
    {"DescribeLogGroups", "{}", "logs:DescribeLogGroups log-group::log-stream:"},
    {"DescribeLogStreams", kGroup, "logs:DescribeLogStreams log-group:g:log-stream:"},
    {"FilterLogEvents", kGroup, "logs:FilterLogEvents log-group:g:log-stream:"},
    {"GetLogEvents", kLogStream, "logs:GetLogEvents log-group:g:log-stream:s"},
    {"ListTagsForResource", kGroupArn, "logs:ListTagsForResource log-group:g"},
    {"ListTagsLogGroup", kGroup, "logs:ListTagsLogGroup log-group:g:log-stream:"},
    {"PutLogEvents", kLogStream, "logs:PutLogEvents log-group:g:log-stream:s"},
    {"PutRetentionPolicy", kGroup, "logs:PutRetentionPolicy log-group:g:log-stream:"},
    {"TagLogGroup", kGroup, "logs:TagLogGroup log-group:g:log-stream:"},
    {"TagResource", kGroupArn, "logs:TagResource log-group:g"},
    {"UntagLogGroup", kGroup, "logs:UntagLogGroup log-group:g:log-stream:"},
    {"UntagResource", kGroupArn, "logs:UntagResource log-group:g"}};

const Row kS3[] = {
    {"AbortMultipartUpload", "", "s3:AbortMultipartUpload arn:aws:s3:::b/k"},
    {"CompleteMultipartUpload", "", "s3:PutObject arn:aws:s3:::b/k"},
    {"CreateBucket", "", "s3:CreateBucket arn:aws:s3:::b"},
    {"CreateMultipartUpload", "", "s3:PutObject arn:aws:s3:::b/k"},
    {"DeleteBucket", "", "s3:DeleteBucket arn:aws:s3:::b"},
    {"DeleteBucketEncryption", "", "s3:PutEncryptionConfiguration arn:aws:s3:::b"},
    {"DeleteBucketLifecycle", "", "s3:PutLifecycleConfiguration arn:aws:s3:::b"},
    {"DeleteBucketOwnershipControls", "", "s3:PutBucketOwnershipControls arn:aws:s3:::b"},
    {"DeleteBucketPolicy", "", "s3:DeleteBucketPolicy arn:aws:s3:::b"},
    {"DeleteBucketTagging", "", "s3:PutBucketTagging arn:aws:s3:::b"},
    {"DeleteObject", "", "s3:DeleteObject arn:aws:s3:::b/k"},
    {"DeleteObjectTagging", "", "s3:DeleteObjectTagging arn:aws:s3:::b/k"},
    {"DeleteObjects", "<Delete><Object><Key>k</Key></Object></Delete>",
     "s3:DeleteObject arn:aws:s3:::b/k"},
    {"DeletePublicAccessBlock", "", "s3:PutBucketPublicAccessBlock arn:aws:s3:::b"},
    {"GetBucketAccelerateConfiguration", "", "s3:GetAccelerateConfiguration arn:aws:s3:::b"},
    {"GetBucketAcl", "", "s3:GetBucketAcl arn:aws:s3:::b"},
    {"GetBucketCors", "", "s3:GetBucketCORS arn:aws:s3:::b"},
    {"GetBucketEncryption", "", "s3:GetEncryptionConfiguration arn:aws:s3:::b"},
    {"GetBucketLifecycleConfiguration", "", "s3:GetLifecycleConfiguration arn:aws:s3:::b"},
    {"GetBucketLocation", "", "s3:GetBucketLocation arn:aws:s3:::b"},
    {"GetBucketLogging", "", "s3:GetBucketLogging arn:aws:s3:::b"},
    {"GetBucketNotificationConfiguration", "", "s3:GetBucketNotification arn:aws:s3:::b"},
    {"GetBucketOwnershipControls", "", "s3:GetBucketOwnershipControls arn:aws:s3:::b"},
    {"GetBucketPolicy", "", "s3:GetBucketPolicy arn:aws:s3:::b"},
    {"GetBucketPolicyStatus", "", "s3:GetBucketPolicyStatus arn:aws:s3:::b"},
    {"GetBucketReplication", "", "s3:GetReplicationConfiguration arn:aws:s3:::b"},
    {"GetBucketRequestPayment", "", "s3:GetBucketRequestPayment arn:aws:s3:::b"},
    {"GetBucketTagging", "", "s3:GetBucketTagging arn:aws:s3:::b"},
    {"GetBucketVersioning", "", "s3:GetBucketVersioning arn:aws:s3:::b"},
    {"GetBucketWebsite", "", "s3:GetBucketWebsite arn:aws:s3:::b"},
    {"GetObject", "", "s3:GetObject arn:aws:s3:::b/k"},
    {"GetObjectAcl", "", "s3:GetObjectAcl arn:aws:s3:::b/k"},
    {"GetObjectAttributes", "", "s3:GetObjectAttributes arn:aws:s3:::b/k"},
    {"GetObjectLockConfiguration", "", "s3:GetBucketObjectLockConfiguration arn:aws:s3:::b"},
    {"GetObjectTagging", "", "s3:GetObjectTagging arn:aws:s3:::b/k"},
    {"GetPublicAccessBlock", "", "s3:GetBucketPublicAccessBlock arn:aws:s3:::b"},
    {"HeadBucket", "", "s3:ListBucket arn:aws:s3:::b"},
    {"HeadObject", "", "s3:GetObject arn:aws:s3:::b/k"},
    {"ListBuckets", "", "s3:ListAllMyBuckets *"},
    {"ListMultipartUploads", "", "s3:ListBucketMultipartUploads arn:aws:s3:::b"},
    {"ListObjectVersions", "", "s3:ListBucketVersions arn:aws:s3:::b"},
    {"ListObjects", "", "s3:ListBucket arn:aws:s3:::b"},
    {"ListObjectsV2", "", "s3:ListBucket arn:aws:s3:::b"},
    {"ListParts", "", "s3:ListMultipartUploadParts arn:aws:s3:::b/k"},
    {"PutBucketEncryption", "", "s3:PutEncryptionConfiguration arn:aws:s3:::b"},
    {"PutBucketLifecycleConfiguration", "", "s3:PutLifecycleConfiguration arn:aws:s3:::b"},
    {"PutBucketOwnershipControls", "", "s3:PutBucketOwnershipControls arn:aws:s3:::b"},
    {"PutBucketPolicy", "", "s3:PutBucketPolicy arn:aws:s3:::b"},
    {"PutBucketTagging", "", "s3:PutBucketTagging arn:aws:s3:::b"},
    {"PutBucketVersioning",
     "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
     "s3:PutBucketVersioning arn:aws:s3:::b"},
    {"PutObject", "", "s3:PutObject arn:aws:s3:::b/k"},
    {"PutObjectTagging", "<Tagging><TagSet/></Tagging>", "s3:PutObjectTagging arn:aws:s3:::b/k"},
    {"PutPublicAccessBlock", "", "s3:PutBucketPublicAccessBlock arn:aws:s3:::b"},
    {"UploadPart", "", "s3:PutObject arn:aws:s3:::b/k"}};

constexpr const char* kParameter = R"({"Name":"/a/b"})";
constexpr const char* kParameters = R"({"Names":["/a/b"]})";
constexpr const char* kTaggedParameter = R"({"ResourceType":"Parameter","ResourceId":"/a/b"})";

const Row kSsm[] = {
    {"AddTagsToResource", kTaggedParameter, "ssm:AddTagsToResource parameter/a/b"},
    {"DeleteParameter", kParameter, "ssm:DeleteParameter parameter/a/b"},
    {"DeleteParameters", kParameters, "ssm:DeleteParameters parameter/a/b"},
    {"DescribeParameters", "{}", "ssm:DescribeParameters *"},
    {"GetParameter", kParameter, "ssm:GetParameter parameter/a/b"},
    {"GetParameterHistory", kParameter, "ssm:GetParameterHistory parameter/a/b"},
    {"GetParameters", kParameters, "ssm:GetParameters parameter/a/b"},
    {"GetParametersByPath", R"({"Path":"/a/"})", "ssm:GetParametersByPath parameter/a"},
    {"LabelParameterVersion", kParameter, "ssm:LabelParameterVersion parameter/a/b"},
    {"ListTagsForResource", kTaggedParameter, "ssm:ListTagsForResource parameter/a/b"},
    {"PutParameter", kParameter, "ssm:PutParameter parameter/a/b"},
    {"RemoveTagsFromResource", kTaggedParameter, "ssm:RemoveTagsFromResource parameter/a/b"},
    {"UnlabelParameterVersion", kParameter, "ssm:UnlabelParameterVersion parameter/a/b"}};

constexpr const char* kRepository = R"({"repositoryName":"app"})";
constexpr const char* kRepositoryArn =
    R"({"resourceArn":"arn:aws:ecr:us-east-1:000000000000:repository/app"})";

const Row kEcr[] = {
    {"CreateRepository", kRepository, "ecr:CreateRepository repository/app"},
    {"DeleteLifecyclePolicy", kRepository, "ecr:DeleteLifecyclePolicy repository/app"},
    {"DeleteRepository", kRepository, "ecr:DeleteRepository repository/app"},
    {"DeleteRepositoryPolicy", kRepository, "ecr:DeleteRepositoryPolicy repository/app"},
    {"DescribeImages", kRepository, "ecr:DescribeImages repository/app"},
    {"DescribeRepositories", "{}", "ecr:DescribeRepositories repository/*"},
    {"GetLifecyclePolicy", kRepository, "ecr:GetLifecyclePolicy repository/app"},
    {"GetRepositoryPolicy", kRepository, "ecr:GetRepositoryPolicy repository/app"},
    {"ListImages", kRepository, "ecr:ListImages repository/app"},
    {"ListTagsForResource", kRepositoryArn, "ecr:ListTagsForResource repository/app"},
    {"PutImageScanningConfiguration", kRepository,
     "ecr:PutImageScanningConfiguration repository/app"},
    {"PutImageTagMutability", kRepository, "ecr:PutImageTagMutability repository/app"},
    {"PutLifecyclePolicy", kRepository, "ecr:PutLifecyclePolicy repository/app"},
    {"SetRepositoryPolicy", kRepository, "ecr:SetRepositoryPolicy repository/app"},
    {"TagResource", kRepositoryArn, "ecr:TagResource repository/app"},
    {"UntagResource", kRepositoryArn, "ecr:UntagResource repository/app"}};

const std::map<std::string_view, std::span<const Row>> kTables{{"dynamodb", kDynamoDb},
                                                               {"lambda", kLambda},
                                                               {"apigateway", kApiGateway},
                                                               {"cloudformation", kCloudFormation},
                                                               {"logs", kLogs},
                                                               {"s3", kS3},
                                                               {"ecr", kEcr},
                                                               {"ssm", kSsm}};

/// Operations that are refused before anything is asked, or whose input is sealed (GetRecords,
/// which streams_test covers).
const std::set<std::string_view> kNotAsked{"GetRecords"};

TEST(Operations, AskForWhatAwsAsksFor) {
  Services services;
  for (const aws::Service& service : services.all) {
    const auto table = kTables.find(service.signing_name);
    if (table == kTables.end()) continue;
    for (const aws::Operation& operation : service.operations) {
      if (kNotAsked.contains(operation.name())) continue;
      const auto row =
          std::find_if(table->second.begin(), table->second.end(),
                       [&](const Row& one) { return one.operation == operation.name(); });
      if (row == table->second.end()) {
        // What does nothing but say that it is not there asks for nothing.
        const std::string refusal = needs_of(operation, "{}");
        if (refusal.starts_with("ERROR ") && refusal.find("supported by") != std::string::npos) {
          continue;
        }
        ADD_FAILURE() << service.signing_name << ":" << operation.name() << " is not in the table";
        continue;
      }
      EXPECT_EQ(needs_of(operation, row->input), row->needs)
          << service.signing_name << ":" << operation.name();
    }
  }
}

/// An operation that asks for more is asked about by its first need.
TEST(Operations, OfIamAreNamedAsTheirActions) {
  Services services;
  constexpr const char* kMembers =
      R"({"UserName":"u","RoleName":"r","GroupName":"g","PolicyName":"p",)"
      R"("PolicyArn":"arn:aws:iam::000000000000:policy/p"})";
  std::size_t asked = 0;
  for (const aws::Service& service : services.all) {
    if (service.signing_name != "iam") continue;
    for (const aws::Operation& operation : service.operations) {
      const std::string needs = needs_of(operation, kMembers);
      if (needs.starts_with("ERROR ")) continue;
      EXPECT_TRUE(needs.starts_with("iam:" + operation.name() + " ")) << needs;
      ++asked;
    }
  }
  EXPECT_GT(asked, 30u);
}

}  // namespace
}  // namespace stator::server
