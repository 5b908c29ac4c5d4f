#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/crypto.hpp"
#include "lambda/events/lineage.hpp"
#include "lambda/test_support.hpp"

namespace stator::lambda::test {
namespace {

std::string text_of(const json::Object& object, std::string_view name) {
  return json::find_string(object, name).value_or("(absent)");
}

const json::Object& object_of(const json::Object& object, std::string_view name) {
  return json::find(object, name)->as_object();
}

/// The answer's text, or "Type: message".
std::string outcome(const Result<json::Object>& result) {
  return result ? json::dump(*result) : result.error().aws_type + ": " + result.error().message;
}

TEST(LambdaOps, CreatesAFunctionWithTheDefaultsOfAws) {
  Lab lab;
  const auto made = lab.create("items");
  ASSERT_TRUE(made) << outcome(made);
  EXPECT_EQ(text_of(*made, "FunctionArn"), "arn:aws:lambda:us-east-1:000000000000:function:items");
  EXPECT_EQ(text_of(*made, "State"), "Pending");
  EXPECT_EQ(text_of(*made, "StateReasonCode"), "Creating");
  EXPECT_FALSE(made->contains("LastUpdateStatus"));
  EXPECT_FALSE(made->contains("Environment"));
  EXPECT_EQ(json::find_int(*made, "Timeout"), 3);
  EXPECT_EQ(json::find_int(*made, "MemorySize"), 128);
  EXPECT_EQ(text_of(*made, "PackageType"), "Zip");
  EXPECT_EQ(text_of(*made, "Version"), "$LATEST");
  EXPECT_EQ(text_of(object_of(*made, "SnapStart"), "OptimizationStatus"), "Off");
  EXPECT_EQ(text_of(object_of(*made, "LoggingConfig"), "LogGroup"), "/aws/lambda/items");
  const std::string zip = make_zip({{"bootstrap", "#!/bin/sh\n"}});
  EXPECT_EQ(text_of(*made, "CodeSha256"), base64_encode(crypto::sha256(zip)));
  EXPECT_EQ(json::find_int(*made, "CodeSize"), static_cast<std::int64_t>(zip.size()));
}

TEST(LambdaOps, AsksForEveryPermissionThatACreationTakes) {
  Lab lab;
  lab.artifacts.objects["b/k.zip"] = make_zip({{"lib/x", "x"}});
  ASSERT_TRUE(lab.run("PublishLayerVersion",
                      R"({"LayerName":"l","Content":{"S3Bucket":"b","S3Key":"k.zip"}})"));
  EXPECT_EQ(lab.authorizer.asked,
            (std::vector<std::string>{
                "s3:GetObject arn:aws:s3:::b/k.zip",
                "lambda:PublishLayerVersion arn:aws:lambda:us-east-1:000000000000:layer:l"}));
  lab.authorizer.asked.clear();
  ASSERT_TRUE(lab.create("f", R"("Layers":["arn:aws:lambda:us-east-1:000000000000:layer:l:1"])"));
  EXPECT_EQ(lab.authorizer.asked,
            (std::vector<std::string>{
                "lambda:CreateFunction arn:aws:lambda:us-east-1:000000000000:function:f",
                "iam:PassRole arn:aws:iam::000000000000:role/r",
                "lambda:GetLayerVersion arn:aws:lambda:us-east-1:000000000000:layer:l:1"}));
}

TEST(LambdaOps, ADeniedCreationLeavesNothing) {
  Lab lab;
  lab.authorizer.denied = "iam:PassRole";
  EXPECT_FALSE(lab.create("f"));
  lab.authorizer.denied = "";
  EXPECT_EQ(lab.run("GetFunction", R"({"FunctionName":"f"})").error().message,
            "Function not found: arn:aws:lambda:us-east-1:000000000000:function:f");
  EXPECT_TRUE(std::filesystem::is_empty(lab.directory.path() / "code"));
}

TEST(LambdaOps, RefusesBadCreations) {
  const std::string base =
      R"("Role":"arn:aws:iam::000000000000:role/r","Handler":"h","Runtime":"provided.al2023")";
  const std::string code =
      R"(,"Code":{"ZipFile":")" + make_zip_base64({{"bootstrap", "x"}}) + "\"}";
  const std::string big(4'097, 'x');
  const struct {
    std::string members;
    const char* outcome;
  } cases[] = {
      {R"("Role":"r","Handler":"h","Runtime":"java21")" + code,
       "InvalidParameterValueException: Value java21 at 'runtime' is not supported"},
      {R"("Role":"r")" + code, "Runtime and Handler are mandatory"},
      {R"("Role":"arn:aws:iam::0:role/missing","Handler":"h","Runtime":"provided.al2")" + code,
       "cannot be assumed by Lambda."},
      {base, "InvalidParameterValueException: Please provide a source for function code."},
      {base + R"(,"Code":{"ZipFile":"!"})", "SerializationException"},
      {base + R"(,"Code":{"ZipFile":""})", "Uploaded file must be a non-empty zip"},
      {base + R"(,"Code":{"ZipFile":"bm90IGEgemlw"})", "Could not unzip uploaded file"},
      {base + R"(,"Code":{"ImageUri":"x"})", "ImageUri is not supported"},
      {base + R"(,"Code":{"S3Bucket":"b"})", "S3Bucket and S3Key must be given together."},
      {base + R"(,"Code":{"S3Bucket":"b","S3Key":"k"})",
       "S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist."},
      {base + code + R"(,"Timeout":901)", "'timeout' failed to satisfy constraint"},
      {base + code + R"(,"Timeout":0)", "greater than or equal to 1"},
      {base + code + R"(,"MemorySize":64)", "greater than or equal to 128"},
      {base + code + R"(,"PackageType":"Image")", "PackageType Image is not supported"},
      {base + code + R"(,"Architectures":["arm64"])", "[arm64] at 'architectures'"},
      {base + code + R"(,"VpcConfig":{"SubnetIds":["s"]})", "VpcConfig is not supported"},
      {base + code + R"(,"DeadLetterConfig":{"TargetArn":"a"})", "DeadLetterConfig"},
      {base + code + R"(,"TracingConfig":{"Mode":"Active"})", "TracingConfig.Mode \"Active\""},
      {base + code + R"(,"LoggingConfig":{"LogFormat":"XML"})", "loggingConfig.logFormat"},
      {base + code + R"(,"Unheard":1)", "Unheard"},
      {base + code + R"(,"Layers":["nothing"])", "layer version"},
      {base + code + R"(,"Layers":["arn:aws:lambda:us-east-1:000000000000:layer:l:1"])",
       "Layer version arn:aws:lambda:us-east-1:000000000000:layer:l:1 does not exist."},
      {base + code + R"(,"Environment":{"Variables":{"AWS_REGION":"x","LAMBDA_TASK_ROOT":"y"}})",
       "Reserved keys used in this request: AWS_REGION, LAMBDA_TASK_ROOT"},
      {base + code + R"(,"Environment":{"Variables":{"1A":"x"}})", "environment.variables"},
      {base + code + R"(,"Environment":{"Variables":{"AB":")" + big + "\"}}",
       "exceeded the 4KB limit. String measured: {"},
      {base + code + R"(,"Tags":{"":"x"})", "Tag"},
  };
  Lab lab;
  for (const auto& one : cases) {
    const auto result = lab.run("CreateFunction", R"({"FunctionName":"f",)" + one.members + "}");
    ASSERT_FALSE(result) << one.members;
    EXPECT_NE(outcome(result).find(one.outcome), std::string::npos)
        << one.members.substr(0, 200) << "\n"
        << outcome(result);
  }
  EXPECT_FALSE(lab.run("GetFunction", R"({"FunctionName":"f"})"));
}

TEST(LambdaOps, EmptyStructuresSayNone) {
  Lab lab;
  const auto made =
      lab.create("f", R"("VpcConfig":{"SubnetIds":[],"SecurityGroupIds":[]},"DeadLetterConfig":{},)"
                      R"("KMSKeyArn":"","FileSystemConfigs":[],"Publish":false,"Layers":[],)"
                      R"("TracingConfig":{"Mode":"PassThrough"},"EphemeralStorage":{"Size":1024},)"
                      R"("Environment":{"Variables":{}}, "Architectures":["x86_64"])");
  ASSERT_TRUE(made) << outcome(made);
  EXPECT_TRUE(made->contains("Environment"));
  EXPECT_EQ(json::find_int(object_of(*made, "EphemeralStorage"), "Size"), 1024);
}

TEST(LambdaOps, ANameIsTakenOnce) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  EXPECT_EQ(outcome(lab.create("f")), "ResourceConflictException: Function already exist: f");
}

