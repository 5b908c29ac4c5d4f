#include "cloudformation/resources/iam.hpp"

#include "cloudformation/resources/test_types.hpp"

namespace stator::cloudformation::resources {
namespace {

class IamTypes : public TypeLab {
 protected:
  IamTypes() {
    answer("iam:CreateUser", R"({"User":{"Arn":"arn:u"}})");
    answer("iam:CreateGroup", R"({"Group":{"Arn":"arn:g"}})");
    answer("iam:GetUser", R"({"User":{"Arn":"arn:u2","Path":"/x/"}})");
    answer("iam:CreatePolicy", R"({"Policy":{"Arn":"arn:p","AttachmentCount":0}})");
    answer("iam:CreateAccessKey",
           R"({"AccessKey":{"AccessKeyId":"AKIA1","SecretAccessKey":"secret"}})");
    answer("iam:CreateInstanceProfile", R"({"InstanceProfile":{"Arn":"arn:i"}})");
    answer("iam:CreateOpenIDConnectProvider", R"({"OpenIDConnectProviderArn":"arn:o"})");
    answer("iam:ListPolicyVersions",
           R"({"Versions":[{"VersionId":"v5","IsDefaultVersion":true},{"VersionId":"v4"},)"
           R"({"VersionId":"v3"},{"VersionId":"v2"},{"VersionId":"v1"}]})");
  }
};

/// What an update of a type from `before` to `after` calls.
struct Change {
  const char* type;
  const char* before;
  const char* after;
  const char* calls;
};

class IamChanges : public IamTypes, public ::testing::WithParamInterface<Change> {};

TEST_P(IamChanges, CallJustWhatTheyNeed) {
  ASSERT_EQ(create(GetParam().type, GetParam().before), "");
  ASSERT_EQ(update(GetParam().after), "");
  EXPECT_EQ(world_.listed(), GetParam().calls);
  ASSERT_EQ(update(GetParam().after), "") << "what is the same is left alone";
  EXPECT_EQ(update(GetParam().before), "");
}

INSTANTIATE_TEST_SUITE_P(
    Types, IamChanges,
    ::testing::Values(
        Change{
            "AWS::IAM::Role",
            R"({"AssumeRolePolicyDocument":{},"Description":"d","PermissionsBoundary":"b",)"
            R"("Policies":[{"PolicyName":"a","PolicyDocument":{}}],"Tags":[{"Key":"k","Value":"1"}]})",
            R"({"AssumeRolePolicyDocument":{"x":1},"MaxSessionDuration":7200,)"
            R"("ManagedPolicyArns":["m"],"Policies":[{"PolicyName":"b","PolicyDocument":{}}]})",
            "iam:UpdateAssumeRolePolicy iam:UpdateRole iam:AttachRolePolicy iam:PutRolePolicy "
            "iam:DeleteRolePolicy iam:DeleteRolePermissionsBoundary iam:UntagRole "},
        Change{
            "AWS::IAM::User", R"({"Groups":["a"],"Tags":[{"Key":"k","Value":"1"}]})",
            R"({"Groups":["b"],"Path":"/x/","Tags":[{"Key":"k","Value":"2"}]})",
            "iam:UpdateUser iam:GetUser iam:TagUser iam:AddUserToGroup iam:RemoveUserFromGroup "},
        Change{"AWS::IAM::Group", R"({"ManagedPolicyArns":["m"]})",
               R"({"ManagedPolicyArns":["n"]})", "iam:AttachGroupPolicy iam:DetachGroupPolicy "},
        Change{"AWS::IAM::Policy",
               R"({"PolicyName":"p","PolicyDocument":{},"Roles":["a","b"],"Users":["u"]})",
               R"({"PolicyName":"p","PolicyDocument":{},"Roles":["b"],"Groups":["g"]})",
               "iam:PutRolePolicy iam:PutGroupPolicy iam:DeleteRolePolicy iam:DeleteUserPolicy "},
        Change{"AWS::IAM::ManagedPolicy", R"({"PolicyDocument":{},"Roles":["a"]})",
               R"({"PolicyDocument":{"x":1},"Users":["u"]})",
               "iam:ListPolicyVersions iam:DeletePolicyVersion iam:CreatePolicyVersion "
               "iam:DetachRolePolicy iam:AttachUserPolicy "},
        Change{"AWS::IAM::RolePolicy", R"({"PolicyName":"p","RoleName":"r","PolicyDocument":{}})",
               R"({"PolicyName":"p","RoleName":"r","PolicyDocument":{"x":1}})",
               "iam:PutRolePolicy "},
        Change{"AWS::IAM::AccessKey", R"({"UserName":"u"})",
               R"({"UserName":"u","Status":"Inactive"})", "iam:UpdateAccessKey "},
        Change{"AWS::IAM::InstanceProfile", R"({"Roles":["a"]})", R"({"Roles":["b"]})",
               "iam:RemoveRoleFromInstanceProfile iam:AddRoleToInstanceProfile "},
        Change{"AWS::IAM::UserToGroupAddition", R"({"GroupName":"g","Users":["a"]})",
               R"({"GroupName":"g","Users":["b"]})", "iam:AddUserToGroup iam:RemoveUserFromGroup "},
        Change{"AWS::IAM::OIDCProvider",
               R"({"Url":"https://x","ClientIdList":["a"],"ThumbprintList":["t"]})",
               R"({"Url":"https://x","ClientIdList":["b"],"ThumbprintList":["t2"]})",
               "iam:AddClientIDToOpenIDConnectProvider iam:RemoveClientIDFromOpenIDConnectProvider "
               "iam:UpdateOpenIDConnectProviderThumbprint "}));

TEST_F(IamTypes, RenamingAnInlinePolicyLeavesOnlyTheNewOne) {
  ASSERT_EQ(create("AWS::IAM::Policy", R"({"PolicyName":"p","PolicyDocument":{},"Roles":["a"]})"),
            "");
  EXPECT_TRUE(existing_->physical_id.starts_with("stack-Thing-"));
  ASSERT_EQ(update(R"({"PolicyName":"q","PolicyDocument":{},"Roles":["a"]})"), "");
  EXPECT_EQ(world_.listed(), "iam:PutRolePolicy iam:DeleteRolePolicy ");
  EXPECT_EQ(input("iam:DeleteRolePolicy"), R"({"PolicyName":"p","RoleName":"a"})");
  EXPECT_EQ(remove(), "");
  EXPECT_EQ(input("iam:DeleteRolePolicy"), R"({"PolicyName":"q","RoleName":"a"})");
}

TEST_F(IamTypes, APolicyIsForSomebody) {
  EXPECT_EQ(create("AWS::IAM::Policy", R"({"PolicyName":"p","PolicyDocument":{}})"),
            "At least one of [Groups,Roles,Users] must be non-empty.");
  EXPECT_TRUE(world_.calls.empty());
}

TEST_F(IamTypes, RemovingAManagedPolicyTakesItsVersions) {
  ASSERT_EQ(create("AWS::IAM::ManagedPolicy", R"({"PolicyDocument":{},"Groups":["g"]})"), "");
  EXPECT_EQ(existing_->physical_id, "arn:p");
  ASSERT_EQ(remove(), "");
  EXPECT_EQ(world_.listed(),
            "iam:DetachGroupPolicy iam:ListPolicyVersions iam:DeletePolicyVersion "
            "iam:DeletePolicyVersion iam:DeletePolicyVersion iam:DeletePolicyVersion "
            "iam:DeletePolicy ");
}

TEST_F(IamTypes, RoleIsReadAsTheTemplateWritesIt) {
  ASSERT_EQ(create("AWS::IAM::Role",
                   R"({"AssumeRolePolicyDocument":"{\"a\": 1}","MaxSessionDuration":"3600",)"
                   R"("ManagedPolicyArns":["x","y"],)"
                   R"("Policies":[{"PolicyName":"p","PolicyDocument":{"b":2}}]})"),
            "");
  answer("iam:GetRole", R"({"Role":{"AssumeRolePolicyDocument":"%7B%22a%22%3A1%7D",)"
                        R"("MaxSessionDuration":3600}})");
  answer("iam:ListAttachedRolePolicies",
         R"({"AttachedPolicies":[{"PolicyArn":"y"},{"PolicyArn":"x"},{"PolicyArn":"z"}]})");
  answer("iam:GetRolePolicy", R"({"PolicyDocument":"%7B%22b%22%3A2%7D"})");
  EXPECT_EQ(read(), R"({"AssumeRolePolicyDocument":"{\"a\": 1}","MaxSessionDuration":"3600",)"
                    R"("ManagedPolicyArns":["x","y","z"],)"
                    R"("Policies":[{"PolicyName":"p","PolicyDocument":{"b":2}}]})");
  nothing_at("iam:GetRolePolicy");
  EXPECT_NE(read().find(R"("Policies":[])"), std::string::npos);
}

TEST_F(IamTypes, AccessKeyGivesItsSecretOnce) {
  ASSERT_EQ(create("AWS::IAM::AccessKey", R"({"UserName":"u","Status":"Inactive"})"), "");
  EXPECT_EQ(attribute("SecretAccessKey"), "secret");
  answer("iam:ListAccessKeys",
         R"({"AccessKeyMetadata":[{"AccessKeyId":"AKIA1","Status":"Active"}]})");
  EXPECT_EQ(read(), R"({"UserName":null,"Status":"Active"})");
  answer("iam:ListAccessKeys", R"({"AccessKeyMetadata":[]})");
  EXPECT_EQ(read(), "The access key AKIA1 is gone");
}

}  // namespace
}  // namespace stator::cloudformation::resources
