#include <gtest/gtest.h>

#include "lambda/test_support.hpp"

namespace stator::lambda::test {
namespace {

const std::string kArn = "arn:aws:lambda:us-east-1:000000000000:function:f";

std::string text_of(const json::Object& object, std::string_view name) {
  return json::find_string(object, name).value_or("(absent)");
}

/// The answer's text, or "Type: message".
std::string outcome(const Result<json::Object>& result) {
  return result ? json::dump(*result) : result.error().aws_type + ": " + result.error().message;
}

/// A function "f" with as many versions as asked for, each of other code.
class Versioned : public Lab {
 public:
  explicit Versioned(int versions = 0) {
    EXPECT_TRUE(create("f"));
    for (int i = 0; i < versions; ++i) publish_new();
  }
  void update() {
    const std::string zip = make_zip_base64({{"bootstrap", std::to_string(++codes_)}});
    EXPECT_TRUE(run("UpdateFunctionCode", R"({"FunctionName":"f","ZipFile":")" + zip + "\"}"));
  }
  std::string publish(const std::string& further = "") {
    const auto made = run("PublishVersion", R"({"FunctionName":"f")" + further + "}");
    return made ? text_of(*made, "Version") : outcome(made);
  }
  void publish_new() {
    update();
    (void)publish();
  }
  Result<json::Object> alias(const std::string& operation, const std::string& further) {
    return run(operation, R"({"FunctionName":"f","Name":"live")" + further + "}");
  }
  Result<json::Object> get(const std::string& qualifier) {
    return run("GetFunctionConfiguration",
               R"({"FunctionName":"f","Qualifier":")" + qualifier + "\"}");
  }
  Catalog::FunctionPtr resolve(const std::string& qualifier, double draw = 1.0) {
    return functions->catalog().resolve({{"000000000000", "us-east-1", "f"}, qualifier}, draw);
  }

 private:
  int codes_ = 0;
};

TEST(Versions, PublishingMakesAVersionThatDoesNotChange) {
  Versioned lab;
  lab.update();
  const auto made =
      lab.run("PublishVersion", R"({"FunctionName":"f","Description":"first release"})");
  ASSERT_TRUE(made) << outcome(made);
  EXPECT_EQ(text_of(*made, "Version"), "1");
  EXPECT_EQ(text_of(*made, "FunctionArn"), kArn + ":1");
  EXPECT_EQ(text_of(*made, "State"), "Pending");
  lab.update();
  for (int i = 0; i < 2; ++i) {
    const auto read = lab.get("1");
    ASSERT_TRUE(read) << outcome(read);
    EXPECT_EQ(text_of(*read, "CodeSha256"), text_of(*made, "CodeSha256"));
    EXPECT_EQ(text_of(*read, "RevisionId"), text_of(*made, "RevisionId"));
    EXPECT_EQ(text_of(*read, "Description"), "first release");
    EXPECT_EQ(text_of(*read, "FunctionArn"), kArn + ":1");
    EXPECT_EQ(text_of(*read, "State"), "Active");
    EXPECT_NE(text_of(*lab.get("$LATEST"), "CodeSha256"), text_of(*made, "CodeSha256"));
    lab.restart();
  }
  EXPECT_EQ(outcome(lab.run("UpdateFunctionConfiguration", R"({"FunctionName":"f:1","Timeout":9})"))
                .substr(0, 30),
            "InvalidParameterValueException");
}

TEST(Versions, TheSameCodeAndConfigurationIsTheSameVersion) {
  Versioned lab;
  EXPECT_EQ(lab.publish(), "1");
  EXPECT_EQ(lab.publish(), "1");
  EXPECT_EQ(lab.publish(R"(,"Description":"another word for it")"), "1");
  ASSERT_TRUE(lab.run("TagResource", R"({"Resource":")" + kArn + R"(","Tags":{"a":"b"}})"));
  EXPECT_EQ(lab.publish(), "1") << "tags are the function's";
  ASSERT_TRUE(lab.run("UpdateFunctionConfiguration",
                      R"({"FunctionName":"f","Description":"new","Timeout":7})"));
  EXPECT_EQ(lab.publish(), "2");
  lab.update();
  EXPECT_EQ(lab.publish(), "3");
}

