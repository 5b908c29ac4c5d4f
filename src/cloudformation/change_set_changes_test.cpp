#include "cloudformation/change_set_changes.hpp"

#include <gtest/gtest.h>

#include "cloudformation/change_causes.hpp"

namespace stator::cloudformation {
namespace {

json::Value value(const char* text) {
  return json::parse(text).value();
}

std::vector<std::string> differences(const char* before, const char* after) {
  std::vector<std::string> found;
  const json::Value old = value(before), now = value(after);
  visit_differences(&old, &now,
                    [&](const std::string& path, const json::Value* b, const json::Value* a) {
                      found.push_back(path + " " + (b ? shown_value(*b) : "-") + " " +
                                      (a ? shown_value(*a) : "-"));
                    });
  return found;
}

TEST(ChangeSetChanges, FindDifferencesByPath) {
  using Found = std::vector<std::string>;
  EXPECT_EQ(differences(R"({"a":1})", R"({"a":1})"), Found());
  EXPECT_EQ(differences("1", "2"), Found{" 1 2"});
  EXPECT_EQ(differences(R"({"a":{"b":"x"},"c":1})", R"({"a":{"b":"y","d":2}})"),
            (Found{"/a/b x y", "/a/d - 2", "/c 1 -"}));
  EXPECT_EQ(differences(R"([{"k":1},2,3])", R"([{"k":2},2])"), (Found{"/0/k 1 2", "/2 3 -"}));
  EXPECT_EQ(differences(R"({"a":[]})", R"({"a":{}})"), Found{"/a [] {}"});
}

TEST(ChangeCauses, NameWhatTheTemplateAndItsParametersChanged) {
  const json::Object conditions =
      json::parse_object(R"({"IsBig":{"Fn::Equals":[{"Ref":"Size"},"big"]},)"
                         R"("Other":{"Fn::Not":[{"Condition":"IsBig"}]}})")
          .value();
  Causes causes(conditions, {"Size"});
  causes.made_anew("Role");
  struct Case {
    const char* before;
    const char* after;
    std::vector<Cause> causes;
  };
  const Case cases[] = {
      {"1", "2", {{ChangeSource::kDirectModification, ""}}},
      {R"({"Ref":"Size"})", R"({"Ref":"Size"})", {{ChangeSource::kParameterReference, "Size"}}},
      {R"({"Ref":"Same"})", R"({"Ref":"Same"})", {{ChangeSource::kDirectModification, ""}}},
      {R"({"Fn::Sub":"${Role}-x"})",
       R"({"Fn::Sub":"${Role}-x"})",
       {{ChangeSource::kResourceReference, "Role"}}},
      {R"({"Fn::GetAtt":["Role","Arn"]})",
       R"({"Fn::GetAtt":["Role","Arn"]})",
       {{ChangeSource::kResourceAttribute, "Role.Arn"}}},
      {"1",
       R"([{"Ref":"Role"},{"Ref":"Role"}])",
       {{ChangeSource::kResourceReference, "Role"}, {ChangeSource::kDirectModification, ""}}},
      {R"({"Fn::If":["Other",1,2]})",
       R"({"Fn::If":["Other",1,2]})",
       {{ChangeSource::kParameterReference, "Size"}}},
  };
  for (const Case& test : cases) {
    const json::Value before = value(test.before), after = value(test.after);
    EXPECT_EQ(causes.of(&before, &after), test.causes) << test.before << " " << test.after;
  }
}

TEST(ChangeCauses, HideWhatComesFromAHiddenParameter) {
  const Names hidden{"Secret"};
  const json::Value declared = value(R"({"A":{"Ref":"Secret"},"B":[{"Ref":"Open"},)"
                                     R"({"Fn::Sub":"x-${Secret}"}],"C":1})");
  const json::Value resolved = value(R"({"A":"s","B":["o","x-s"],"C":1})");
  EXPECT_EQ(json::dump(veiled(resolved, &declared, hidden)),
            R"({"A":"****","B":["o","****"],"C":1})");
  // Where nothing is hidden, or nothing tells where the value comes from.
  EXPECT_EQ(veiled(resolved, &declared, {}), resolved);
  EXPECT_EQ(veiled(resolved, nullptr, hidden), json::Value("****"));
  // A function that builds the whole from a hidden part.
  const json::Value joined = value(R"({"Fn::Join":["-",["a",{"Ref":"Secret"}]]})");
  EXPECT_EQ(veiled("a-s", &joined, hidden), json::Value("****"));
}

}  // namespace
}  // namespace stator::cloudformation