TEST(LambdaOps, ReadsAFunctionBack) {
  Lab lab;
  ASSERT_TRUE(lab.create("f", R"("Tags":{"team":"x"},"Environment":{"Variables":{"TABLE":"t"}})"));
  for (int after_restart = 0; after_restart < 2; ++after_restart) {
    const auto got = lab.run("GetFunction", R"({"FunctionName":"f"})");
    ASSERT_TRUE(got) << outcome(got);
    const auto& configuration = object_of(*got, "Configuration");
    EXPECT_EQ(text_of(configuration, "State"), "Active");
    EXPECT_EQ(text_of(configuration, "LastUpdateStatus"), "Successful");
    EXPECT_EQ(text_of(object_of(object_of(configuration, "Environment"), "Variables"), "TABLE"),
              "t");
    EXPECT_EQ(text_of(object_of(*got, "Code"), "RepositoryType"), "S3");
    EXPECT_EQ(text_of(object_of(*got, "Tags"), "team"), "x");
    const auto alone = lab.run("GetFunctionConfiguration", R"({"FunctionName":"f"})");
    EXPECT_EQ(json::dump(*alone), json::dump(configuration));
    lab.restart();
  }
}

TEST(LambdaOps, UnknownFunctionsAndVersionsAreNotFound) {
  Lab lab;
  const std::string arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
  for (const auto* operation :
       {"GetFunction", "GetFunctionConfiguration", "DeleteFunction", "ListVersionsByFunction",
        "GetFunctionCodeSigningConfig", "GetPolicy"}) {
    EXPECT_EQ(outcome(lab.run(operation, R"({"FunctionName":"f"})")),
              "ResourceNotFoundException: Function not found: " + arn)
        << operation;
  }
  ASSERT_TRUE(lab.create("f"));
  EXPECT_EQ(outcome(lab.run("GetFunction", R"({"FunctionName":"f","Qualifier":"3"})")),
            "ResourceNotFoundException: Function not found: " + arn + ":3");
}