TEST(Versions, PublishingChecksWhatItIsGiven) {
  Versioned lab;
  const auto latest = lab.get("$LATEST");
  const std::string sha256 = text_of(*latest, "CodeSha256");
  EXPECT_EQ(lab.publish(R"(,"CodeSha256":"x")"),
            "InvalidParameterValueException: CodeSHA256 (x) is different from current CodeSHA256 "
            "in $LATEST (" +
                sha256 + "). Please try again with the CodeSHA256 in $LATEST.");
  EXPECT_TRUE(lab.publish(R"(,"RevisionId":"x")").starts_with("PreconditionFailedException"));
  EXPECT_TRUE(lab.publish(R"(,"Description":")" + std::string(257, 'x') + "\"")
                  .starts_with("InvalidParameterValueException"));
  EXPECT_EQ(lab.publish(R"(,"CodeSha256":")" + sha256 + R"(","RevisionId":")" +
                        text_of(*latest, "RevisionId") + "\""),
            "1");
  EXPECT_TRUE(lab.run("PublishVersion", R"({"FunctionName":"g"})").error().aws_type ==
              "ResourceNotFoundException");
}

TEST(Versions, CreatingAndUpdatingMayPublish) {
  Lab lab;
  const auto made = lab.create("f", R"("Publish":true)");
  ASSERT_TRUE(made) << outcome(made);
  EXPECT_EQ(text_of(*made, "Version"), "1");
  EXPECT_EQ(text_of(*made, "FunctionArn"), kArn + ":1");
  const auto updated =
      lab.run("UpdateFunctionCode", R"({"FunctionName":"f","Publish":true,"ZipFile":")" +
                                        make_zip_base64({{"bootstrap", "new"}}) + "\"}");
  ASSERT_TRUE(updated) << outcome(updated);
  EXPECT_EQ(text_of(*updated, "Version"), "2");
}

TEST(Versions, NumbersAreNeverUsedTwice) {
  Versioned lab(2);
  ASSERT_TRUE(lab.run("DeleteFunction", R"({"FunctionName":"f","Qualifier":"2"})"));
  EXPECT_FALSE(lab.get("2"));
  lab.update();
  EXPECT_EQ(lab.publish(), "3");
  ASSERT_TRUE(lab.run("DeleteFunction", R"({"FunctionName":"f"})"));
  EXPECT_FALSE(lab.get("1"));
  lab.restart();
  ASSERT_TRUE(lab.create("f"));
  EXPECT_FALSE(lab.get("1"));
  EXPECT_EQ(lab.publish(), "4") << "not even by a function that is made again";
}

TEST(Versions, ListsThemInPages) {
  Versioned lab(11);
  std::string all;
  std::string marker;
  do {
    const auto page =
        lab.run("ListVersionsByFunction", R"({"FunctionName":"f","MaxItems":"5")" + marker + "}");
    ASSERT_TRUE(page) << outcome(page);
    for (const auto& version : json::find(*page, "Versions")->as_array()) {
      all += text_of(version.as_object(), "FunctionArn").substr(kArn.size());
    }
    const auto next = json::find_string(*page, "NextMarker");
    marker = next ? R"(,"Marker":")" + *next + "\"" : "";
    all += "|";
  } while (!marker.empty());
  EXPECT_EQ(all, ":$LATEST:1:2:3:4|:5:6:7:8:9|:10:11|");
}

TEST(Versions, ListFunctionsMayShowEveryVersion) {
  Versioned lab(2);
  ASSERT_TRUE(lab.create("f-g"));
  const auto all = lab.run("ListFunctions", R"({"FunctionVersion":"ALL"})");
  ASSERT_TRUE(all);
  std::string names;
  for (const auto& one : json::find(*all, "Functions")->as_array()) {
    names += text_of(one.as_object(), "FunctionName") + text_of(one.as_object(), "Version") + " ";
  }
  EXPECT_EQ(names, "f$LATEST f1 f2 f-g$LATEST ");
  EXPECT_EQ(json::find(*lab.run("ListFunctions", "{}"), "Functions")->as_array().size(), 2u);
  EXPECT_FALSE(lab.run("ListFunctions", R"({"FunctionVersion":"SOME"})"));
}

TEST(Versions, KeepTheirCode) {
  Versioned lab(1);
  lab.update();
  lab.restart();
  const auto code = lab.functions->catalog().referenced_code();
  EXPECT_EQ(code->size(), 2u);
  lab.functions->sweep_code();
  EXPECT_TRUE(std::filesystem::exists(lab.directory.path() / "code"));
  ASSERT_TRUE(lab.run("DeleteFunction", R"({"FunctionName":"f","Qualifier":"1"})"));
  EXPECT_EQ(lab.functions->catalog().referenced_code()->size(), 1u);
}

TEST(Versions, OneThatAnAliasPointsAtStays) {
  Versioned lab(2);
  ASSERT_TRUE(lab.alias("CreateAlias", R"(,"FunctionVersion":"1","RoutingConfig":)"
                                       R"({"AdditionalVersionWeights":{"2":0.5}})"));
  for (const auto* version : {"1", "2"}) {
    EXPECT_EQ(outcome(lab.run("DeleteFunction", R"({"FunctionName":"f","Qualifier":")" +
                                                    std::string(version) + "\"}")),
              "ResourceConflictException: Unable to delete version because the following aliases "
              "reference it: [live]");
  }
  EXPECT_EQ(outcome(lab.run("DeleteFunction", R"({"FunctionName":"f","Qualifier":"live"})")),
            "InvalidParameterValueException: Deletion of aliases is not currently supported.");
  EXPECT_TRUE(lab.get("1"));
}

