#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "cloudformation/engine_lab.hpp"

/// The proofs: whatever fails or is cut off, a stack is the old one or the new one, never a mix.
namespace stator::cloudformation {
namespace {

/// One resource of a random template. Every property of it is seen in the world.
struct Spec {
  bool is_there = false;
  bool is_role = false;
  int variant = 0;  ///< changes in place
  int path = 0;     ///< of roles: changes by replacement
  std::vector<std::size_t> needs;
};
constexpr std::size_t kSpecs = 5;
using Specs = std::vector<Spec>;

std::string template_of(const Specs& specs) {
  json::Object resources;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const Spec& spec = specs[i];
    if (!spec.is_there) continue;
    std::string text = "v" + std::to_string(spec.variant);
    for (const std::size_t need : spec.needs) {
      if (specs[need].is_there) text += " ${R" + std::to_string(need) + "}";
    }
    const json::Value value = json::Object{{"Fn::Sub", text}};
    json::Object properties;
    if (spec.is_role) {
      properties = {{"AssumeRolePolicyDocument", json::Object()},
                    {"Path", "/p" + std::to_string(spec.path) + "/"},
                    {"Description", value}};
      if (spec.variant % 2 == 1) {
        properties["Policies"] = json::Array{
            json::Object{{"PolicyName", "p"}, {"PolicyDocument", json::Object{{"Id", value}}}}};
      }
    } else {
      properties = {{"Type", "String"}, {"Value", value}};
    }
    resources["R" + std::to_string(i)] =
        json::Object{{"Type", spec.is_role ? "AWS::IAM::Role" : "AWS::SSM::Parameter"},
                     {"Properties", std::move(properties)}};
  }
  return json::dump(json::Object{{"Resources", std::move(resources)}});
}

/// Two templates over the same logical ids: a resource keeps its type.
std::pair<std::string, std::string> two_templates() {
  Specs a(kSpecs), b(kSpecs);
  for (std::size_t i = 0; i < kSpecs; ++i) {
    a[i].is_role = b[i].is_role = *rc::gen::arbitrary<bool>();
    for (Spec* spec : {&a[i], &b[i]}) {
      spec->is_there = i == 0 || *rc::gen::weightedElement<bool>({{3, true}, {1, false}});
      spec->variant = *rc::gen::inRange(0, 3);
      spec->path = *rc::gen::inRange(0, 2);
      if (i > 0) {
        spec->needs =
            *rc::gen::container<std::vector<std::size_t>>(2, rc::gen::inRange<std::size_t>(0, i));
      }
    }
  }
  return {template_of(a), template_of(b)};
}

/// Lanes as a seed wants them: one whose order is random, or several real ones.
LaneOptions random_lanes() {
  if (*rc::gen::arbitrary<bool>()) return {.lanes_max = 4};
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  auto chance = std::make_shared<SeededRandom>(seed);
  return {.lanes_max = 1,
          .choose = [chance](std::size_t count) { return std::size_t(chance->below(count)); }};
}

/// The changing calls that a change makes when nothing goes wrong.
std::size_t calls_of(const std::string& before, const std::string& after) {
  EngineLab lab;
  if (!before.empty()) RC_ASSERT(lab.deploy("CreateStack", before).has_value());
  const std::size_t base = lab.world.count();
  if (after.empty()) {
    RC_ASSERT(lab.run("DeleteStack", {{"StackName", "s"}}).has_value());
  } else {
    RC_ASSERT(lab.deploy(before.empty() ? "CreateStack" : "UpdateStack", after).has_value());
  }
  return lab.world.count() - base;
}

std::string plain(const EngineLab& lab) {
  return ModelWorld::without_chance(lab.world.state());
}
std::string world_of(const std::string& body) {
  EngineLab lab;
  RC_ASSERT(lab.deploy("CreateStack", body).has_value());
  return plain(lab);
}

RC_GTEST_PROP(Proof, WhatIsDeployedAndDeletedLeavesNothing, ()) {
  const auto [a, b] = two_templates();
  EngineLab lab(random_lanes());
  RC_ASSERT(lab.deploy("CreateStack", a).has_value());
  RC_ASSERT(lab.status() == "CREATE_COMPLETE");
  if (a != b) {
    RC_ASSERT(lab.deploy("UpdateStack", b).has_value());
    RC_ASSERT(lab.status() == "UPDATE_COMPLETE");
    RC_ASSERT(plain(lab) == world_of(b));
  }
  RC_ASSERT(lab.run("DeleteStack", {{"StackName", "s"}}).has_value());
  RC_ASSERT(lab.status() == "none");
  RC_ASSERT(lab.world.empty());
}

RC_GTEST_PROP(Proof, ThereAndBackIsWhereItWas, ()) {
  const auto [a, b] = two_templates();
  RC_PRE(a != b);
  EngineLab lab(random_lanes());
  RC_ASSERT(lab.deploy("CreateStack", a).has_value());
  const std::string before = plain(lab);
  RC_ASSERT(lab.deploy("UpdateStack", b).has_value());
  RC_ASSERT(lab.deploy("UpdateStack", a).has_value());
  RC_ASSERT(lab.status() == "UPDATE_COMPLETE");
  RC_ASSERT(plain(lab) == before);
}

RC_GTEST_PROP(Proof, AFailureAtAnyCallLeavesTheOldStackOrTheNew, ()) {
  const auto [a, b] = two_templates();
  RC_PRE(a != b);
  const std::size_t calls = calls_of(a, b);
  RC_PRE(calls > 0u);
  EngineLab lab(random_lanes());
  RC_ASSERT(lab.deploy("CreateStack", a).has_value());
  const std::string world = lab.world.state(), seen = lab.description();
  const std::size_t failing = lab.world.count() + *rc::gen::inRange<std::size_t>(1, calls + 1);
  lab.world.before = [failing](std::size_t now) -> Result<void> {
    if (now == failing) return invalid("no luck");
    return {};
  };
  RC_ASSERT(lab.deploy("UpdateStack", b).has_value());
  if (lab.status() == "UPDATE_ROLLBACK_COMPLETE") {
    RC_ASSERT(lab.world.state() == world);
    RC_ASSERT(lab.description() == seen);
  } else {
    // What the new one no longer has could not be removed: that is known and tried again.
    RC_ASSERT(lab.status() == "UPDATE_COMPLETE");
    RC_ASSERT(lab.record().template_body == b);
    RC_ASSERT(!lab.record().leftovers.empty());
  }
  RC_ASSERT(lab.run("DeleteStack", {{"StackName", "s"}}).has_value());
  RC_ASSERT(lab.world.empty());
}

RC_GTEST_PROP(Proof, AFailureAtAnyCallOfACreationLeavesNothing, ()) {
  const auto [a, b] = two_templates();
  const std::size_t failing = *rc::gen::inRange<std::size_t>(1, calls_of("", a) + 1);
  EngineLab lab(random_lanes());
  lab.world.before = [failing](std::size_t now) -> Result<void> {
    if (now == failing) return invalid("no luck");
    return {};
  };
  RC_ASSERT(lab.deploy("CreateStack", a).has_value());
  RC_ASSERT(lab.status() == "ROLLBACK_COMPLETE");
  RC_ASSERT(lab.world.empty());
}

/// Cuts the server off at a call: before it has its effect, or after it and before the answer is
/// written down.
void crash_at(EngineLab& lab, std::size_t number, bool has_effect) {
  const std::size_t wanted = lab.world.count() + number;
  if (has_effect) {
    lab.world.after = [&lab, wanted](std::size_t now) {
      if (now == wanted) lab.crash();
    };
  } else {
    lab.world.before = [&lab, wanted](std::size_t now) -> Result<void> {
      if (now != wanted) return {};
      lab.crash();
      return unavailable("the server is gone");
    };
  }
}

RC_GTEST_PROP(Proof, ACrashAtAnyCallOfACreationLeavesNothing, ()) {
  const auto [a, b] = two_templates();
  EngineLab lab(random_lanes());
  crash_at(lab, *rc::gen::inRange<std::size_t>(1, calls_of("", a) + 1),
           *rc::gen::arbitrary<bool>());
  RC_ASSERT(lab.deploy("CreateStack", a).has_value());
  lab.restart();
  RC_ASSERT(lab.status() == "ROLLBACK_COMPLETE");
  RC_ASSERT(lab.world.empty());
}

RC_GTEST_PROP(Proof, ACrashAtAnyCallOfAnUpdateLeavesTheOldStackOrTheNew, ()) {
  const auto [a, b] = two_templates();
  RC_PRE(a != b);
  const std::size_t calls = calls_of(a, b);
  RC_PRE(calls > 0u);
  EngineLab lab(random_lanes());
  RC_ASSERT(lab.deploy("CreateStack", a).has_value());
  const std::string world = lab.world.state(), seen = lab.description();
  crash_at(lab, *rc::gen::inRange<std::size_t>(1, calls + 1), *rc::gen::arbitrary<bool>());
  RC_ASSERT(lab.deploy("UpdateStack", b).has_value());
  lab.restart();
  if (lab.status() == "UPDATE_ROLLBACK_COMPLETE") {
    RC_ASSERT(lab.world.state() == world);
    RC_ASSERT(lab.description() == seen);
  } else {
    RC_ASSERT(lab.status() == "UPDATE_COMPLETE");
    RC_ASSERT(plain(lab) == world_of(b));
  }
  RC_ASSERT(lab.run("DeleteStack", {{"StackName", "s"}}).has_value());
  RC_ASSERT(lab.world.empty());
}

RC_GTEST_PROP(Proof, ACrashAtAnyCallOfADeletionIsTakenUpAgain, ()) {
  const auto [a, b] = two_templates();
  EngineLab lab(random_lanes());
  RC_ASSERT(lab.deploy("CreateStack", a).has_value());
  crash_at(lab, *rc::gen::inRange<std::size_t>(1, calls_of(a, "") + 1),
           *rc::gen::arbitrary<bool>());
  RC_ASSERT(lab.run("DeleteStack", {{"StackName", "s"}}).has_value());
  lab.restart();
  RC_ASSERT(lab.status() == "none");
  RC_ASSERT(lab.world.empty());
}

TEST(Recovery, ASecondCrashWhileGoingBackIsNoDifferent) {
  EngineLab lab;
  ASSERT_TRUE(lab.deploy("CreateStack", parameters_template({{"A", "1"}, {"B", "1"}})));
  const std::string world = lab.world.state();
  crash_at(lab, 2, true);
  ASSERT_TRUE(lab.deploy("UpdateStack", parameters_template({{"A", "2"}, {"B", "2"}})));
  crash_at(lab, 1, true);
  lab.restart();
  EXPECT_EQ(lab.status(), "UPDATE_ROLLBACK_IN_PROGRESS");
  lab.restart();
  EXPECT_EQ(lab.status(), "UPDATE_ROLLBACK_COMPLETE");
  EXPECT_EQ(lab.world.state(), world);
}

TEST(Recovery, AnExplicitNameIsNotTakenForItsOwn) {
  // Whoever made it: a name that the template gives may be somebody else's.
  EngineLab lab;
  crash_at(lab, 1, true);
  ASSERT_TRUE(lab.deploy("CreateStack",
                         "Resources: {A: {Type: AWS::SSM::Parameter, Properties: {Name: mine, "
                         "Type: String, Value: 1}}}"));
  lab.restart();
  EXPECT_EQ(lab.status(), "ROLLBACK_COMPLETE");
  EXPECT_NE(lab.world.state().find("parameter mine"), std::string::npos);
}

}  // namespace
}  // namespace stator::cloudformation