TEST(LambdaOps, ListsFunctionsInPages) {
  Lab lab;
  for (const auto* name : {"c", "a", "b"}) ASSERT_TRUE(lab.create(name));
  std::string names;
  std::string marker;
  for (int page = 0; page < 3; ++page) {
    const auto got = lab.run("ListFunctions", R"({"MaxItems":"1")" + marker + "}");
    ASSERT_TRUE(got) << outcome(got);
    names += text_of(json::find(*got, "Functions")->as_array().at(0).as_object(), "FunctionName");
    EXPECT_EQ(got->contains("NextMarker"), page < 2);
    if (page < 2) marker = R"(,"Marker":")" + text_of(*got, "NextMarker") + "\"";
  }
  EXPECT_EQ(names, "abc");
  EXPECT_FALSE(lab.run("ListFunctions", R"({"Marker":"!"})"));
  EXPECT_FALSE(lab.run("ListFunctions", R"({"MaxItems":"many"})"));
}

TEST(LambdaOps, UpdatesCode) {
  Lab lab;
  const auto made = lab.create("f");
  ASSERT_TRUE(made);
  const std::string fresh = make_zip_base64({{"bootstrap", "new"}});
  const std::string input = R"({"FunctionName":"f","ZipFile":")" + fresh + "\"";
  const auto stale = lab.run("UpdateFunctionCode", input + R"(,"RevisionId":"old"})");
  EXPECT_EQ(outcome(stale),
            "PreconditionFailedException: The Revision Id provided does not match the latest "
            "Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id");
  const auto dry = lab.run("UpdateFunctionCode", input + R"(,"DryRun":true})");
  ASSERT_TRUE(dry) << outcome(dry);
  EXPECT_NE(text_of(*dry, "CodeSha256"), text_of(*made, "CodeSha256"));
  const auto before = lab.run("GetFunctionConfiguration", R"({"FunctionName":"f"})");
  EXPECT_EQ(text_of(*before, "CodeSha256"), text_of(*made, "CodeSha256"));
  const auto updated = lab.run("UpdateFunctionCode",
                               input + R"(,"RevisionId":")" + text_of(*made, "RevisionId") + "\"}");
  ASSERT_TRUE(updated) << outcome(updated);
  EXPECT_EQ(text_of(*updated, "LastUpdateStatus"), "InProgress");
  EXPECT_EQ(text_of(*updated, "CodeSha256"), text_of(*dry, "CodeSha256"));
  EXPECT_NE(text_of(*updated, "RevisionId"), text_of(*made, "RevisionId"));
}

