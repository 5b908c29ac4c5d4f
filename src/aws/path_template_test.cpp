#include "aws/path_template.hpp"

#include <gtest/gtest.h>

#include "base/check.hpp"

namespace stator::aws {
namespace {

TEST(PathTemplate, TakesLabelsAndDecodesThemOnce) {
  const PathTemplate path("/2015-03-31/functions/{FunctionName}/policy/{StatementId}");
  const char* target =
      "/2015-03-31/functions/arn%3Aaws%3Alambda%3Ar%3Aa%3Afunction%3Af/policy/a%2520b";
  ASSERT_TRUE(path.matches(target));
  const auto labels = path.labels(target);
  ASSERT_TRUE(labels);
  EXPECT_EQ(*labels,
            (Labels{{"FunctionName", "arn:aws:lambda:r:a:function:f"}, {"StatementId", "a%20b"}}));
}

TEST(PathTemplate, AGreedyLabelTakesTheRest) {
  const PathTemplate path("/{Bucket}/{Key+}");
  ASSERT_TRUE(path.matches("/b/a/b%2Fc/"));
  EXPECT_EQ(path.labels("/b/a/b%2Fc/").value(), (Labels{{"Bucket", "b"}, {"Key", "a/b/c/"}}));
  EXPECT_FALSE(path.matches("/b/"));
  EXPECT_FALSE(path.matches("/b"));
}

TEST(PathTemplate, MatchesWholePathsOnly) {
  struct Case {
    const char* form;
    const char* path;
    bool matches;
  };
  const Case cases[] = {
      {"/v2/apis", "/v2/apis", true},
      {"/v2/apis", "/v2/apis/", true},
      {"/v2/apis", "/v2/apis//", false},
      {"/v2/apis", "/v2/apis/x", false},
      {"/v2/apis", "/v2", false},
      {"/v2/apis", "/v2/APIS", false},
      {"/v2/apis/{Id}", "/v2/apis/", false},
      {"/v2/apis/{Id}", "/v2/apis/a", true},
      {"/v2/apis/{Id}", "/v2//a", false},
      {"/v2/{A}/x", "/v2//x", false},
      {"/", "/", true},
      {"/", "/x", false},
      {"/{Bucket}", "/b", true},
      {"/v2/apis", "", false},
      {"/v2/apis", "v2/apis", false},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(PathTemplate(test.form).matches(test.path), test.matches)
        << test.form << " on " << test.path;
  }
}

TEST(PathTemplate, RefusesAMalformedEscape) {
  const auto labels = PathTemplate("/{Bucket}").labels("/a%zz");
  ASSERT_FALSE(labels);
  EXPECT_EQ(labels.error().code, ErrorCode::kInvalid);
}

TEST(PathTemplate, RanksTheLiteralAboveTheLabelAboveTheGreedy) {
  const int literal = PathTemplate("/b/c").specificity();
  const int label = PathTemplate("/b/{C}").specificity();
  const int greedy = PathTemplate("/b/{C+}").specificity();
  EXPECT_GT(literal, label);
  EXPECT_GT(label, greedy);
}

TEST(PathTemplate, AMalformedTemplateIsABug) {
  for (const char* text : {"", "v2", "/a//b", "/{}", "/{a", "/{Key+}/b"}) {
    EXPECT_THROW(PathTemplate{text}, BugError) << text;
  }
}

}  // namespace
}  // namespace stator::aws
