#include "cloudformation/resources/test_types.hpp"

/// The types of S3, DynamoDB, CloudWatch Logs, Systems Manager and ECR.
namespace stator::cloudformation::resources {
namespace {

class ServiceTypes : public TypeLab {
 protected:
  ServiceTypes() {
    nothing_at("s3:HeadBucket");
    answer("logs:DescribeLogGroups",
           R"({"logGroups":[{"logGroupName":"g2"},{"logGroupName":"g","arn":"arn:g:*",)"
           R"("retentionInDays":7}]})");
    answer("ecr:CreateRepository",
           R"({"repository":{"repositoryArn":"arn:r","repositoryUri":"u"}})");
  }
};

constexpr const char* kBucket =
    R"({"BucketName":"b","VersioningConfiguration":{"Status":"Enabled"},"AccessControl":"Private",)"
    R"("PublicAccessBlockConfiguration":{"BlockPublicAcls":true},)"
    R"("BucketEncryption":{"ServerSideEncryptionConfiguration":[)"
    R"({"ServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]},)"
    R"("LifecycleConfiguration":{"Rules":[{"Id":"old","Status":"Enabled",)"
    R"("NoncurrentVersionExpiration":{"NoncurrentDays":30}},)"
    R"({"Id":"parts","Status":"Enabled","AbortIncompleteMultipartUpload":{"DaysAfterInitiation":1}}]}})";

std::string in_namespace(const std::string& root, const std::string& content) {
  return "<" + root + " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + content + "</" +
         root + ">";
}

TEST_F(ServiceTypes, BucketsAreMadeOfDocuments) {
  ASSERT_EQ(create("AWS::S3::Bucket", kBucket), "");
  EXPECT_EQ(world_.listed(),
            "s3:HeadBucket s3:CreateBucket s3:PutBucketVersioning s3:PutBucketEncryption "
            "s3:PutPublicAccessBlock s3:PutBucketLifecycleConfiguration ");
  const auto body = [&](const char* operation) {
    return text_of(world_.last_input(operation), "Body");
  };
  EXPECT_EQ(body("s3:CreateBucket"),
            in_namespace("CreateBucketConfiguration",
                         "<LocationConstraint>eu-west-1</LocationConstraint>"));
  EXPECT_EQ(body("s3:PutBucketVersioning"),
            in_namespace("VersioningConfiguration", "<Status>Enabled</Status>"));
  EXPECT_EQ(body("s3:PutBucketEncryption"),
            in_namespace("ServerSideEncryptionConfiguration",
                         "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256"
                         "</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>"));
  EXPECT_EQ(body("s3:PutBucketLifecycleConfiguration"),
            in_namespace("LifecycleConfiguration",
                         "<Rule><ID>old</ID><Filter><Prefix></Prefix></Filter><Status>Enabled"
                         "</Status><NoncurrentVersionExpiration><NoncurrentDays>30</NoncurrentDays>"
                         "</NoncurrentVersionExpiration></Rule>"
                         "<Rule><ID>parts</ID><Filter><Prefix></Prefix></Filter><Status>Enabled"
                         "</Status><AbortIncompleteMultipartUpload><DaysAfterInitiation>1"
                         "</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>"));
  EXPECT_EQ(attribute("RegionalDomainName"), "b.s3.eu-west-1.amazonaws.com");
}

TEST_F(ServiceTypes, BucketsLoseWhatTheTemplateNoLongerSays) {
  stack_tags_ = {json::Object{{"Key", "k"}, {"Value", "v"}}};
  ASSERT_EQ(create("AWS::S3::Bucket", kBucket), "");
  EXPECT_EQ(text_of(world_.last_input("s3:PutBucketTagging"), "Body"),
            in_namespace("Tagging", "<TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet>"));
  stack_tags_before_ = stack_tags_;
  stack_tags_.clear();
  ASSERT_EQ(update(R"({"BucketName":"b"})"), "");
  EXPECT_EQ(world_.listed(),
            "s3:PutBucketVersioning s3:DeleteBucketEncryption s3:DeletePublicAccessBlock "
            "s3:DeleteBucketLifecycle s3:DeleteBucketTagging ");
  EXPECT_EQ(text_of(world_.last_input("s3:PutBucketVersioning"), "Body"),
            in_namespace("VersioningConfiguration", "<Status>Suspended</Status>"));
}

