#include "ssm/parameters.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "ssm/filters.hpp"
#include "ssm/test_kit.hpp"

namespace stator::ssm {
namespace {

struct Kit {
  std::unique_ptr<storage::Store> store = storage::make_memory_store();
  FakeSealer sealer;
  Parameters parameters{*store, sealer};

  Result<Version> put(const std::string& name, std::string value, bool is_overwriting = true) {
    NewVersion given{std::move(value)};
    given.type = "String";
    given.is_overwriting = is_overwriting;
    return parameters.put(kPlace, name, std::move(given));
  }
  std::string value(const std::string& reference) {
    const auto found = parameters.find(kPlace, parse_reference(reference, kPlace).value());
    return found ? parameters.value(kPlace, *found, true).value() : found.error().aws_type;
  }
};

TEST(Names, FollowTheRules) {
  for (const char* name : {"a", "/a", "/a/b/c", "a.b-c_d", "/1", "/x/aws", "/x/ssm"}) {
    EXPECT_TRUE(check_new_name(name, kPlace)) << name;
  }
  struct Case {
    std::string name;
    std::string_view type;
  };
  for (const Case& test :
       {Case{"a b", ""}, Case{"a/b", ""}, Case{"/a//b", ""}, Case{"/a/", ""}, Case{"awsx", ""},
        Case{"SSMx", ""}, Case{"/ssm/x", ""}, Case{"a:1", ""}, Case{"\xc3\xa9", ""},
        Case{std::string(1'000, 'x'), ""},
        Case{"/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", "HierarchyLevelLimitExceededException"}}) {
    const auto checked = check_new_name(test.name, kPlace);
    ASSERT_FALSE(checked) << test.name;
    EXPECT_EQ(checked.error().aws_type, test.type) << test.name;
  }
  EXPECT_EQ(check_new_name("/aws/x", kPlace).error().code, ErrorCode::kAccessDenied);
}

TEST(Names, AreReadFromArnsAndSelectors) {
  const auto plain = parse_reference("/a/b:3", kPlace).value();
  EXPECT_EQ(plain.name, "/a/b");
  EXPECT_EQ(plain.selector, ":3");
  const std::string arn = "arn:aws:ssm:us-east-1:000000000000:parameter/";
  EXPECT_EQ(parse_reference(arn + "a/b:live", kPlace)->name, "/a/b");
  EXPECT_EQ(parse_reference(arn + "a/b:live", kPlace)->selector, ":live");
  EXPECT_EQ(parse_reference(arn + "a", kPlace)->name, "a");
  EXPECT_FALSE(parse_reference("arn:aws:ssm:eu-west-1:000000000000:parameter/a", kPlace));
  EXPECT_FALSE(parse_reference("arn:aws:s3:::a", kPlace));
  EXPECT_EQ(parameter_arn(kPlace, "/a/b"), arn + "a/b");
  EXPECT_EQ(parameter_arn(kPlace, "a"), arn + "a");
}

TEST(Parameters, KeepTheirVersions) {
  Kit kit;
  EXPECT_EQ(kit.put("p", "one")->number, 1);
  EXPECT_EQ(kit.put("p", "two")->number, 2);
  EXPECT_EQ(kit.put("p", "three", false).error().aws_type, "ParameterAlreadyExists");
  EXPECT_EQ(kit.value("p"), "two");
  EXPECT_EQ(kit.value("p:1"), "one");
  EXPECT_EQ(kit.value("p:3"), "ParameterVersionNotFound");
  EXPECT_EQ(kit.value("q"), "ParameterNotFound");
  EXPECT_EQ(kit.parameters.remove(kPlace, "p").value(), true);
  EXPECT_EQ(kit.parameters.remove(kPlace, "p").value(), false);
  EXPECT_EQ(kit.put("p", "again")->number, 1);
  EXPECT_EQ(kit.parameters.history(kPlace, "p")->size(), 1u) << "old versions went with it";
}

TEST(Parameters, LoseTheOldestOfAHundredVersionsUnlessALabelHoldsIt) {
  Kit kit;
  for (std::size_t i = 0; i <= Parameters::kVersionsMax; ++i) ASSERT_TRUE(kit.put("p", "v"));
  EXPECT_EQ(kit.parameters.history(kPlace, "p")->size(), Parameters::kVersionsMax);
  EXPECT_EQ(kit.value("p:1"), "ParameterVersionNotFound");
  const auto oldest = kit.parameters.find(kPlace, {"p", ":2"});
  ASSERT_TRUE(oldest);
  ASSERT_TRUE(kit.parameters.label(kPlace, *oldest, {"kept"}));
  EXPECT_EQ(kit.put("p", "v").error().aws_type, "ParameterMaxVersionLimitExceeded");
}

TEST(Parameters, MoveLabelsFromVersionToVersion) {
  Kit kit;
  for (const char* value : {"one", "two"}) ASSERT_TRUE(kit.put("p", value));
  const auto first = kit.parameters.find(kPlace, {"p", ":1"}).value();
  const auto second = kit.parameters.find(kPlace, {"p"}).value();
  ASSERT_TRUE(kit.parameters.label(kPlace, first, {"live", "old"}));
  ASSERT_TRUE(kit.parameters.label(kPlace, second, {"live"}));
  EXPECT_EQ(kit.value("p:live"), "two");
  EXPECT_EQ(kit.value("p:old"), "one");
  EXPECT_EQ(kit.parameters.unlabel(kPlace, first, {"old", "other"})->size(), 1u);
  EXPECT_EQ(kit.value("p:old"), "ParameterVersionNotFound");
  std::set<std::string> many;
  for (int i = 0; i < 11; ++i) many.insert("l" + std::to_string(i));
  EXPECT_EQ(kit.parameters.label(kPlace, first, many).error().aws_type,
            "ParameterVersionLabelLimitExceeded");
}

TEST(Parameters, SealWhatIsSecure) {
  Kit kit;
  NewVersion secret{"swordfish"};
  secret.type = "SecureString";
  ASSERT_TRUE(kit.parameters.put(kPlace, "/s", secret));
  const auto found = kit.parameters.find(kPlace, {"/s"}).value();
  EXPECT_EQ(kit.parameters.value(kPlace, found, true).value(), "swordfish");
  EXPECT_EQ(kit.parameters.value(kPlace, found, false).value().find("swordfish"),
            std::string::npos);
  const auto records = kit.store->iterate(storage::Family::kMeta, {});
  for (records->seek_first(); records->valid(); records->next()) {
    EXPECT_EQ(records->value().find("swordfish"), std::string_view::npos);
  }
}

TEST(Parameters, HaveTiers) {
  Kit kit;
  NewVersion given{std::string(4'097, 'x')};
  given.type = "String";
  EXPECT_FALSE(kit.parameters.put(kPlace, "p", given)) << "too long for the standard tier";
  given.tier = "Intelligent-Tiering";
  EXPECT_EQ(kit.parameters.put(kPlace, "p", given)->tier, "Advanced");
  given.is_overwriting = true;
  given.value = "short";
  given.tier.reset();
  EXPECT_EQ(kit.parameters.put(kPlace, "p", given)->tier, "Advanced");
  given.tier = "Standard";
  EXPECT_FALSE(kit.parameters.put(kPlace, "p", given));
  given.tier = "Advanced";
  given.value = std::string(8'193, 'x');
  EXPECT_FALSE(kit.parameters.put(kPlace, "p", given));
}

TEST(Parameters, AreHeldToTheirPattern) {
  Kit kit;
  NewVersion given{"12a"};
  given.type = "String";
  given.allowed_pattern = "^\\d+$";
  EXPECT_EQ(kit.parameters.put(kPlace, "p", given).error().aws_type,
            "ParameterPatternMismatchException");
  given.allowed_pattern = "(";
  EXPECT_EQ(kit.parameters.put(kPlace, "p", given).error().aws_type,
            "InvalidAllowedPatternException");
  given.allowed_pattern = "\\d+[a-z]";
  EXPECT_TRUE(kit.parameters.put(kPlace, "p", given));
}

/// Pages by path are what a look through all names gives.
RC_GTEST_PROP(Parameters, WalkAsAModelDoes, ()) {
  Kit kit;
  std::map<std::string, std::string> model;
  const auto part = rc::gen::element<std::string>("a", "b", "ab", "c-", "c.");
  const auto names = *rc::gen::container<std::vector<std::string>>(
      rc::gen::map(rc::gen::container<std::vector<std::string>>(part),
                   [](const std::vector<std::string>& parts) {
                     std::string name;
                     for (const auto& one : parts) name += "/" + one;
                     return name.empty() ? std::string("plain") : name.substr(0, 60);
                   }));
  for (const auto& name : names) {
    if (std::count(name.begin(), name.end(), '/') > 15 || name.ends_with('/')) continue;
    model[name] = name + "!";
    RC_ASSERT(static_cast<bool>(kit.put(name, name + "!")));
  }
  const std::string path = *rc::gen::element<std::string>("/", "/a/", "/a/b/", "/ab/", "/c-/");
  const bool is_recursive = *rc::gen::arbitrary<bool>();
  std::map<std::string, std::string> found;
  std::string after;
  for (bool is_done = false; !is_done;) {
    std::size_t count = 0;
    is_done = true;
    const auto walked =
        kit.parameters.walk(kPlace, path == "/" ? "" : path, after, [&](const Found& one) {
          if (!is_below(one.parameter.name, path, is_recursive)) return true;
          if (count++ == 2) {
            is_done = false;
            return false;
          }
          after = one.parameter.name;
          found[after] = one.version.value;
          return true;
        });
    RC_ASSERT(static_cast<bool>(walked));
  }
  std::map<std::string, std::string> wanted;
  for (const auto& [name, value] : model) {
    if (is_below(name, path, is_recursive)) wanted[name] = value;
  }
  RC_ASSERT(found == wanted);
}

}  // namespace
}  // namespace stator::ssm
