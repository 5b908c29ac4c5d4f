#include "cloudformation/sam/policy_templates.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "base/strings.hpp"

namespace stator::cloudformation::sam {
namespace {

/// SAM's policy templates. "= Name Parameters" begins one and "+ service:Action Action" each of its
/// statements ("+1" where the action stands without a list); behind the actions come the resource
/// ("> one" or ">> item of a list") and the condition ("? operator key text"). "@service:rest" is
/// an ARN in the stack's own partition, region and account. A text with `${name}` is a Fn::Sub,
/// whose names are the parameters but for the case of letters.
/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
constexpr std::string_view kTable = R"(
= AMIDescribePolicy
  + ec2:DescribeImages > *
= AWSSecretsManagerGetSecretValuePolicy SecretArn
  + secretsmanager:GetSecretValue > ${secretArn}
= AWSSecretsManagerRotationPolicy FunctionName
  + secretsmanager:DescribeSecret GetSecretValue PutSecretValue UpdateSecretVersionStage >
  @secretsmanager:secret:* ? StringEquals secretsmanager:resource/AllowRotationLambdaArn
  @lambda:function:${functionName}
  + secretsmanager:GetRandomPassword > *
= AcmGetCertificatePolicy CertificateArn
  + acm:GetCertificate > ${certificateArn}
= AthenaQueryPolicy WorkGroupName
  + athena:ListWorkGroups GetExecutionEngine GetExecutionEngines GetNamespace GetCatalogs
  GetNamespaces GetTables GetTable > *
  + athena:StartQueryExecution GetQueryResults DeleteNamedQuery GetNamedQuery ListQueryExecutions
  StopQueryExecution GetQueryResultsStream ListNamedQueries CreateNamedQuery GetQueryExecution
  BatchGetNamedQuery BatchGetQueryExecution GetWorkGroup > @athena:workgroup/${workgroupName}
= CloudFormationDescribeStacksPolicy
  + cloudformation:DescribeStacks > @cloudformation:stack/*
= CloudWatchDashboardPolicy
  + cloudwatch:GetDashboard ListDashboards PutDashboard ListMetrics > *
= CloudWatchDescribeAlarmHistoryPolicy
  + cloudwatch:DescribeAlarmHistory > *
= CloudWatchPutMetricPolicy
  + cloudwatch:PutMetricData > *
= CodeCommitCrudPolicy RepositoryName
  + codecommit:GitPull GitPush CreateBranch DeleteBranch GetBranch ListBranches
  MergeBranchesByFastForward MergeBranchesBySquash MergeBranchesByThreeWay UpdateDefaultBranch
  BatchDescribeMergeConflicts CreateUnreferencedMergeCommit DescribeMergeConflicts GetMergeCommit
  GetMergeOptions BatchGetPullRequests CreatePullRequest DescribePullRequestEvents
  GetCommentsForPullRequest GetCommitsFromMergeBase GetMergeConflicts GetPullRequest
  ListPullRequests MergePullRequestByFastForward MergePullRequestBySquash
  MergePullRequestByThreeWay PostCommentForPullRequest UpdatePullRequestDescription
  UpdatePullRequestStatus UpdatePullRequestTitle DeleteFile GetBlob GetFile GetFolder PutFile
  DeleteCommentContent GetComment GetCommentsForComparedCommit PostCommentForComparedCommit
  PostCommentReply UpdateComment BatchGetCommits CreateCommit GetCommit GetCommitHistory
  GetDifferences GetObjectIdentifier GetReferences GetTree GetRepository
  UpdateRepositoryDescription ListTagsForResource TagResource UntagResource GetRepositoryTriggers
  PutRepositoryTriggers TestRepositoryTriggers GetBranch GetCommit UploadArchive
  GetUploadArchiveStatus CancelUploadArchive > @codecommit:${repositoryName}
= CodeCommitReadPolicy RepositoryName
  + codecommit:GitPull GetBranch ListBranches BatchDescribeMergeConflicts DescribeMergeConflicts
  GetMergeCommit GetMergeOptions BatchGetPullRequests DescribePullRequestEvents
  GetCommentsForPullRequest GetCommitsFromMergeBase GetMergeConflicts GetPullRequest
  ListPullRequests GetBlob GetFile GetFolder GetComment GetCommentsForComparedCommit
  BatchGetCommits GetCommit GetCommitHistory GetDifferences GetObjectIdentifier GetReferences
  GetTree GetRepository ListTagsForResource GetRepositoryTriggers TestRepositoryTriggers GetBranch
  GetCommit GetUploadArchiveStatus > @codecommit:${repositoryName}
= CodePipelineLambdaExecutionPolicy
  + codepipeline:PutJobSuccessResult PutJobFailureResult > *
= CodePipelineReadOnlyPolicy PipelineName
  + codepipeline:ListPipelineExecutions > @codepipeline:${pipelinename}
= ComprehendBasicAccessPolicy
  + comprehend:BatchDetectKeyPhrases DetectDominantLanguage DetectEntities BatchDetectEntities
  DetectKeyPhrases DetectSentiment BatchDetectDominantLanguage BatchDetectSentiment > *
= CostExplorerReadOnlyPolicy
  + ce:GetCostAndUsage GetDimensionValues GetReservationCoverage
  GetReservationPurchaseRecommendation GetReservationUtilization GetTags > *
= DynamoDBBackupFullAccessPolicy TableName
  + dynamodb:CreateBackup DescribeContinuousBackups > @dynamodb:table/${tableName}
  + dynamodb:DeleteBackup DescribeBackup ListBackups > @dynamodb:table/${tableName}/backup/*
= DynamoDBCrudPolicy TableName
  + dynamodb:GetItem DeleteItem PutItem Scan Query UpdateItem BatchWriteItem BatchGetItem
  DescribeTable ConditionCheckItem >> @dynamodb:table/${tableName} >>
  @dynamodb:table/${tableName}/index/*
= DynamoDBReadPolicy TableName
  + dynamodb:GetItem Scan Query BatchGetItem DescribeTable >> @dynamodb:table/${tableName} >>
  @dynamodb:table/${tableName}/index/*
= DynamoDBReconfigurePolicy TableName
  + dynamodb:UpdateTable > @dynamodb:table/${tableName}
= DynamoDBRestoreFromBackupPolicy TableName
  + dynamodb:RestoreTableFromBackup > @dynamodb:table/${tableName}/backup/*
  + dynamodb:PutItem UpdateItem DeleteItem GetItem Query Scan BatchWriteItem >
  @dynamodb:table/${tableName}
= DynamoDBStreamReadPolicy StreamName TableName
  + dynamodb:DescribeStream GetRecords GetShardIterator >
  @dynamodb:table/${tableName}/stream/${streamName}
  + dynamodb:ListStreams > @dynamodb:table/${tableName}/stream/*
= DynamoDBWritePolicy TableName
  + dynamodb:PutItem UpdateItem BatchWriteItem >> @dynamodb:table/${tableName} >>
  @dynamodb:table/${tableName}/index/*
= EC2CopyImagePolicy ImageId
  + ec2:CopyImage > @ec2:image/${imageId}
= EC2DescribePolicy
  + ec2:DescribeRegions DescribeInstances > *
= EFSWriteAccessPolicy AccessPoint FileSystem
  + elasticfilesystem:ClientMount ClientWrite > @elasticfilesystem:file-system/${FileSystem} ?
  StringEquals elasticfilesystem:AccessPointArn @elasticfilesystem:access-point/${AccessPoint}
= EKSDescribePolicy
  + eks:DescribeCluster ListClusters > *
= EcsRunTaskPolicy TaskDefinition
  + ecs:RunTask > @ecs:task-definition/${taskDefinition}
= ElasticMapReduceAddJobFlowStepsPolicy ClusterId
  +1 elasticmapreduce:AddJobFlowSteps > @elasticmapreduce:cluster/${clusterId}
= ElasticMapReduceCancelStepsPolicy ClusterId
  +1 elasticmapreduce:CancelSteps > @elasticmapreduce:cluster/${clusterId}
= ElasticMapReduceModifyInstanceFleetPolicy ClusterId
  + elasticmapreduce:ModifyInstanceFleet ListInstanceFleets >
  @elasticmapreduce:cluster/${clusterId}
= ElasticMapReduceModifyInstanceGroupsPolicy ClusterId
  + elasticmapreduce:ModifyInstanceGroups ListInstanceGroups >
  @elasticmapreduce:cluster/${clusterId}
= ElasticMapReduceSetTerminationProtectionPolicy ClusterId
  +1 elasticmapreduce:SetTerminationProtection > @elasticmapreduce:cluster/${clusterId}
= ElasticMapReduceTerminateJobFlowsPolicy ClusterId
  +1 elasticmapreduce:TerminateJobFlows > @elasticmapreduce:cluster/${clusterId}
= ElasticsearchHttpPostPolicy DomainName
  + es:ESHttpPost ESHttpPut > @es:domain/${domainName}/*
= EventBridgePutEventsPolicy EventBusName
  +1 events:PutEvents > @events:event-bus/${eventBusName}
= FilterLogEventsPolicy LogGroupName
  + logs:FilterLogEvents > @logs:log-group:${logGroupName}:log-stream:*
= FirehoseCrudPolicy DeliveryStreamName
  + firehose:CreateDeliveryStream DeleteDeliveryStream DescribeDeliveryStream PutRecord
  PutRecordBatch UpdateDestination > @firehose:deliverystream/${deliveryStreamName}
= FirehoseWritePolicy DeliveryStreamName
  + firehose:PutRecord PutRecordBatch > @firehose:deliverystream/${deliveryStreamName}
= KMSDecryptPolicy KeyId
  +1 kms:Decrypt > @kms:key/${keyId}
= KMSEncryptPolicy KeyId
  +1 kms:Encrypt > @kms:key/${keyId}
= KMSEncryptPolicy_v2 KeyId
  + kms:Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext GenerateDataKeyPair
  GenerateDataKeyPairWithoutPlaintext > @kms:key/${keyId}
= KinesisCrudPolicy StreamName
  + kinesis:AddTagsToStream CreateStream DecreaseStreamRetentionPeriod DeleteStream DescribeStream
  DescribeStreamSummary GetShardIterator IncreaseStreamRetentionPeriod ListTagsForStream
  MergeShards PutRecord PutRecords SplitShard RemoveTagsFromStream > @kinesis:stream/${streamName}
= KinesisStreamReadPolicy StreamName
  + kinesis:ListStreams DescribeLimits > @kinesis:stream/*
  + kinesis:DescribeStream DescribeStreamSummary GetRecords GetShardIterator >
  @kinesis:stream/${streamName}
= LambdaInvokePolicy FunctionName
  + lambda:InvokeFunction > @lambda:function:${functionName}*
= MobileAnalyticsWriteOnlyAccessPolicy
  + mobileanalytics:PutEvents > *
= OrganizationsListAccountsPolicy
  + organizations:ListAccounts > *
= PinpointEndpointAccessPolicy PinpointApplicationId
  + mobiletargeting:GetEndpoint UpdateEndpoint UpdateEndpointsBatch >
  @mobiletargeting:apps/${pinpointApplicationId}/endpoints/*
= PollyFullAccessPolicy LexiconName
  + polly:GetLexicon DeleteLexicon >> @polly:lexicon/${lexiconName}
  + polly:DescribeVoices ListLexicons PutLexicon SynthesizeSpeech >> @polly:lexicon/*
= RekognitionDetectOnlyPolicy
  + rekognition:DetectFaces DetectLabels DetectModerationLabels DetectText > *
= RekognitionFacesManagementPolicy CollectionId
  + rekognition:IndexFaces DeleteFaces SearchFaces SearchFacesByImage ListFaces >
  @rekognition:collection/${collectionId}
= RekognitionFacesPolicy
  + rekognition:CompareFaces DetectFaces > *
= RekognitionLabelsPolicy
  + rekognition:DetectLabels DetectModerationLabels > *
= RekognitionNoDataAccessPolicy CollectionId
  + rekognition:CompareFaces DetectFaces DetectLabels DetectModerationLabels >
  @rekognition:collection/${collectionId}
= RekognitionReadPolicy CollectionId
  + rekognition:ListCollections ListFaces SearchFaces SearchFacesByImage >
  @rekognition:collection/${collectionId}
= RekognitionWriteOnlyAccessPolicy CollectionId
  + rekognition:CreateCollection IndexFaces > @rekognition:collection/${collectionId}
= Route53ChangeResourceRecordSetsPolicy HostedZoneId
  + route53:ChangeResourceRecordSets > arn:${AWS::Partition}:route53:::hostedzone/${HostedZoneId}
= S3CrudPolicy BucketName
  + s3:GetObject ListBucket GetBucketLocation GetObjectVersion PutObject PutObjectAcl
  GetLifecycleConfiguration PutLifecycleConfiguration DeleteObject >>
  arn:${AWS::Partition}:s3:::${bucketName} >> arn:${AWS::Partition}:s3:::${bucketName}/*
= S3FullAccessPolicy BucketName
  + s3:GetObject GetObjectAcl GetObjectVersion PutObject PutObjectAcl DeleteObject
  DeleteObjectTagging DeleteObjectVersionTagging GetObjectTagging GetObjectVersionTagging
  PutObjectTagging PutObjectVersionTagging >> arn:${AWS::Partition}:s3:::${bucketName}/*
  + s3:ListBucket GetBucketLocation GetLifecycleConfiguration PutLifecycleConfiguration >>
  arn:${AWS::Partition}:s3:::${bucketName}
= S3ReadPolicy BucketName
  + s3:GetObject ListBucket GetBucketLocation GetObjectVersion GetLifecycleConfiguration >>
  arn:${AWS::Partition}:s3:::${bucketName} >> arn:${AWS::Partition}:s3:::${bucketName}/*
= S3WritePolicy BucketName
  + s3:PutObject PutObjectAcl PutLifecycleConfiguration >>
  arn:${AWS::Partition}:s3:::${bucketName} >> arn:${AWS::Partition}:s3:::${bucketName}/*
= SESBulkTemplatedCrudPolicy IdentityName
  + ses:GetIdentityVerificationAttributes SendEmail SendRawEmail SendTemplatedEmail
  SendBulkTemplatedEmail VerifyEmailIdentity > @ses:identity/${identityName}
= SESBulkTemplatedCrudPolicy_v2 IdentityName TemplateName
  + ses:SendEmail SendRawEmail SendTemplatedEmail SendBulkTemplatedEmail >>
  @ses:identity/${identityName} >> @ses:template/${templateName}
  + ses:GetIdentityVerificationAttributes VerifyEmailIdentity > *
= SESCrudPolicy IdentityName
  + ses:GetIdentityVerificationAttributes SendEmail SendRawEmail VerifyEmailIdentity >
  @ses:identity/${identityName}
= SESEmailTemplateCrudPolicy
  + ses:CreateTemplate GetTemplate ListTemplates UpdateTemplate DeleteTemplate TestRenderTemplate
  > *
= SESSendBouncePolicy IdentityName
  + ses:SendBounce > @ses:identity/${identityName}
= SNSCrudPolicy TopicName
  + sns:ListSubscriptionsByTopic CreateTopic SetTopicAttributes Subscribe Publish >
  @sns:${topicName}*
= SNSPublishMessagePolicy TopicName
  + sns:Publish > @sns:${topicName}
= SQSPollerPolicy QueueName
  + sqs:ChangeMessageVisibility ChangeMessageVisibilityBatch DeleteMessage DeleteMessageBatch
  GetQueueAttributes ReceiveMessage > @sqs:${queueName}
= SQSSendMessagePolicy QueueName
  + sqs:SendMessage* > @sqs:${queueName}
= SSMParameterReadPolicy ParameterName
  + ssm:DescribeParameters > *
  + ssm:GetParameters GetParameter GetParametersByPath > @ssm:parameter/${parameterName}
= SSMParameterWithSlashPrefixReadPolicy ParameterName
  + ssm:DescribeParameters > *
  + ssm:GetParameters GetParameter GetParametersByPath > @ssm:parameter${parameterName}
= SageMakerCreateEndpointConfigPolicy EndpointConfigName
  + sagemaker:CreateEndpointConfig > @sagemaker:endpoint-config/${endpointConfigName}
= SageMakerCreateEndpointPolicy EndpointName
  + sagemaker:CreateEndpoint > @sagemaker:endpoint/${endpointName}
= ServerlessRepoReadWriteAccessPolicy
  + serverlessrepo:CreateApplication CreateApplicationVersion UpdateApplication GetApplication
  ListApplications ListApplicationVersions ListApplicationDependencies >>
  @serverlessrepo:applications/*
= StepFunctionsCallbackPolicy StateMachineName
  + states:SendTaskFailure SendTaskHeartbeat SendTaskSuccess >
  @states:stateMachine:${stateMachineName}
= StepFunctionsExecutionPolicy StateMachineName
  + states:StartExecution > @states:stateMachine:${stateMachineName}
= StepFunctionsExecutionPolicy_v2 StateMachineName
  + states:StartExecution StartSyncExecution > @states:stateMachine:${stateMachineName}
= TextractDetectAnalyzePolicy
  + textract:DetectDocumentText StartDocumentTextDetection StartDocumentAnalysis AnalyzeDocument >
  *
= TextractGetResultPolicy
  + textract:GetDocumentTextDetection GetDocumentAnalysis > *
= TextractPolicy
  + textract:* > *
= VPCAccessPolicy
  + ec2:CreateNetworkInterface DeleteNetworkInterface DescribeNetworkInterfaces
  DetachNetworkInterface > *
)";

using Tokens = std::vector<std::string_view>;

struct PolicyTemplate {
  Tokens parameters;
  Tokens statements;
};
using PolicyTemplates = std::map<std::string, PolicyTemplate, std::less<>>;

PolicyTemplates read_table() {
  PolicyTemplates templates;
  PolicyTemplate* current = nullptr;
  bool is_name_next = false, is_head = false;
  std::string_view rest = kTable;
  for (;;) {
    const auto begin = rest.find_first_not_of(" \n");
    if (begin == std::string_view::npos) return templates;
    const auto end = std::min(rest.find_first_of(" \n", begin), rest.size());
    const std::string_view token = rest.substr(begin, end - begin);
    rest.remove_prefix(end);
    if (token == "=") {
      is_name_next = is_head = true;
    } else if (is_name_next) {
      current = &templates[std::string(token)];
      is_name_next = false;
    } else {
      is_head = is_head && !token.starts_with('+');
      (is_head ? current->parameters : current->statements).push_back(token);
    }
  }
}

/// "@service:rest" and "${name}" as the statement has them.
json::Value text_of(std::string_view token, const json::Object& values) {
  std::string text(token);
  if (token.starts_with('@')) {
    const auto colon = token.find(':');
    text = "arn:${AWS::Partition}:" + std::string(token.substr(1, colon - 1)) +
           ":${AWS::Region}:${AWS::AccountId}:" + std::string(token.substr(colon + 1));
  }
  if (text.find("${") == std::string::npos) return json::Value(text);
  json::Object own;
  for (auto at = text.find("${"); at != std::string::npos; at = text.find("${", at + 1)) {
    const std::string name = text.substr(at + 2, text.find('}', at) - at - 2);
    for (const auto& value : values) {
      if (equals_ignore_case(name, {value.key().data(), value.key().size()})) {
        own[name] = value.value();
      }
    }
  }
  if (own.empty()) return json::Object{{"Fn::Sub", text}};
  return json::Object{{"Fn::Sub", json::Array{json::Value(text), std::move(own)}}};
}

json::Array statements_of(const PolicyTemplate& policy, const json::Object& values) {
  json::Array statements;
  std::string service;
  const Tokens& tokens = policy.statements;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].starts_with('+')) {
      statements.push_back(json::Object{{"Effect", "Allow"}});
      if (tokens[i] == "+") statements.back().get_object()["Action"] = json::Array();
      continue;
    }
    json::Object& statement = statements.back().get_object();
    if (tokens[i] == ">") {
      statement["Resource"] = text_of(tokens[++i], values);
    } else if (tokens[i] == ">>") {
      json::Value& list = statement["Resource"];
      if (!list.is_array()) list = json::Array();
      list.get_array().push_back(text_of(tokens[++i], values));
    } else if (tokens[i] == "?") {
      const json::Value text = text_of(tokens[i + 3], values);
      statement["Condition"] = json::Object{{tokens[i + 1], json::Object{{tokens[i + 2], text}}}};
      i += 3;
    } else {
      const auto colon = tokens[i].find(':');
      if (colon != std::string_view::npos) service = tokens[i].substr(0, colon + 1);
      const std::string action =
          (colon == std::string_view::npos ? service : "") + std::string(tokens[i]);
      json::Value* list = statement.if_contains("Action");
      if (list == nullptr) {
        statement["Action"] = action;
      } else {
        list->get_array().push_back(json::Value(action));
      }
    }
  }
  return statements;
}

const PolicyTemplates& templates() {
  static const PolicyTemplates kTemplates = read_table();
  return kTemplates;
}

}  // namespace

bool is_policy_template(std::string_view name) {
  return templates().contains(name);
}

Result<json::Object> policy_from_template(std::string_view name, const json::Value& parameters) {
  const auto found = templates().find(name);
  if (found == templates().end()) {
    return invalid("There is no policy template '" + std::string(name) + "'.");
  }
  if (!parameters.is_object()) {
    return invalid("Must specify valid parameter values for policy template '" + std::string(name) +
                   "'");
  }
  json::Object values;
  std::vector<std::string> missing;
  for (const std::string_view parameter : found->second.parameters) {
    const json::Value* value = json::find(parameters.get_object(), parameter);
    if (value == nullptr) {
      missing.push_back("'" + std::string(parameter) + "'");
    } else {
      values[parameter] = *value;
    }
  }
  if (!missing.empty()) {
    return invalid("Following required parameters of template '" + std::string(name) +
                   "' don't have values: [" + join(missing, ", ") + "]");
  }
  return json::Object{{"Statement", statements_of(found->second, values)}};
}

}  // namespace stator::cloudformation::sam