TEST_F(ServiceTypes, BucketsThatAreThereAreNotTakenOver) {
  answer("s3:HeadBucket", "{}");
  EXPECT_EQ(create("AWS::S3::Bucket", R"({"BucketName":"b"})"), "b already exists");
  EXPECT_FALSE(existing_);
  EXPECT_EQ(world_.listed(), "s3:HeadBucket ");
}

TEST_F(ServiceTypes, BucketsAreRefusedWholeByTheName) {
  EXPECT_EQ(create("AWS::S3::Bucket", R"({"AccessControl":"PublicRead"})"),
            "stator supports no AccessControl other than Private");
  EXPECT_EQ(
      create("AWS::S3::Bucket",
             R"({"LifecycleConfiguration":{"Rules":[{"Status":"Enabled","Transitions":[]}]}})"),
      "stator does not support LifecycleConfiguration.Rules.Transitions");
  EXPECT_TRUE(world_.calls.empty());
}

TEST_F(ServiceTypes, BucketsAreReadByTheirDocuments) {
  ASSERT_EQ(create("AWS::S3::Bucket", kBucket), "");
  const auto as_put = [&](const char* name) {
    const std::string body = text_of(world_.last_input("s3:Put" + std::string(name)), "Body");
    world_.answers["s3:Get" + std::string(name)] = {json::Object{{"Body", body}}};
  };
  as_put("BucketVersioning");
  as_put("BucketEncryption");
  as_put("BucketLifecycleConfiguration");
  nothing_at("s3:GetPublicAccessBlock");
  answer("s3:HeadBucket", "{}");
  json::Object wanted = object(kBucket);
  wanted["PublicAccessBlockConfiguration"] = nullptr;
  const std::string told = read();
  EXPECT_EQ(object(told), wanted);
}

TEST_F(ServiceTypes, NamesInSmallLettersAreOurs) {
  ASSERT_EQ(create("AWS::S3::Bucket", "{}"), "");
  EXPECT_TRUE(existing_->physical_id.starts_with("stack-thing-")) << existing_->physical_id;
  ASSERT_EQ(create("AWS::ECR::Repository", "{}"), "");
  EXPECT_TRUE(existing_->physical_id.starts_with("stack-thing-")) << existing_->physical_id;
}

TEST_F(ServiceTypes, RepositoriesKeepTheirPolicies) {
  ASSERT_EQ(create("AWS::ECR::Repository",
                   R"({"RepositoryName":"r","LifecyclePolicy":{"LifecyclePolicyText":"{}"},)"
                   R"("RepositoryPolicyText":{"Statement":[]}})"),
            "");
  EXPECT_EQ(input("ecr:SetRepositoryPolicy"),
            R"({"policyText":"{\"Statement\":[]}","repositoryName":"r"})");
  ASSERT_EQ(update(R"({"RepositoryName":"r","ImageTagMutability":"IMMUTABLE"})"), "");
  EXPECT_EQ(world_.listed(),
            "ecr:PutImageTagMutability ecr:DeleteLifecyclePolicy ecr:DeleteRepositoryPolicy ");
}

TEST_F(ServiceTypes, LogGroupsChangeInPlace) {
  ASSERT_EQ(create("AWS::Logs::LogGroup", R"({"LogGroupName":"g","RetentionInDays":7})"), "");
  EXPECT_EQ(attribute("Arn"), "arn:g:*");
  EXPECT_EQ(read(), R"({"LogGroupName":"g","RetentionInDays":7})");
  ASSERT_EQ(update(R"({"LogGroupName":"g","Tags":[{"Key":"a","Value":"1"}]})"), "");
  EXPECT_EQ(world_.listed(), "logs:DeleteRetentionPolicy logs:TagResource ");
  EXPECT_EQ(input("logs:TagResource"), R"({"resourceArn":"arn:g","tags":{"a":"1"}})");
  answer("logs:DescribeLogGroups", R"({"logGroups":[{"logGroupName":"g2"}]})");
  EXPECT_EQ(read(), "DescribeLogGroups does not list 'g'");
}

