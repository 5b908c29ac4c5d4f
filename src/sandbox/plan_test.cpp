#include "sandbox/plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "sandbox/cgroups.hpp"

namespace stator::sandbox {
namespace {

Spec good_spec() {
  Spec spec;
  spec.code = "/data/code";
  spec.argv = {"/var/task/bootstrap"};
  return spec;
}

TEST(Plan, RefusesASpecThatCannotBeStarted) {
  EXPECT_TRUE(check_spec(good_spec()));
  const std::pair<const char*, void (*)(Spec&)> cases[] = {
      {"no program", [](Spec& s) { s.argv.clear(); }},
      {"relative program", [](Spec& s) { s.argv = {"bootstrap"}; }},
      {"zero byte in an argument", [](Spec& s) { s.argv.push_back(std::string("a\0b", 3)); }},
      {"nameless variable",
       [](Spec& s) {
         s.environment = {{"", "x"}};
       }},
      {"variable with =",
       [](Spec& s) {
         s.environment = {{"A=B", "x"}};
       }},
      {"zero byte in a variable",
       [](Spec& s) {
         s.environment = {{"A", std::string(1, '\0')}};
       }},
      {"relative code", [](Spec& s) { s.code = "code"; }},
      {"relative layer", [](Spec& s) { s.layers = {"layer"}; }},
      {"relative mount",
       [](Spec& s) {
         s.mounts = {{"runtime", "/var/runtime"}};
       }},
      {"mount over the system",
       [](Spec& s) {
         s.mounts = {{"/data", "/usr"}};
       }},
      {"relative directory", [](Spec& s) { s.working_directory = "tmp"; }},
      {"no processes", [](Spec& s) { s.processes_max = 0; }},
      {"no files", [](Spec& s) { s.files_max = 3; }},
      {"no memory", [](Spec& s) { s.memory_bytes_max = 0; }}};
  for (const auto& [name, spoil] : cases) {
    Spec spec = good_spec();
    spoil(spec);
    const auto checked = check_spec(spec);
    ASSERT_FALSE(checked) << name;
    EXPECT_EQ(checked.error().code, ErrorCode::kInvalid) << name;
  }
}

TEST(Plan, SubstitutesPorts) {
  const std::uint16_t ports[] = {9001, 4566};
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {"plain", "plain"},
      {"{port:0}", "9001"},
      {"http://127.0.0.1:{port:1}/x", "http://127.0.0.1:4566/x"},
      {"{port:0}{port:1}", "90014566"},
      {"{port:2}", "{port:2}"},
      {"{port:}", "{port:}"},
      {"{port:-1}", "{port:-1}"},
      {"{port:0", "{port:0"},
      {"{port:{port:0}}", "{port:9001}"},
      {"{port:99999999999999999999}", "{port:99999999999999999999}"}};
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(substitute_ports(text, ports), expected) << text;
  }
}

TEST(Plan, MakesHostNames) {
  EXPECT_EQ(hostname_from("items-get"), "items-get");
  EXPECT_EQ(hostname_from("my_function:3"), "my-function-3");
  EXPECT_EQ(hostname_from("--x--"), "x");
  EXPECT_EQ(hostname_from(""), "sandbox");
  EXPECT_EQ(hostname_from("___"), "sandbox");
  EXPECT_EQ(hostname_from(std::string(100, 'a')).size(), 63u);
}

TEST(Plan, FindsHostPaths) {
  EXPECT_EQ(host_path("/var/task/bootstrap", "/d"), "/d/bootstrap");
  EXPECT_EQ(host_path("/var/task", "/d"), "/d");
  EXPECT_EQ(host_path("/var/tasks/x", "/d"), "/var/tasks/x");
  EXPECT_EQ(host_path("/usr/bin/env", "/d"), "/usr/bin/env");
}

TEST(Plan, LimitsByGroupOrByData) {
  const auto has = [](const ProgramPlan& plan, int resource) {
    return std::any_of(plan.limits.begin(), plan.limits.end(),
                       [resource](const auto& limit) { return limit.first == resource; });
  };
  EXPECT_TRUE(has(plan_from(good_spec(), {}, true, {false}), RLIMIT_DATA));
  EXPECT_FALSE(has(plan_from(good_spec(), {}, true, {true}), RLIMIT_DATA));
  Spec spec = good_spec();
  spec.tmp_bytes_max = 0;
  // A tmpfs of size 0 would have no limit.
  EXPECT_NE(plan_from(spec, {}, true, {}).tmp_options.find("size=4096"), std::string::npos);
}

TEST(Cgroups, FindsTheGroupOfAController) {
  const char* const hybrid_mounts =
      "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n"
      "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
      "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n";
  const char* const unified_mounts =
      "35 24 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";
  const struct {
    const char* groups;
    const char* mounts;
    int version;
    const char* path;
  } cases[] = {{"4:memory:/a/b\n0::/\n", hybrid_mounts, 1, "/sys/fs/cgroup/memory/a/b"},
               {"4:cpu,memory:/\n0::/\n", hybrid_mounts, 1, "/sys/fs/cgroup/memory"},
               {"0::/user.slice/user-1000.slice\n", unified_mounts, 2,
                "/sys/fs/cgroup/user.slice/user-1000.slice"},
               {"0::/\n", unified_mounts, 2, "/sys/fs/cgroup"},
               // A container sees its own part of the tree at the mount's top.
               {"4:memory:/docker/x/y\n",
                "9 8 0:32 /docker/x /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n", 1,
                "/sys/fs/cgroup/memory/y"},
               {"0::/x\n", "", 0, ""},
               {"", unified_mounts, 0, ""},
               {"nonsense", "nonsense", 0, ""}};
  for (const auto& c : cases) {
    const Hierarchy found = find_hierarchy("memory", c.groups, c.mounts);
    EXPECT_EQ(found.version, c.version) << c.groups;
    EXPECT_EQ(found.path, c.path) << c.groups;
  }
}

}  // namespace
}  // namespace stator::sandbox