TEST(LambdaOps, UpdatesConfigurationMemberByMember) {
  Lab lab;
  ASSERT_TRUE(lab.create("f", R"("Description":"d")"));
  const auto updated = lab.run("UpdateFunctionConfiguration",
                               R"({"FunctionName":"f","Timeout":7,"MemorySize":256})");
  ASSERT_TRUE(updated) << outcome(updated);
  EXPECT_EQ(json::find_int(*updated, "Timeout"), 7);
  EXPECT_EQ(json::find_int(*updated, "MemorySize"), 256);
  EXPECT_EQ(text_of(*updated, "Description"), "d");
  EXPECT_EQ(text_of(*updated, "LastUpdateStatus"), "InProgress");
  EXPECT_FALSE(
      lab.run("UpdateFunctionConfiguration", R"({"FunctionName":"f","Timeout":8,"Runtime":"x"})"));
  const auto kept = lab.run("GetFunctionConfiguration", R"({"FunctionName":"f"})");
  EXPECT_EQ(json::find_int(*kept, "Timeout"), 7);
}

TEST(LambdaOps, DeletesAFunctionAndItsCode) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  EXPECT_EQ(outcome(lab.run("DeleteFunction", R"({"FunctionName":"f","Qualifier":"$LATEST"})")),
            "InvalidParameterValueException: $LATEST version cannot be deleted without deleting "
            "the function.");
  ASSERT_TRUE(lab.run("DeleteFunction", R"({"FunctionName":"f"})"));
  EXPECT_FALSE(lab.run("GetFunction", R"({"FunctionName":"f"})"));
  EXPECT_TRUE(std::filesystem::is_empty(lab.directory.path() / "code"));
  ASSERT_TRUE(lab.create("f"));
}