TEST_F(ServiceTypes, ParametersAreOverwritten) {
  EXPECT_EQ(create("AWS::SSM::Parameter", R"({"Type":"SecureString","Value":"v"})"),
            "Type must be String or StringList");
  ASSERT_EQ(create("AWS::SSM::Parameter",
                   R"({"Type":"String","Value":"v","Description":"d","Tags":{"a":"1"}})"),
            "");
  EXPECT_TRUE(existing_->physical_id.starts_with("CFN-Thing-"));
  ASSERT_EQ(update(R"({"Type":"String","Value":"w","Tags":{"a":"2"}})"), "");
  EXPECT_EQ(world_.listed(), "ssm:PutParameter ssm:AddTagsToResource ");
  EXPECT_EQ(attribute("Value"), "w");
  EXPECT_NE(input("ssm:PutParameter").find(R"("Description":"","Overwrite":true)"),
            std::string::npos);
  answer("ssm:GetParameter", R"({"Parameter":{"Type":"String","Value":"x"}})");
  answer("ssm:ListTagsForResource", R"({"TagList":[{"Key":"a","Value":"2"}]})");
  EXPECT_EQ(read(), R"({"Type":"String","Value":"x","Tags":{"a":"2"}})");
}

constexpr const char* kKeys =
    R"("KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],)"
    R"("AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}])";

std::string table(const std::string& more) {
  return "{" + std::string(kKeys) + "," + more + "}";
}

TEST_F(ServiceTypes, TablesChangeOneSettingARequest) {
  ASSERT_EQ(create("AWS::DynamoDB::Table",
                   table(R"("BillingMode":"PAY_PER_REQUEST","TableClass":"STANDARD")")),
            "");
  ASSERT_EQ(update(table(R"("BillingMode":"PAY_PER_REQUEST","DeletionProtectionEnabled":true,)"
                         R"("OnDemandThroughput":{"MaxReadRequestUnits":5},)"
                         R"("SSESpecification":{"SSEEnabled":true})")),
            "");
  std::string updates;
  for (std::size_t i = 0; i < world_.calls.size(); ++i) {
    if (world_.calls[i] != "dynamodb:UpdateTable") continue;
    json::Object input = world_.inputs[i];
    input.erase("TableName");
    updates += json::dump(input) + "\n";
  }
  EXPECT_EQ(updates,
            R"({"BillingMode":"PAY_PER_REQUEST","OnDemandThroughput":{"MaxReadRequestUnits":5,)"
            R"("MaxWriteRequestUnits":-1}})"
            "\n"
            R"({"DeletionProtectionEnabled":true})"
            "\n"
            R"({"TableClass":"STANDARD"})"
            "\n"
            R"({"SSESpecification":{"Enabled":true}})"
            "\n");
}

TEST_F(ServiceTypes, ProvisionedTablesHaveProvisionedIndexes) {
  const std::string index =
      R"("GlobalSecondaryIndexes":[{"IndexName":"i","KeySchema":[],"Projection":{})";
  ASSERT_EQ(
      create("AWS::DynamoDB::Table", table(R"("BillingMode":"PAY_PER_REQUEST",)" + index + "}]")),
      "");
  ASSERT_EQ(update(table(R"("ProvisionedThroughput":{"ReadCapacityUnits":1},)" + index +
                         R"(,"ProvisionedThroughput":{"ReadCapacityUnits":2}}])")),
            "");
  EXPECT_NE(world_.listed().find("dynamodb:UpdateTable"), std::string::npos);
  const json::Object first = world_.inputs.at(0);
  EXPECT_EQ(json::dump(first.at("GlobalSecondaryIndexUpdates")),
            R"([{"Update":{"IndexName":"i","ProvisionedThroughput":{"ReadCapacityUnits":2}}}])");
}