TEST(Aliases, ComeAndGo) {
  Versioned lab(2);
  const auto made =
      lab.alias("CreateAlias", R"(,"FunctionVersion":"1","Description":"what users get")");
  ASSERT_TRUE(made) << outcome(made);
  EXPECT_EQ(text_of(*made, "AliasArn"), kArn + ":live");
  EXPECT_FALSE(made->contains("RoutingConfig"));
  EXPECT_EQ(outcome(lab.alias("CreateAlias", R"(,"FunctionVersion":"1")")),
            "ResourceConflictException: Alias already exists: " + kArn + ":live");
  lab.restart();
  EXPECT_EQ(outcome(lab.alias("GetAlias", "")), outcome(made));
  EXPECT_TRUE(lab.alias("UpdateAlias", R"(,"RevisionId":"old")").error().aws_type ==
              "PreconditionFailedException");
  const auto updated = lab.alias("UpdateAlias", R"(,"FunctionVersion":"2","RevisionId":")" +
                                                    text_of(*made, "RevisionId") + "\"");
  ASSERT_TRUE(updated) << outcome(updated);
  EXPECT_EQ(text_of(*updated, "Description"), "what users get");
  EXPECT_NE(text_of(*updated, "RevisionId"), text_of(*made, "RevisionId"));
  const auto read = lab.get("live");
  EXPECT_EQ(text_of(*read, "Version"), "2");
  EXPECT_EQ(text_of(*read, "FunctionArn"), kArn + ":live");
  EXPECT_TRUE(lab.alias("DeleteAlias", ""));
  EXPECT_TRUE(lab.alias("DeleteAlias", "")) << "as on AWS";
  EXPECT_EQ(outcome(lab.alias("GetAlias", "")),
            "ResourceNotFoundException: Cannot find alias arn: " + kArn + ":live");
  EXPECT_FALSE(lab.get("live"));
}

TEST(Aliases, RefuseWhatTheyCannotPointAt) {
  Versioned lab(2);
  const auto weights = [](const std::string& text) {
    return R"(,"RoutingConfig":{"AdditionalVersionWeights":)" + text + "}";
  };
  const struct {
    std::string members;
    const char* outcome;
  } cases[] = {
      {"", "functionVersion"},
      {R"(,"FunctionVersion":"3")",
       "Function not found: arn:aws:lambda:us-east-1:000000000000:"
       "function:f:3"},
      {R"(,"FunctionVersion":"live")", "'functionVersion'"},
      {R"(,"FunctionVersion":"1")" + weights(R"({"1":0.5})"),
       "Function version 1 is already included in routing configuration."},
      {R"(,"FunctionVersion":"1")" + weights(R"({"3":0.5})"), "Function not found"},
      {R"(,"FunctionVersion":"1")" + weights(R"({"2":1.5})"), "from 0.0 to 1.0"},
      {R"(,"FunctionVersion":"1")" + weights(R"({"2":"0.5"})"), "from 0.0 to 1.0"},
      {R"(,"FunctionVersion":"1")" + weights(R"({"$LATEST":0.5})"), "[0-9]+"},
      {R"(,"FunctionVersion":"$LATEST")" + weights(R"({"2":0.5})"), "$LATEST is not supported"},
      {R"(,"FunctionVersion":"1")" + weights(R"({"2":0.1,"3":0.1})"), "greater than 1"},
      {R"(,"FunctionVersion":"1","Unheard":1)", "Unheard"},
  };
  for (const auto& one : cases) {
    const auto result = lab.alias("CreateAlias", one.members);
    ASSERT_FALSE(result) << one.members;
    EXPECT_NE(outcome(result).find(one.outcome), std::string::npos) << one.members << "\n"
                                                                    << outcome(result);
  }
  EXPECT_FALSE(lab.run("CreateAlias", R"({"FunctionName":"f","Name":"7","FunctionVersion":"1"})"));
  EXPECT_FALSE(lab.alias("GetAlias", ""));
}

