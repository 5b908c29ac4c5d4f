#include "lambda/local_code.hpp"

#include <gtest/gtest.h>

#include "base/check.hpp"
#include "base/file.hpp"
#include "lambda/code_store.hpp"
#include "lambda/test_support.hpp"

namespace stator::lambda::test {
namespace {

namespace fs = std::filesystem;

/// ROOT/function with a file, beside ROOT a directory that is not allowed.
class LocalCodeTest : public testing::Test {
 protected:
  LocalCodeTest() {
    fs::create_directories(function_);
    fs::create_directories(outside_);
    write("bootstrap", "one");
  }
  void write(const std::string& name, const std::string& contents) {
    ASSERT_TRUE(write_file_durably(function_ / name, contents));
  }
  std::string create(Lab& lab, const std::string& directory) {
    const auto made = lab.run("CreateFunction",
                              R"({"FunctionName":"f","Runtime":"provided.al2023","Handler":"h",)"
                              R"("Role":"arn:aws:iam::000000000000:role/r",)"
                              R"("Code":{"S3Bucket":"hot-reload","S3Key":")" +
                                  directory + "\"}}");
    return made ? "made" : made.error().aws_type + ": " + made.error().message;
  }

  TemporaryDirectory directory_;
  const fs::path root_ = fs::canonical(directory_.path()) / "root";
  const fs::path function_ = root_ / "function";
  const fs::path outside_ = fs::canonical(directory_.path()) / "root-but-not-really";
};

TEST_F(LocalCodeTest, OnlyTheRootAndWhatIsBelow) {
  LocalCode code;
  EXPECT_FALSE(code.resolve(function_)) << "off";
  EXPECT_THROW(code.allow(root_ / "missing"), ConfigError);
  code.allow(root_);
  EXPECT_EQ(code.resolve(function_).value(), function_);
  EXPECT_EQ(code.resolve(root_).value(), root_);
  fs::create_directory_symlink(outside_, function_ / "out");
  fs::create_directory_symlink(function_, outside_ / "in");
  EXPECT_EQ(code.resolve(outside_ / "in").value(), function_);
  for (const fs::path& bad : {outside_, function_ / "out", function_ / ".." / "..",
                              function_ / "bootstrap", root_ / "missing", fs::path("function")}) {
    const auto resolved = code.resolve(bad);
    ASSERT_FALSE(resolved) << bad;
    EXPECT_EQ(resolved.error().aws_type, "InvalidParameterValueException");
  }
}

TEST_F(LocalCodeTest, SeesEveryChangeOnce) {
  LocalCode code;
  EXPECT_FALSE(code.has_changed("f", function_)) << "nothing to compare with";
  EXPECT_FALSE(code.has_changed("f", function_));
  write("library", "new");
  EXPECT_TRUE(code.has_changed("f", function_));
  EXPECT_FALSE(code.has_changed("f", function_));
  write("library", "longer than before");
  EXPECT_TRUE(code.has_changed("f", function_));
  fs::permissions(function_ / "bootstrap", fs::perms(0755));
  EXPECT_TRUE(code.has_changed("f", function_));
  fs::rename(function_ / "library", function_ / "renamed");
  EXPECT_TRUE(code.has_changed("f", function_));
  fs::remove(function_ / "renamed");
  EXPECT_TRUE(code.has_changed("f", function_));
}

TEST_F(LocalCodeTest, AFunctionRunsTheDirectoryItself) {
  Lab lab;
  EXPECT_NE(create(lab, function_).find("S3 Error Code: NoSuchKey"), std::string::npos)
      << "without --dev-code it is a bucket like any other";
  lab.functions->code().allow_directories(root_);
  EXPECT_NE(create(lab, outside_).find("is not below"), std::string::npos);
  EXPECT_EQ(create(lab, function_), "made");
  const CodePackage code =
      lab.functions->catalog().find(FunctionKeyView{"000000000000", "us-east-1", "f"})->code;
  EXPECT_EQ(lab.functions->code().unpacked(code.sha256_hex).value(), function_);
  lab.functions->sweep_code();
  EXPECT_EQ(lab.functions->code().unpacked(code.sha256_hex).value(), function_);

  // The allowance is the server's and not the function's.
  lab.restart();
  EXPECT_FALSE(lab.functions->code().unpacked(code.sha256_hex));
  EXPECT_FALSE(lab.functions->code().has_changed(code.sha256_hex));
  lab.functions->code().allow_directories(root_);
  EXPECT_EQ(lab.functions->code().unpacked(code.sha256_hex).value(), function_);
  EXPECT_FALSE(lab.functions->code().has_changed(code.sha256_hex));
  write("bootstrap", "two!");
  EXPECT_TRUE(lab.functions->code().has_changed(code.sha256_hex));

  ASSERT_TRUE(lab.run("DeleteFunction", R"({"FunctionName":"f"})"));
  EXPECT_FALSE(lab.functions->code().unpacked(code.sha256_hex));
  EXPECT_TRUE(fs::exists(function_ / "bootstrap")) << "the directory is its owner's";
}

}  // namespace
}  // namespace stator::lambda::test
