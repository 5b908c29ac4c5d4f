#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <set>
#include <sstream>

#include "function_runner.hpp"

namespace stator::sdk::testing {
namespace {

namespace fs = std::filesystem;

const Package kPackage{STATOR_SDK_FUNCTION, STATOR_SDK_LAYER};

std::string output_of(const std::string& command) {
  std::string out;
  std::array<char, 4096> part;
  FILE* const pipe = popen(command.c_str(), "r");
  while (const std::size_t got = fread(part.data(), 1, part.size(), pipe)) {
    out.append(part.data(), got);
  }
  pclose(pipe);
  return out;
}

std::vector<std::pair<std::string, std::string>> environment(const FakeServer& dynamodb,
                                                             const char* library_path) {
  return {{"LD_LIBRARY_PATH", library_path}, {"AWS_ENDPOINT_URL", dynamodb.url()},
          {"AWS_REGION", "eu-west-1"},       {"AWS_ACCESS_KEY_ID", "A"},
          {"AWS_SECRET_ACCESS_KEY", "S"},    {"TABLE_NAME", "the-table"}};
}

TEST(Package, RunsInARootThatHoldsOnlyItselfAndItsLayer) {
  const FakeServer dynamodb([](const Seen& request, int) {
    return request.body.find("\"none\"") == std::string::npos
               ? ok(R"({"Item":{"id":{"S":"a"},"count":{"N":"3"}}})")
               : ok("{}");
  });
  const auto run =
      run_packaged(kPackage, {"a", "throw", "none"}, environment(dynamodb, kAwsLibraryPath));
  if (!run) GTEST_SKIP() << kCannotChangeRoot;
  ASSERT_EQ(run->posts.size(), 3u);
  EXPECT_EQ(run->posts[0].body, R"(id-0:{"id":"a","count":3})");
  const std::string thrown =
      R"({"errorMessage":"as asked","errorType":"std::runtime_error","stackTrace":["bootstrap+0x)";
  EXPECT_EQ(run->posts[1].body.substr(0, thrown.size()), thrown);
  EXPECT_EQ(run->posts[2].body, "id-2:null");
  ASSERT_EQ(dynamodb.seen().size(), 2u);
  EXPECT_EQ(dynamodb.seen()[0].body, R"({"TableName":"the-table","Key":{"id":{"S":"a"}}})");
}

TEST(Package, ASingleFileNeedsNoLayer) {
  const Package single{STATOR_SDK_SINGLE, kPackage.layer.parent_path() / "no_layer"};
  fs::create_directories(single.layer);
  const FakeServer dynamodb(
      [](const Seen&, int) { return ok(R"({"Item":{"id":{"S":"a"},"count":{"N":"3"}}})"); });
  const auto run = run_packaged(single, {"a", "throw"}, environment(dynamodb, ""));
  if (!run) GTEST_SKIP() << kCannotChangeRoot;
  ASSERT_EQ(run->posts.size(), 2u);
  EXPECT_EQ(run->posts[0].body, R"(id-0:{"id":"a","count":3})");
  EXPECT_NE(run->posts[1].body.find(R"("stackTrace":["bootstrap+0x)"), std::string::npos);
  EXPECT_LT(fs::file_size(single.function / "bootstrap"), 3u << 20);
}

TEST(Package, IsTheSameZipEachTime) {
  const fs::path place = kPackage.layer.parent_path();
  const auto pack = [&](const char* name) {
    const fs::path zip = place / name;
    output_of("python3 " STATOR_SDK_PACK " " + kPackage.function.string() + " " + zip.string());
    return output_of("cat " + zip.string());
  };
  const std::string once = pack("once.zip");
  fs::last_write_time(kPackage.function / "bootstrap", fs::file_time_type::clock::now());
  EXPECT_TRUE(once.starts_with("PK")) << once.substr(0, 200);
  EXPECT_EQ(once, pack("again.zip"));
}

TEST(Package, MissesNothingThatItNeeds) {
  const std::string check = "python3 " STATOR_SDK_PACK " --check ";
  EXPECT_NE(output_of(check + kPackage.layer.string()).find(": complete"), std::string::npos);
  EXPECT_NE(output_of(check + STATOR_SDK_SINGLE).find(": complete"), std::string::npos);
  EXPECT_NE(output_of(check + kPackage.function.string()).find("needs libstator_sdk.so.1"),
            std::string::npos);
}

TEST(Package, IsNotMisledByItsLibraryPath) {
  // Everything that the function needs, under its own name and broken, where LD_LIBRARY_PATH leads.
  const fs::path function = kPackage.function.parent_path() / "misled";
  fs::remove_all(function);
  fs::create_directories(function / "lib");
  fs::copy(kPackage.function / "bootstrap", function / "bootstrap");
  for (const auto& file : fs::directory_iterator(kPackage.layer / "lib")) {
    FILE* const broken = fopen((function / "lib" / file.path().filename()).c_str(), "w");
    fputs("not a library", broken);
    fclose(broken);
  }
  const FakeServer dynamodb([](const Seen&, int) { return ok("{}"); });
  const auto run =
      run_packaged({function, kPackage.layer}, {"a"}, environment(dynamodb, "/var/task/lib"));
  fs::remove_all(function);
  if (!run) GTEST_SKIP() << kCannotChangeRoot;
  ASSERT_EQ(run->posts.size(), 1u);
  EXPECT_EQ(run->posts[0].body, "id-0:null");
}

// "bootstrap+0x1a2b": the lines of source that the frames in `text` stand for.
std::string source_lines(const std::string& text) {
  std::string addresses;
  for (std::size_t at = 0; (at = text.find("bootstrap+", at)) != std::string::npos;) {
    at += std::string("bootstrap+").size();
    addresses += " " + text.substr(at, text.find('"', at) - at);
  }
  return output_of("addr2line -Cfi -e " + kPackage.function.string() + ".debug" + addresses);
}

TEST(Package, AThrownExceptionIsTracedToItsLine) {
  const FakeServer dynamodb([](const Seen&, int) { return ok("{}"); });
  const auto run = run_packaged(kPackage, {"throw"}, environment(dynamodb, kAwsLibraryPath));
  if (!run) GTEST_SKIP() << kCannotChangeRoot;
  ASSERT_EQ(run->posts.size(), 1u);
  const std::string lines = source_lines(run->posts[0].body);
  EXPECT_NE(lines.find("echo_function.cpp:"), std::string::npos) << run->posts[0].body << lines;
}

TEST(Package, AFatalSignalLeavesALineAndKills) {
  const FakeServer dynamodb([](const Seen&, int) { return ok("{}"); });
  const auto run = run_packaged(kPackage, {"crash"}, environment(dynamodb, kAwsLibraryPath));
  if (!run) GTEST_SKIP() << kCannotChangeRoot;
  EXPECT_EQ(run->signal, SIGSEGV);
  EXPECT_TRUE(run->posts.empty());
  const std::string start =
      R"({"level":"FATAL","message":"SIGSEGV","requestId":"id-0","stackTrace":["bootstrap+0x)";
  const std::size_t at = run->output.find(start);
  ASSERT_NE(at, std::string::npos) << run->output;
  EXPECT_NE(source_lines(run->output.substr(at)).find("echo_function.cpp:"), std::string::npos)
      << run->output;
}

TEST(Package, IsToldOfItsEnd) {
  const FakeServer dynamodb([](const Seen&, int) { return ok("{}"); });
  const auto run = run_packaged(kPackage, {"terminate"}, environment(dynamodb, kAwsLibraryPath));
  if (!run) GTEST_SKIP() << kCannotChangeRoot;
  EXPECT_EQ(run->exit_status, 0);
  EXPECT_NE(run->output.find("told to end"), std::string::npos) << run->output;
}

TEST(Package, IsSmall) {
  EXPECT_LT(fs::file_size(kPackage.function / "bootstrap"), 128u << 10);
  std::uintmax_t layer = 0;
  for (const auto& file : fs::directory_iterator(kPackage.layer / "lib")) {
    layer += file.file_size();
  }
  EXPECT_LT(layer, 16u << 20);
}

TEST(Layer, ExportsItsCInterfaceAndNothingElse) {
  std::istringstream lines(
      output_of("nm -D --defined-only " + (kPackage.layer / "lib/libstator_sdk.so.1").string()));
  std::set<std::string> names;
  for (std::string address, kind, name; lines >> address >> kind >> name;) {
    if (kind != "A") names.insert(name.substr(0, name.find('@')));
  }
  EXPECT_TRUE(names.contains("stator1_run"));
  EXPECT_TRUE(names.contains("stator1_client_call"));
  for (const std::string& name : names) EXPECT_TRUE(name.starts_with("stator1_")) << name;
}

TEST(Layer, HoldsEveryLibraryThatItsFilesAskFor) {
  const fs::path lib = kPackage.layer / "lib";
  for (const auto& file : fs::directory_iterator(lib)) {
    std::istringstream lines(output_of("objdump -p " + file.path().string()));
    for (std::string word; lines >> word;) {
      if (word != "NEEDED") continue;
      lines >> word;
      EXPECT_TRUE(fs::exists(lib / word)) << file.path() << " needs " << word;
    }
  }
}

}  // namespace
}  // namespace stator::sdk::testing
