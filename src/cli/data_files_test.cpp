#include "cli/data_files.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "archive/gzip.hpp"
#include "base/bytes.hpp"
#include "base/check.hpp"
#include "crypto/crypto.hpp"
#include "dynamodb/recovery/wire_pages.hpp"

namespace stator::cli {
namespace {

namespace fs = std::filesystem;

class DataFiles : public testing::Test {
 protected:
  DataFiles() {
    std::string name = (fs::temp_directory_path() / "stator-cli-XXXXXX").string();
    STATOR_CHECK(::mkdtemp(name.data()) != nullptr);
    root = name;
  }
  ~DataFiles() override { fs::remove_all(root); }

  void write(const fs::path& file, const std::string& bytes) {
    ASSERT_TRUE(DirectoryArtifacts(root).put({"", "", file.string()}, bytes));
  }
  /// An export of one file with these lines.
  void write_export(const fs::path& at, const std::string& lines, const std::string& md5 = "") {
    archive::GzipWriter gzip;
    gzip.append(lines);
    const std::string bytes = gzip.finish();
    write(at / "data" / "one.json.gz", bytes);
    write(at / "manifest-files.json",
          R"({"itemCount":1,"dataFileS3Key":"p/AWSDynamoDB/1/data/one.json.gz","md5Checksum":")" +
              (md5.empty() ? base64_encode(crypto::md5(bytes)) : md5) + "\"}\n");
  }
  Result<std::string> items(const fs::path& at) {
    std::vector<dynamodb::Item> all;
    STATOR_TRY_VOID(each_item(root / at, [&](dynamodb::Item item) -> Result<void> {
      all.push_back(std::move(item));
      return {};
    }));
    return dynamodb::recovery::put_batch("t", all);
  }
  fs::path root;
};

TEST_F(DataFiles, GiveEveryItem) {
  write_export("e", "{\"Item\":{\"k\":{\"S\":\"a\"}}}\n{\"Item\":{\"k\":{\"S\":\"b\"}}}\n");
  EXPECT_EQ(items("e").value(), R"({"RequestItems":{"t":[{"PutRequest":{"Item":{"k":{"S":"a"}}}},)"
                                R"({"PutRequest":{"Item":{"k":{"S":"b"}}}}]}})");
}

TEST_F(DataFiles, ADamagedFileGivesNoItem) {
  write_export("e", "{\"Item\":{\"k\":{\"S\":\"a\"}}}\n", "bm90IGl0cyBzdW0hISEhIQ==");
  EXPECT_NE(items("e").error().message.find("is damaged"), std::string::npos);
  write_export("f", "{\"Item\":{\"k\":{\"S\":\"a\"}}}\nnonsense\n");
  EXPECT_NE(items("f").error().message.find("line 2"), std::string::npos);
  EXPECT_FALSE(items("none"));
}

TEST_F(DataFiles, AreFoundByTableAndWithoutOne) {
  EXPECT_FALSE(find_exports(root));
  write_export("all/users/AWSDynamoDB/1", "");
  write("all/users/table.json", "{}");
  write_export("all/items/AWSDynamoDB/2", "");
  const auto found = find_exports(root / "all").value();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].name, "items");
  EXPECT_EQ(found[0].creation, "");
  EXPECT_EQ(found[1].name, "users");
  EXPECT_EQ(found[1].creation, root / "all" / "users" / "table.json");

  const auto nameless = find_exports(root / "all" / "users").value();
  ASSERT_EQ(nameless.size(), 1u);
  EXPECT_EQ(nameless[0].name, "");
  EXPECT_EQ(find_exports(nameless[0].files).value().size(), 1u);

  write_export("all/users/AWSDynamoDB/3", "");
  EXPECT_NE(find_exports(root / "all").error().message.find("several exports"), std::string::npos);
}

}  // namespace
}  // namespace stator::cli