TEST(LambdaOps, LayersKeepTheirNumbersAndFunctionsTheirCode) {
  Lab lab;
  const std::string publish = R"({"LayerName":"l","Description":"d",)"
                              R"("CompatibleRuntimes":["provided.al2023"],"Content":{"ZipFile":")" +
                              make_zip_base64({{"lib/libx.so", "x"}}) + "\"}}";
  ASSERT_TRUE(lab.run("PublishLayerVersion", publish));
  const std::string arn = "arn:aws:lambda:us-east-1:000000000000:layer:l:1";
  ASSERT_TRUE(lab.create("f", R"("Layers":[")" + arn + "\"]"));
  const auto got = lab.run("GetLayerVersion", R"({"LayerName":"l","VersionNumber":"1"})");
  ASSERT_TRUE(got) << outcome(got);
  EXPECT_EQ(text_of(*got, "LayerVersionArn"), arn);
  EXPECT_TRUE(object_of(*got, "Content").contains("CodeSha256"));
  ASSERT_TRUE(lab.run("DeleteLayerVersion", R"({"LayerName":"l","VersionNumber":"1"})"));
  EXPECT_EQ(outcome(lab.run("GetLayerVersion", R"({"LayerName":"l","VersionNumber":1})")),
            "ResourceNotFoundException: The resource you requested does not exist.");
  const auto configuration = lab.run("GetFunctionConfiguration", R"({"FunctionName":"f"})");
  EXPECT_EQ(json::find(*configuration, "Layers")->as_array().size(), 1u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(lab.directory.path() / "code"), {}),
            4)
      << "two packages, each a zip and a directory";
  const auto second = lab.run("PublishLayerVersion", publish);
  EXPECT_EQ(json::find_int(*second, "Version"), 2);
  const auto third = lab.run("PublishLayerVersion", publish);
  const auto list = lab.run("ListLayerVersions", R"({"LayerName":"l"})");
  const auto& versions = json::find(*list, "LayerVersions")->as_array();
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_EQ(json::find_int(versions[0].as_object(), "Version"), 3);
}

TEST(LambdaOps, TwoVersionsOfOneLayerDoNotMix) {
  Lab lab;
  const std::string publish = R"({"LayerName":"l","Content":{"ZipFile":")" +
                              make_zip_base64({{"lib/libx.so", "x"}}) + "\"}}";
  ASSERT_TRUE(lab.run("PublishLayerVersion", publish));
  ASSERT_TRUE(lab.run("PublishLayerVersion", publish));
  const std::string arn = "arn:aws:lambda:us-east-1:000000000000:layer:l:";
  const auto made = lab.create("f", R"("Layers":[")" + arn + "1\",\"" + arn + "2\"]");
  EXPECT_EQ(outcome(made),
            "InvalidParameterValueException: Two different versions of the same layer are not "
            "allowed to be referenced in the same function. " +
                arn + "1 and " + arn + "2 are versions of the same layer.");
  std::string six;
  for (int i = 0; i < 6; ++i) six += (i > 0 ? ",\"" : "\"") + arn + std::to_string(i + 1) + "\"";
  EXPECT_EQ(outcome(lab.create("f", "\"Layers\":[" + six + "]")),
            "InvalidParameterValueException: Cannot reference more than 5 layers.");
}

