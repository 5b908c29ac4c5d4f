#include "ssm/service.hpp"

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "ssm/test_kit.hpp"

namespace stator::ssm {
namespace {

struct FakeAuthorizer final : aws::Authorizer {
  Result<void> authorize(const aws::Call&, std::span<const aws::Permission> needs) override {
    asked.clear();
    for (const auto& need : needs) {
      asked += need.action + " " + need.resource + "\n";
      for (const auto& key : need.keys ? need.keys() : aws::ConditionKeys()) {
        asked += "  " + key.name + "=" + (key.values.empty() ? "" : key.values.front()) + "\n";
      }
    }
    return {};
  }
  std::string asked;
};

class SsmApi : public testing::Test {
 protected:
  SsmApi() {
    call_.account = kPlace.account;
    call_.region = kPlace.region;
    call_.now = clock_.wall();
    call_.principal.arn = "arn:aws:iam::000000000000:root";
  }

  Result<json::Object> run(std::string_view name, std::string_view members) {
    for (const auto& operation : service_.operations) {
      if (operation.name() != name) continue;
      return operation.run_json(call_, aws::Input(json::parse_object(members).value()),
                                authorizer_);
    }
    return internal("no operation " + std::string(name));
  }
  json::Object ok(std::string_view name, std::string_view members) {
    auto output = run(name, members);
    EXPECT_TRUE(output) << name << members << ": " << (output ? "" : output.error().message);
    return output ? *output : json::Object();
  }
  std::string error(std::string_view name, std::string_view members) {
    const auto output = run(name, members);
    if (output) return "";
    return output.error().aws_type.empty() ? std::string(to_string(output.error().code))
                                           : output.error().aws_type;
  }
  /// The names in a list of parameters.
  static std::string names(const json::Object& output) {
    std::string all;
    for (const auto& one : output.at("Parameters").as_array()) {
      all += std::string(json::view(one.at("Name").as_string())) + " ";
    }
    return all;
  }

  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  FakeClock clock_;
  FakeSealer sealer_;
  Parameters parameters_{*store_, sealer_};
  aws::Service service_ = make_service(parameters_);
  FakeAuthorizer authorizer_;
  aws::Call call_;
};

TEST_F(SsmApi, PutsAndGets) {
  EXPECT_EQ(ok("PutParameter", R"({"Name":"/app/url","Value":"x","Type":"String","Description":"d",
                "Tags":[{"Key":"k","Value":"v"}]})"),
            (json::Object{{"Version", 1}, {"Tier", "Standard"}}));
  EXPECT_EQ(authorizer_.asked,
            "ssm:PutParameter arn:aws:ssm:us-east-1:000000000000:parameter/app/url\n"
            "  ssm:Overwrite=false\n  aws:RequestTag/k=v\n  aws:TagKeys=k\n"
            "ssm:AddTagsToResource arn:aws:ssm:us-east-1:000000000000:parameter/app/url\n"
            "  aws:RequestTag/k=v\n  aws:TagKeys=k\n");
  const auto got = ok("GetParameter", R"({"Name":"/app/url:1"})").at("Parameter").as_object();
  EXPECT_EQ(got.at("Value"), json::Value("x"));
  EXPECT_EQ(got.at("Selector"), json::Value(":1"));
  EXPECT_EQ(got.at("ARN"), json::Value("arn:aws:ssm:us-east-1:000000000000:parameter/app/url"));
  EXPECT_EQ(got.at("LastModifiedDate"), json::Value(1767323045.678));
  EXPECT_NE(authorizer_.asked.find("aws:ResourceTag/k=v"), std::string::npos);

  ok("PutParameter", R"({"Name":"/app/url","Value":"y","Overwrite":true})");
  const auto described =
      ok("DescribeParameters", R"({"ParameterFilters":[{"Key":"Name","Values":["/app/url"]}]})");
  ASSERT_EQ(names(described), "/app/url ");
  const auto& metadata = described.at("Parameters").as_array()[0].as_object();
  EXPECT_EQ(metadata.at("Description"), json::Value("d")) << "kept when it is not given";
  EXPECT_EQ(metadata.at("Version"), json::Value(2));
  EXPECT_EQ(metadata.at("LastModifiedUser"), json::Value("arn:aws:iam::000000000000:root"));