TEST(Aliases, ListByNameAndByVersion) {
  Versioned lab(2);
  for (const std::string name : {"c", "a", "b"}) {
    ASSERT_TRUE(lab.run("CreateAlias", R"({"FunctionName":"f","Name":")" + name +
                                           R"(","FunctionVersion":")" + (name == "b" ? "2" : "1") +
                                           "\"}"));
  }
  const auto list = [&](const std::string& further) {
    const auto page = lab.run("ListAliases", R"({"FunctionName":"f")" + further + "}");
    EXPECT_TRUE(page) << outcome(page);
    std::string names;
    for (const auto& one : json::find(*page, "Aliases")->as_array()) {
      names += text_of(one.as_object(), "Name");
    }
    return names + (page->contains("NextMarker") ? "+" : "");
  };
  EXPECT_EQ(list(""), "abc");
  EXPECT_EQ(list(R"(,"FunctionVersion":"1")"), "ac");
  EXPECT_EQ(list(R"(,"MaxItems":"2")"), "ab+");
}

TEST(Aliases, DrawAVersionByWeight) {
  Versioned lab(2);
  ASSERT_TRUE(lab.alias("CreateAlias", R"(,"FunctionVersion":"1","RoutingConfig":)"
                                       R"({"AdditionalVersionWeights":{"2":0.25}})"));
  EXPECT_EQ(lab.resolve("live", 0.0)->version, "2");
  EXPECT_EQ(lab.resolve("live", 0.2499)->version, "2");
  EXPECT_EQ(lab.resolve("live", 0.25)->version, "1");
  EXPECT_EQ(lab.resolve("live")->version, "1");
  EXPECT_EQ(lab.resolve("")->version, "$LATEST");
  EXPECT_EQ(lab.resolve("2", 0.0)->version, "2");
  EXPECT_EQ(lab.resolve("3"), nullptr);
  EXPECT_EQ(lab.resolve("02"), nullptr);
  ASSERT_TRUE(lab.alias("UpdateAlias", R"(,"RoutingConfig":{})"));
  EXPECT_EQ(lab.resolve("live", 0.0)->version, "1");
}

TEST(Policies, BelongToOneQualifier) {
  Versioned lab(1);
  ASSERT_TRUE(lab.alias("CreateAlias", R"(,"FunctionVersion":"1")"));
  const auto add = [&](const std::string& further) {
    return lab.run("AddPermission",
                   R"({"FunctionName":"f","StatementId":"s","Action":"lambda:InvokeFunction",)"
                   R"("Principal":"s3.amazonaws.com")" +
                       further + "}");
  };
  const auto get = [&](const std::string& further) {
    return lab.run("GetPolicy", R"({"FunctionName":"f")" + further + "}");
  };
  const std::string live = R"(,"Qualifier":"live")";
  const auto added = add(live);
  ASSERT_TRUE(added) << outcome(added);
  EXPECT_NE(text_of(*added, "Statement").find("\"Resource\":\"" + kArn + ":live\""),
            std::string::npos);
  EXPECT_FALSE(get(""));
  EXPECT_FALSE(get(R"(,"Qualifier":"1")"));
  EXPECT_FALSE(add(live)) << "the id is taken";
  EXPECT_TRUE(add("")) << "but not by the function";
  EXPECT_EQ(outcome(add(R"(,"Qualifier":"$LATEST")")),
            "InvalidParameterValueException: We currently do not support adding policies for "
            "$LATEST.");
  EXPECT_EQ(outcome(add(R"(,"Qualifier":"9")")),
            "ResourceNotFoundException: Function not found: " + kArn + ":9");
  const FunctionReference reference{{"000000000000", "us-east-1", "f"}, "live"};
  for (int i = 0; i < 2; ++i) {
    EXPECT_NE(lab.functions->catalog().policy(reference), nullptr);
    EXPECT_EQ(lab.functions->catalog().policy({reference.key, "1"}), nullptr);
    lab.restart();
  }
  const std::string revision = text_of(*get(live), "RevisionId");
  const auto remove = [&](const std::string& further) {
    return lab.run("RemovePermission", R"({"FunctionName":"f","StatementId":"s")" + further + "}");
  };
  EXPECT_EQ(remove(live + R"(,"RevisionId":"old")").error().aws_type,
            "PreconditionFailedException");
  EXPECT_TRUE(remove(live + R"(,"RevisionId":")" + revision + "\""));
  EXPECT_FALSE(get(live));
  EXPECT_TRUE(get(""));
}

TEST(Policies, GoWithTheirQualifier) {
  Versioned lab(1);
  const std::string add =
      R"({"FunctionName":"f","StatementId":"s","Action":"lambda:InvokeFunction",)"
      R"("Principal":"s3.amazonaws.com","Qualifier":")";
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(lab.alias("CreateAlias", R"(,"FunctionVersion":"1")"));
    ASSERT_TRUE(lab.run("AddPermission", add + "live\"}"));
    ASSERT_TRUE(lab.alias("DeleteAlias", ""));
  }
}

}  // namespace
}  // namespace stator::lambda::test