TEST(LambdaOps, GivesListsAndTakesPermissions) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  EXPECT_EQ(outcome(lab.run("GetPolicy", R"({"FunctionName":"f"})")),
            "ResourceNotFoundException: The resource you requested does not exist.");
  const std::string add =
      R"({"FunctionName":"f","StatementId":"gw","Action":"lambda:InvokeFunction",)"
      R"("Principal":"apigateway.amazonaws.com",)"
      R"("SourceArn":"arn:aws:execute-api:us-east-1:000000000000:abc/*"})";
  const auto added = lab.run("AddPermission", add);
  ASSERT_TRUE(added) << outcome(added);
  EXPECT_TRUE(json::parse_object(text_of(*added, "Statement")));
  EXPECT_EQ(outcome(lab.run("AddPermission", add)),
            "ResourceConflictException: The statement id (gw) provided already exists. Please "
            "provide a new statement id, or remove the existing statement.");
  lab.restart();
  const auto got = lab.run("GetPolicy", R"({"FunctionName":"f"})");
  const auto policy = json::parse_object(text_of(*got, "Policy"));
  EXPECT_EQ(json::dump(json::find(*policy, "Statement")->as_array().at(0)),
            text_of(*added, "Statement"));
  EXPECT_EQ(outcome(lab.run("RemovePermission", R"({"FunctionName":"f","StatementId":"x"})")),
            "ResourceNotFoundException: Statement x is not found in resource policy.");
  EXPECT_TRUE(lab.run("RemovePermission", R"({"FunctionName":"f","StatementId":"gw"})"));
  EXPECT_FALSE(lab.run("GetPolicy", R"({"FunctionName":"f"})"));
}

TEST(LambdaOps, RefusesPermissionsThatAreNone) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  const std::string base = R"({"FunctionName":"f","StatementId":"s","Action":")";
  for (const auto& [rest, part] : std::vector<std::pair<std::string, std::string>>{
           {R"(lambda:InvokeFunction","Principal":"*.amazonaws.com"})", "principal was invalid"},
           {R"(lambda:InvokeFunction","Principal":"somebody"})", "principal was invalid"},
           {R"(lambda:InvokeFunction","Principal":"arn:aws:iam::1:group/g"})", "principal"},
           {R"(lambda:InvokeFunction","Principal":"*","FunctionUrlAuthType":"x"})",
            "functionUrlAuthType"},
           {R"(lambda:InvokeFunction","Principal":"s.amazonaws.com","SourceArn":"x"})",
            "sourceArn"},
           {R"(lambda:InvokeFunction","Principal":"s.amazonaws.com","Qualifier":"7"})",
            "Function not found"},
           {R"(dynamodb:GetItem","Principal":"s.amazonaws.com"})", "'action'"}}) {
    const auto result = lab.run("AddPermission", base + rest);
    ASSERT_FALSE(result) << rest;
    EXPECT_NE(outcome(result).find(part), std::string::npos) << outcome(result);
  }
}

TEST(LambdaOps, PermissionsNameEveryKindOfPrincipal) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  int number = 0;
  for (const auto* rest :
       {R"("Principal":"*","PrincipalOrgID":"o-abcdefghij")",
        R"("Principal":"*","FunctionUrlAuthType":"NONE")", R"("Principal":"111122223333")",
        R"("Principal":"arn:aws:iam::111122223333:role/caller")",
        R"("Principal":"*","InvokedViaFunctionUrl":true)",
        R"("Principal":"alexa.amazon.com","EventSourceToken":"token")"}) {
    const auto added =
        lab.run("AddPermission",
                R"({"FunctionName":"f","Action":"lambda:InvokeFunction","StatementId":"s)" +
                    std::to_string(++number) + R"(",)" + rest + "}");
    EXPECT_TRUE(added) << rest << " " << outcome(added);
  }
  lab.restart();
  const auto got = lab.run("GetPolicy", R"({"FunctionName":"f"})");
  const auto policy = json::parse_object(text_of(*got, "Policy"));
  EXPECT_EQ(json::find(*policy, "Statement")->as_array().size(), 6u);
  EXPECT_NE(text_of(*got, "Policy").find(R"({"Bool":{"lambda:InvokedViaFunctionUrl":"true"}})"),
            std::string::npos);
}

TEST(LambdaOps, LayerVersionsHavePoliciesOfTheirOwn) {
  Lab lab;
  ASSERT_TRUE(lab.run("PublishLayerVersion", R"({"LayerName":"l","Content":{"ZipFile":")" +
                                                 make_zip_base64({{"lib/libx.so", "x"}}) + "\"}}"));
  const std::string version = R"({"LayerName":"l","VersionNumber":1)";
  EXPECT_EQ(outcome(lab.run("GetLayerVersionPolicy", version + "}")),
            "ResourceNotFoundException: No policy is associated with the given resource.");
  const std::string add = version + R"(,"StatementId":"s","Action":"lambda:GetLayerVersion")";
  const auto added = lab.run("AddLayerVersionPermission", add + R"(,"Principal":"111122223333"})");
  ASSERT_TRUE(added) << outcome(added);
  EXPECT_FALSE(lab.run("AddLayerVersionPermission", add + R"(,"Principal":"*"})")) << "one id";
  const auto got = lab.run("GetLayerVersionPolicy", version + "}");
  ASSERT_TRUE(got) << outcome(got);
  EXPECT_EQ(text_of(*got, "RevisionId"), text_of(*added, "RevisionId"));
  EXPECT_NE(text_of(*got, "Policy").find("arn:aws:iam::111122223333:root"), std::string::npos);
  EXPECT_EQ(
      lab.run("RemoveLayerVersionPermission", version + R"(,"StatementId":"s","RevisionId":"old"})")
          .error()
          .aws_type,
      "PreconditionFailedException");
  EXPECT_TRUE(lab.run("RemoveLayerVersionPermission", version + R"(,"StatementId":"s"})"));
  EXPECT_FALSE(lab.run("GetLayerVersionPolicy", version + "}"));
  EXPECT_EQ(lab.run("AddLayerVersionPermission",
                    R"({"LayerName":"l","VersionNumber":2,"StatementId":"s",)"
                    R"("Action":"lambda:GetLayerVersion","Principal":"*"})")
                .error()
                .aws_type,
            "ResourceNotFoundException");
}

TEST(LambdaOps, TagsByArn) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  const std::string arn = R"({"Resource":"arn:aws:lambda:us-east-1:000000000000:function:f")";
  ASSERT_TRUE(lab.run("TagResource", arn + R"(,"Tags":{"a":"1","b":"2"}})"));
  ASSERT_TRUE(lab.run("UntagResource", arn + R"(,"TagKeys":["a"]})"));
  EXPECT_EQ(outcome(lab.run("ListTags", arn + "}")), R"({"Tags":{"b":"2"}})");
}

TEST(LambdaOps, AnswersWhatTerraformAsks) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  EXPECT_EQ(outcome(lab.run("GetFunctionCodeSigningConfig", R"({"FunctionName":"f"})")),
            R"({"FunctionName":"f"})");
  const auto versions =
      lab.run("ListVersionsByFunction", R"({"FunctionName":"f","MaxItems":"10000"})");
  const auto& list = json::find(*versions, "Versions")->as_array();
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(text_of(list[0].as_object(), "FunctionArn"),
            "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST");
}

TEST(LambdaOps, InvokeChecksItsRequestBeforeAnythingRuns) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  const std::string event_too_large = "\"" + std::string(1u << 20, 'x') + "\"";
  std::string looping;
  for (int i = 0; i < events::kRoundsMax; ++i) {
    looping = events::with_round(looping, "arn:aws:lambda:us-east-1:000000000000:function:f");
  }
  const struct {
    const char* name;
    std::string payload;
    std::pair<std::string, std::string> header;
    const char* type;
  } cases[] = {
      {"g", "{}", {}, "ResourceNotFoundException"},
      {"f", "{not json", {}, "InvalidRequestContentException"},
      {"g", "{}", {"X-Amz-Invocation-Type", "Event"}, "ResourceNotFoundException"},
      {"f", "{", {"X-Amz-Invocation-Type", "Event"}, "InvalidRequestContentException"},
      {"f", event_too_large, {"X-Amz-Invocation-Type", "Event"}, "RequestEntityTooLargeException"},
      {"f", "{}", {"X-Amz-Log-Type", "All"}, "ValidationException"},
      {"f",
       "{}",
       {"X-Amz-Client-Context", std::string(3'584, 'e')},
       "InvalidRequestContentException"},
      {"f", "{}", {"X-Amzn-Trace-Id", looping}, "RecursiveInvocationException"},
      {"f", "{}", {"X-Amz-Invocation-Type", "Later"}, "ValidationException"},
      {"f", "{}", {"X-Amz-Client-Context", "!"}, "InvalidRequestContentException"},
      {"f", "\"" + std::string(6u << 20, 'x') + "\"", {}, "RequestEntityTooLargeException"},
  };
  for (const auto& one : cases) {
    const auto result = lab.invoke(one.name, one.payload, {one.header});
    ASSERT_FALSE(result) << one.payload.substr(0, 40);
    EXPECT_EQ(result.error().aws_type, one.type) << result.error().message;
  }
  const auto dry = lab.invoke("f", "", {{"X-Amz-Invocation-Type", "DryRun"}});
  ASSERT_TRUE(dry);
  EXPECT_EQ(dry->status, 204);
  EXPECT_EQ(lab.invoke("f", "{}").error().code, ErrorCode::kUnavailable) << "not started";
}

}  // namespace
}  // namespace stator::lambda::test