  const auto both = ok("GetParameters", R"({"Names":["/app/url","/none","/app/url:7"]})");
  EXPECT_EQ(names(both), "/app/url ");
  EXPECT_EQ(both.at("InvalidParameters"), json::Value(json::Array{"/none", "/app/url:7"}));
  const auto gone = ok("DeleteParameters", R"({"Names":["/app/url","/none"]})");
  EXPECT_EQ(gone.at("DeletedParameters"), json::Value(json::Array{"/app/url"}));
  EXPECT_EQ(gone.at("InvalidParameters"), json::Value(json::Array{"/none"}));
  EXPECT_EQ(error("GetParameter", R"({"Name":"/app/url"})"), "ParameterNotFound");
  EXPECT_EQ(error("DeleteParameter", R"({"Name":"/app/url"})"), "ParameterNotFound");
}

TEST_F(SsmApi, RefusesWhatItDoesNotDo) {
  const std::pair<const char*, ErrorCode> cases[] = {
      {R"({"Name":"p","Value":"v"})", ErrorCode::kInvalid},
      {R"({"Name":"p","Value":"","Type":"String"})", ErrorCode::kInvalid},
      {R"({"Name":"p","Value":"v","Type":"Text"})", ErrorCode::kInvalid},
      {R"({"Name":"p","Value":"v","Type":"String","Tier":"Gold"})", ErrorCode::kInvalid},
      {R"({"Name":"p","Value":"v","Type":"String","DataType":"aws:ec2:image"})",
       ErrorCode::kUnsupported},
      {R"({"Name":"p","Value":"v","Type":"String","Policies":"[{\"Type\":\"Expiration\"}]"})",
       ErrorCode::kUnsupported},
      {R"({"Name":"p","Value":"v","Type":"SecureString","KeyId":"alias/mine"})",
       ErrorCode::kUnsupported},
      {R"({"Name":"p","Value":"v","Type":"String","KeyId":"alias/aws/ssm"})", ErrorCode::kInvalid},
      {R"({"Name":"p","Value":"v","Type":"String","Overwrite":true,"Tags":[{"Key":"k","Value":"v"}]})",
       ErrorCode::kInvalid},
      {R"({"Name":"p","Value":"v","Type":"String","Tags":[{"Key":"k","Value":"v"},{"Key":"k","Value":""}]})",
       ErrorCode::kInvalid},
      {R"({"Name":"p","Value":"v","Type":"String","Other":1})", ErrorCode::kUnsupported}};
  for (const auto& [input, code] : cases) {
    const auto output = run("PutParameter", input);
    ASSERT_FALSE(output) << input;
    EXPECT_EQ(output.error().code, code) << input << output.error().message;
  }
  EXPECT_EQ(names(ok("DescribeParameters", "{}")), "") << "nothing was made";
}

TEST_F(SsmApi, WalksPaths) {
  for (const char* name : {"/a/1", "/a/2", "/a/b/3", "/ab", "plain"}) {
    ok("PutParameter", R"({"Type":"String","Value":"v","Name":")" + std::string(name) + "\"}");
  }
  EXPECT_EQ(names(ok("GetParametersByPath", R"({"Path":"/a"})")), "/a/1 /a/2 ");
  EXPECT_EQ(authorizer_.asked,
            "ssm:GetParametersByPath arn:aws:ssm:us-east-1:000000000000:parameter/a\n"
            "  ssm:Recursive=false\n");
  EXPECT_EQ(names(ok("GetParametersByPath", R"({"Path":"/a/","Recursive":true})")),
            "/a/1 /a/2 /a/b/3 ");
  EXPECT_EQ(names(ok("GetParametersByPath", R"({"Path":"/"})")), "/ab plain ");
  auto page = ok("GetParametersByPath", R"({"Path":"/","Recursive":true,"MaxResults":3})");
  EXPECT_EQ(names(page), "/a/1 /a/2 /a/b/3 ");
  page = ok("GetParametersByPath", R"({"Path":"/","Recursive":true,"NextToken":)" +
                                       json::dump(page.at("NextToken")) + "}");
  EXPECT_EQ(names(page), "/ab plain ");
  EXPECT_FALSE(page.contains("NextToken"));
  EXPECT_FALSE(run("GetParametersByPath", R"({"Path":"a"})"));
  EXPECT_EQ(error("GetParametersByPath", R"({"Path":"/a","NextToken":"!"})"), "InvalidNextToken");
  EXPECT_FALSE(run("GetParametersByPath", R"({"Path":"/a","MaxResults":11})"));
}

