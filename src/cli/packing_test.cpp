#include "cli/packing.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "base/ids.hpp"
#include "base/random.hpp"

namespace stator::cli {
namespace {

namespace fs = std::filesystem;

class Packing : public testing::Test {
 protected:
  Packing() {
    SystemRandom random;
    root_ = fs::temp_directory_path() / ("stator-packing-" + random_text(random, kLowerAlnum, 12));
    write("function/app.py", "import tiny\n");
    write("layer/python/own.py", "own = 1\n");
    write("layer/requirements.txt", "tiny==1.0\n");
    fs::create_directories(root_ / "wheels");
  }
  ~Packing() override { fs::remove_all(root_); }

  void write(const std::string& name, const std::string& text) {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << text;
  }
  /// The smallest package that pip installs.
  void make_wheel() {
    const std::string info = "tiny-1.0.dist-info/";
    const auto wheel =
        archive::pack({{"tiny.py", "answer = 42\n"},
                       {info + "METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"},
                       {info + "WHEEL",
                        "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\n"
                        "Tag: py3-none-any\n"},
                       {info + "RECORD", "tiny.py,,\n" + info + "METADATA,,\n" + info +
                                             "WHEEL,,\n" + info + "RECORD,,\n"}});
    ASSERT_TRUE(wheel);
    std::ofstream(root_ / "wheels/tiny-1.0-py3-none-any.whl", std::ios::binary) << *wheel;
  }
  Result<std::map<std::string, std::string>> gathered(const std::string& directory,
                                                      PackageKind kind) {
    STATOR_TRY(const auto entries, gather(root_ / directory, kind, {.wheels = root_ / "wheels"}));
    std::map<std::string, std::string> files;
    for (const auto& entry : entries) files[entry.name] = entry.contents;
    return files;
  }
  static bool has_pip() { return std::system("python3 -m pip --version >/dev/null 2>&1") == 0; }

  fs::path root_;
};

TEST_F(Packing, ADirectoryWithoutRequirementsIsItsFiles) {
  const auto files = gathered("function", PackageKind::kFunction);
  ASSERT_TRUE(files);
  EXPECT_EQ(*files, (std::map<std::string, std::string>{{"app.py", "import tiny\n"}}));
  EXPECT_EQ(gathered("nowhere", PackageKind::kFunction).error().code, ErrorCode::kNotFound);
}

TEST_F(Packing, ALayersRequirementsAreInstalledForPython) {
  if (!has_pip()) GTEST_SKIP() << "python3 has no pip here";
  make_wheel();
  const auto files = gathered("layer", PackageKind::kLayer);
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_EQ(files->at("python/tiny.py"), "answer = 42\n");
  EXPECT_EQ(files->at("python/own.py"), "own = 1\n");
  EXPECT_FALSE(files->contains("requirements.txt"));
  EXPECT_TRUE(files->contains("python/tiny-1.0.dist-info/METADATA"));
  EXPECT_FALSE(files->contains("python/tiny-1.0.dist-info/RECORD"));
}

TEST_F(Packing, AFunctionsRequirementsAreInstalledBesideIt) {
  if (!has_pip()) GTEST_SKIP() << "python3 has no pip here";
  make_wheel();
  write("function/requirements.txt", "tiny\n");
  const auto files = gathered("function", PackageKind::kFunction);
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_TRUE(files->contains("tiny.py"));
  EXPECT_TRUE(files->contains("app.py"));
}

TEST_F(Packing, WhatCannotBeInstalledIsSaidWithWhatMayHelp) {
  if (!has_pip()) GTEST_SKIP() << "python3 has no pip here";
  const auto files = gathered("layer", PackageKind::kLayer);
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(files.error().message.find("No matching distribution found for tiny==1.0"),
            std::string::npos)
      << files.error().message;
  EXPECT_NE(files.error().message.find("--wheels"), std::string::npos);
  const auto without = gather(root_ / "layer", PackageKind::kLayer, {.python = "no-such-python"});
  ASSERT_FALSE(without);
  EXPECT_NE(without.error().message.find("no-such-python"), std::string::npos);
}

TEST_F(Packing, ATemplatesCodeBecomesZipsBesideIt) {
  write("shared/app.py", "x\n");
  const auto packed = pack_template(
      *json::parse_object(R"({"Globals":{"Function":{"CodeUri":"shared/","Timeout":3}},"Resources":{
        "A":{"Type":"AWS::Serverless::Function","Properties":{"CodeUri":"function"}},
        "B":{"Type":"AWS::Serverless::Function"},
        "C":{"Type":"AWS::Lambda::Function","Properties":{"Code":{"S3Bucket":"b","S3Key":"k"}}},
        "D":{"Type":"AWS::Lambda::LayerVersion","Properties":{"Content":"s3://b/k"}},
        "E":{"Type":"AWS::DynamoDB::Table"}}})"),
      root_, {});
  ASSERT_TRUE(packed) << packed.error().message;
  ASSERT_EQ(packed->zips.size(), 2u);
  EXPECT_EQ(packed->zips[0].first, "A.zip");
  EXPECT_EQ(packed->zips[1].first, "B.zip");
  EXPECT_TRUE(packed->zips[0].second.starts_with("PK"));
  const std::string body = json::dump(packed->body);
  EXPECT_NE(body.find(R"("CodeUri":"A.zip")"), std::string::npos) << body;
  EXPECT_NE(body.find(R"("CodeUri":"B.zip")"), std::string::npos) << body;
  EXPECT_NE(body.find(R"("Globals":{"Function":{"Timeout":3}})"), std::string::npos) << body;
  EXPECT_NE(body.find(R"("Code":{"S3Bucket":"b","S3Key":"k"})"), std::string::npos) << body;
}

TEST_F(Packing, NamesTheResourceOfWhatItCannotPack) {
  const auto refused = [&](const std::string& resource) {
    const auto packed =
        pack_template(*json::parse_object("{\"Resources\":{\"A\":" + resource + "}}"), root_, {});
    return packed ? std::string() : packed.error().message;
  };
  EXPECT_EQ(refused(R"({"Type":"AWS::Lambda::Function","Properties":{"Code":"no"}})").substr(0, 23),
            "resource A: Code 'no': ");
  EXPECT_NE(
      refused(
          R"({"Type":"AWS::CloudFormation::Stack","Properties":{"TemplateURL":"function/app.py"}})")
          .find("TemplateURL 'function/app.py' is a local file"),
      std::string::npos);
}

}  // namespace
}  // namespace stator::cli