TEST_F(ServiceTypes, TablesAreReadInTheTemplatesShape) {
  ASSERT_EQ(create("AWS::DynamoDB::Table",
                   table(R"("BillingMode":"PAY_PER_REQUEST","TimeToLiveSpecification":)"
                         R"({"AttributeName":"t","Enabled":true},"TableClass":"STANDARD",)"
                         R"("ResourcePolicy":{"PolicyDocument":{}})")),
            "");
  answer("dynamodb:DescribeTable",
         R"({"Table":{"TableArn":"arn:t","TableStatus":"ACTIVE","KeySchema":)"
         R"([{"KeyType":"HASH","AttributeName":"id"}],"AttributeDefinitions":)"
         R"([{"AttributeName":"id","AttributeType":"S"}],)"
         R"("BillingModeSummary":{"BillingMode":"PROVISIONED"}}})");
  answer("dynamodb:DescribeTimeToLive",
         R"({"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED","AttributeName":"t"}})");
  nothing_at("dynamodb:GetResourcePolicy");
  const json::Object told = object(read());
  EXPECT_EQ(told.at("BillingMode"), json::Value("PROVISIONED"));
  EXPECT_EQ(told.at("KeySchema"), object("{" + std::string(kKeys) + "}").at("KeySchema"));
  EXPECT_EQ(json::dump(told.at("TimeToLiveSpecification")),
            R"({"AttributeName":"t","Enabled":true})");
  EXPECT_TRUE(told.at("ResourcePolicy").is_null());
  nothing_at("dynamodb:DescribeTable");
  EXPECT_TRUE(read().starts_with("Requested resource not found"));
}

TEST_F(ServiceTypes, GlobalTablesOfOneReplicaAreTables) {
  const std::string one =
      table(R"("TableName":"t","BillingMode":"PAY_PER_REQUEST","Replicas":[{"Region":"eu-west-1",)"
            R"("TableClass":"STANDARD"}])");
  ASSERT_EQ(create("AWS::DynamoDB::GlobalTable", one), "");
  EXPECT_NE(input("dynamodb:CreateTable").find(R"("TableClass":"STANDARD")"), std::string::npos);
  EXPECT_EQ(existing_->properties, object(one)) << "kept as the template has it";
  ASSERT_EQ(
      update(table(R"("TableName":"t","BillingMode":"PAY_PER_REQUEST",)"
                   R"("Replicas":[{"Region":"eu-west-1","DeletionProtectionEnabled":true}])")),
      "");
  EXPECT_NE(world_.listed().find("dynamodb:UpdateTable"), std::string::npos);
  for (const auto& [replicas, message] :
       {std::pair(R"([{"Region":"a"},{"Region":"b"}])",
                  "stator has one region at a time: Replicas must hold one replica"),
        {R"([{"Region":"us-west-2"}])",
         "stator has no replicas in other regions: Replicas names us-west-2 in a stack of "
         "eu-west-1"},
        {R"([{"Region":"eu-west-1","KinesisStreamSpecification":{}}])",
         "stator does not support Replicas.KinesisStreamSpecification"}}) {
    EXPECT_EQ(
        create("AWS::DynamoDB::GlobalTable",
               table(R"("BillingMode":"PAY_PER_REQUEST","Replicas":)" + std::string(replicas))),
        message);
  }
}

TEST(ResourceTypes, SayWhatBecomesOfEveryProperty) {
  for (const ResourceType& type : resource_types()) {
    for (const Property& property : type.properties) {
      EXPECT_NE(property.on_change, OnChange::kRefuse) << type.name << "." << property.name;
      EXPECT_TRUE(property.on_change != OnChange::kInPlace || type.update) << type.name;
    }
    EXPECT_TRUE(type.create && type.remove) << type.name;
    EXPECT_EQ(find_resource_type(type.name), &type);
  }
}

}  // namespace
}  // namespace stator::cloudformation::resources