TEST_F(SsmApi, FiltersDescriptions) {
  ok("PutParameter", R"({"Name":"/a/s","Value":"v","Type":"String",
     "Tags":[{"Key":"env","Value":"dev"}]})");
  ok("PutParameter", R"({"Name":"/a/b/l","Value":"v,w","Type":"StringList"})");
  ok("PutParameter", R"({"Name":"x","Value":"v","Type":"SecureString","Tier":"Advanced"})");
  const auto listed = [this](const std::string& filter) {
    return names(ok("DescribeParameters", R"({"ParameterFilters":[)" + filter + "]}"));
  };
  EXPECT_EQ(listed(R"({"Key":"Type","Values":["String","SecureString"]})"), "/a/s x ");
  EXPECT_EQ(listed(R"({"Key":"Name","Option":"Contains","Values":["b"]})"), "/a/b/l ");
  EXPECT_EQ(listed(R"({"Key":"Name","Option":"BeginsWith","Values":["/a"]})"), "/a/b/l /a/s ");
  EXPECT_EQ(listed(R"({"Key":"Path","Values":["/a"]})"), "/a/s ");
  EXPECT_EQ(listed(R"({"Key":"Path","Option":"Recursive","Values":["/a"]})"), "/a/b/l /a/s ");
  EXPECT_EQ(listed(R"({"Key":"tag:env","Values":["dev"]})"), "/a/s ");
  EXPECT_EQ(listed(R"({"Key":"tag:env"})"), "/a/s ");
  EXPECT_EQ(listed(R"({"Key":"Tier","Values":["Advanced"]})"), "x ");
  EXPECT_EQ(listed(R"({"Key":"KeyId","Values":["alias/aws/ssm"]})"), "x ");
  EXPECT_EQ(listed(R"({"Key":"Type","Values":["String"]},{"Key":"Tier","Values":["Advanced"]})"),
            "");
  EXPECT_EQ(names(ok("DescribeParameters", R"({"Filters":[{"Key":"Name","Values":["/a"]}]})")),
            "/a/b/l /a/s ");
  EXPECT_EQ(error("DescribeParameters", R"({"ParameterFilters":[{"Key":"Label","Values":["x"]}]})"),
            "InvalidFilterKey");
  EXPECT_EQ(error("DescribeParameters",
                  R"({"ParameterFilters":[{"Key":"Type","Option":"Contains","Values":["x"]}]})"),
            "InvalidFilterOption");
  EXPECT_EQ(error("DescribeParameters", R"({"ParameterFilters":[{"Key":"Type"}]})"),
            "InvalidFilterValue");
}

TEST_F(SsmApi, TellsTheHistoryWithLabels) {
  ok("PutParameter", R"({"Name":"s","Value":"one","Type":"SecureString"})");
  ok("PutParameter", R"({"Name":"s","Value":"two","Overwrite":true})");
  EXPECT_EQ(ok("LabelParameterVersion",
               R"({"Name":"s","ParameterVersion":1,"Labels":["ok","aws-x","1x"]})"),
            (json::Object{{"InvalidLabels", json::Array{"aws-x", "1x"}}, {"ParameterVersion", 1}}));
  auto page = ok("GetParameterHistory", R"({"Name":"s","WithDecryption":true,"MaxResults":1})");
  const auto& first = page.at("Parameters").as_array().at(0).as_object();
  EXPECT_EQ(first.at("Value"), json::Value("one"));
  EXPECT_EQ(first.at("Labels"), json::Value(json::Array{"ok"}));
  EXPECT_EQ(first.at("KeyId"), json::Value("alias/aws/ssm"));
  page = ok("GetParameterHistory",
            R"({"Name":"s","NextToken":)" + json::dump(page.at("NextToken")) + "}");
  ASSERT_EQ(page.at("Parameters").as_array().size(), 1u);
  EXPECT_NE(page.at("Parameters").as_array()[0].at("Value"), json::Value("two")) << "sealed";
  EXPECT_FALSE(page.contains("NextToken"));
  EXPECT_EQ(
      ok("UnlabelParameterVersion", R"({"Name":"s","ParameterVersion":1,"Labels":["ok","no"]})"),
      (json::Object{{"RemovedLabels", json::Array{"ok"}}, {"InvalidLabels", json::Array{"no"}}}));
}

TEST_F(SsmApi, Tags) {
  ok("PutParameter", R"({"Name":"p","Value":"v","Type":"String"})");
  ok("AddTagsToResource", R"({"ResourceType":"Parameter","ResourceId":"p",
     "Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]})");
  ok("RemoveTagsFromResource",
     R"({"ResourceType":"Parameter","ResourceId":"p","TagKeys":["a","none"]})");
  EXPECT_EQ(
      json::dump(ok("ListTagsForResource", R"({"ResourceType":"Parameter","ResourceId":"p"})")),
      R"({"TagList":[{"Key":"b","Value":"2"}]})");
  EXPECT_EQ(error("ListTagsForResource", R"({"ResourceType":"Parameter","ResourceId":"q"})"),
            "InvalidResourceId");
  EXPECT_EQ(error("AddTagsToResource", R"({"ResourceType":"Document","ResourceId":"p","Tags":[]})"),
            "InvalidResourceType");
}

}  // namespace
}  // namespace stator::ssm
