#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "archive/gzip.hpp"
#include "base/bytes.hpp"
#include "crypto/crypto.hpp"
#include "dynamodb/json_writer.hpp"
#include "dynamodb/test_generators.hpp"
#include "dynamodb/test_support.hpp"

namespace stator::dynamodb::recovery {
namespace {

using testing::Harness;

constexpr const char* kArn = "arn:aws:dynamodb:us-east-1:000000000000:table/";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string gunzipped(const std::string& bytes) {
  std::string out;
  EXPECT_TRUE(archive::gunzip(bytes, [&](std::string_view piece) -> Result<void> {
    out.append(piece);
    return {};
  }));
  return out;
}

std::string gzipped(std::string_view bytes) {
  archive::GzipWriter writer;
  writer.append(bytes);
  return writer.finish();
}

json::Object parsed(const std::string& text) {
  const auto object = json::parse_object(text);
  EXPECT_TRUE(object) << text;
  return object ? *object : json::Object();
}

class Exports : public ::testing::Test {
 protected:
  void SetUp() override {
    harness.make_table("src");
    harness.artifacts().buckets["bucket"];
    run("UpdateContinuousBackups", R"({"TableName":"src","PointInTimeRecoverySpecification":)"
                                   R"({"PointInTimeRecoveryEnabled":true}})");
  }
  std::string run(const std::string& operation, const std::string& body) {
    return harness.run(operation, body);
  }
  void put(const std::string& key, const std::string& text) {
    harness.put("src", R"({"id":{"S":")" + key + R"("},"t":{"S":")" + text + R"("}})");
  }
  std::string begin(const std::string& more = "", const std::string& bucket = "bucket") {
    return run("ExportTableToPointInTime", R"({"TableArn":")" + std::string(kArn) +
                                               R"(src","S3Bucket":")" + bucket + "\"" + more + "}");
  }
  static std::string arn_of(const std::string& answer) {
    const auto object = parsed(answer);
    const auto* description = json::find(object, "ExportDescription");
    if (description == nullptr) return "";
    return json::find_string(description->as_object(), "ExportArn").value_or("");
  }
  std::string describe(const std::string& arn) {
    return run("DescribeExport", R"({"ExportArn":")" + arn + R"("})");
  }
  void work() { harness.tables().background().run_all(); }
  MemoryArtifacts::Objects& bucket() { return harness.artifacts().buckets["bucket"]; }
  /// The lines of all data files.
  std::string data() {
    std::string all;
    for (const auto& [key, bytes] : bucket()) {
      if (key.ends_with(".json.gz")) all += gunzipped(bytes);
    }
    return all;
  }

  Harness harness;
};

TEST_F(Exports, WritesAwsFiles) {
  put("a", "1");
  put("b", "2");
  const std::string arn = arn_of(begin(R"(,"S3Prefix":"some/where")"));
  EXPECT_TRUE(has(describe(arn), R"("ExportStatus":"IN_PROGRESS")"));
  work();
  const std::string described = describe(arn);
  EXPECT_TRUE(has(described, R"("ExportStatus":"COMPLETED")")) << described;
  EXPECT_TRUE(has(described, R"("ItemCount":2)")) << described;
  const std::string id = arn.substr(arn.rfind('/') + 1);
  const std::string folder = "some/where/AWSDynamoDB/" + id + "/";
  EXPECT_TRUE(has(described, R"("ExportManifest":")" + folder + R"(manifest-summary.json")"));
  EXPECT_EQ(bucket().size(), 6u);
  EXPECT_EQ(bucket().at(folder + "_started"), "");

  const auto files = parsed(bucket().at(folder + "manifest-files.json"));
  const std::string data_key = json::find_string(files, "dataFileS3Key").value_or("");
  ASSERT_TRUE(data_key.starts_with(folder + "data/"));
  const std::string& data_file = bucket().at(data_key);
  EXPECT_EQ(json::find_int(files, "itemCount"), 2);
  EXPECT_EQ(json::find_string(files, "md5Checksum"), base64_encode(crypto::md5(data_file)));
  EXPECT_EQ(json::find_string(files, "etag"), hex_encode(crypto::md5(data_file)));
  const std::string lines = gunzipped(data_file);
  EXPECT_TRUE(has(lines, R"({"Item":{"id":{"S":"a"},"t":{"S":"1"}}})"
                         "\n"))
      << lines;

  const auto& summary_text = bucket().at(folder + "manifest-summary.json");
  const auto summary = parsed(summary_text);
  EXPECT_EQ(bucket().at(folder + "manifest-summary.md5"), base64_encode(crypto::md5(summary_text)));
  EXPECT_EQ(json::find_string(summary, "exportArn"), arn);
  EXPECT_EQ(json::find_string(summary, "manifestFilesS3Key"), folder + "manifest-files.json");
  EXPECT_EQ(json::find_string(summary, "exportTime"), "2026-01-02T03:04:05.678Z");
  EXPECT_EQ(json::find_int(summary, "itemCount"), 2);
}

TEST_F(Exports, HoldTheMomentThatWasAskedFor) {
  put("a", "old");
  const auto moment = epoch_ms(harness.clock().wall());
  harness.clock().advance(std::chrono::seconds(10));
  put("a", "new");
  put("b", "new");
  begin(R"(,"ExportTime":)" + std::to_string(moment / 1000 + 1));
  put("a", "newer");
  work();
  EXPECT_EQ(data(), R"({"Item":{"id":{"S":"a"},"t":{"S":"old"}}})"
                    "\n");
  std::set<std::string> places;
  const auto items = harness.store().iterate(storage::Family::kItems, {});
  for (items->seek_first(); items->valid(); items->next()) {
    places.emplace(items->key().substr(0, 8));
  }
  EXPECT_EQ(places.size(), 1u) << "the copy that was exported is gone";
}

TEST_F(Exports, OfAnEmptyTableHaveOneEmptyFile) {
  begin();
  work();
  EXPECT_EQ(data(), "");
  EXPECT_EQ(bucket().size(), 6u);
}

TEST_F(Exports, FailuresAreTold) {
  const std::string arn = arn_of(begin("", "nowhere"));
  work();
  const std::string described = describe(arn);
  EXPECT_TRUE(has(described, R"("ExportStatus":"FAILED")")) << described;
  EXPECT_TRUE(has(described, R"("FailureCode":"S3NoSuchBucket")")) << described;
}

TEST_F(Exports, RefuseWhatTheyCannotDo) {
  EXPECT_TRUE(has(begin(R"(,"ExportFormat":"ION")"), "ION is not supported"));
  EXPECT_TRUE(has(begin(R"(,"ExportType":"INCREMENTAL_EXPORT")"), "is not supported"));
  EXPECT_TRUE(has(begin(R"(,"S3SseAlgorithm":"KMS")"), "S3SseAlgorithm is not supported"));
  EXPECT_TRUE(has(begin(R"(,"S3BucketOwner":"111111111111")"), "is not supported"));
  EXPECT_TRUE(has(begin(R"(,"ExportTime":4000000000)"), "InvalidExportTimeException"));
  EXPECT_TRUE(has(begin("", "-"), "Value '-' at 's3Bucket' failed to satisfy constraint"));
  EXPECT_TRUE(has(run("ExportTableToPointInTime",
                      R"({"TableArn":")" + std::string(kArn) + R"(none","S3Bucket":"bucket"})"),
                  "TableNotFoundException"));
  harness.make_table("bare");
  EXPECT_TRUE(has(run("ExportTableToPointInTime",
                      R"({"TableArn":")" + std::string(kArn) + R"(bare","S3Bucket":"bucket"})"),
                  "PointInTimeRecoveryUnavailableException"));
  EXPECT_TRUE(has(describe(std::string(kArn) + "src/export/1-a"), "ExportNotFoundException"));
}

TEST_F(Exports, ATokenIsGoodForOneExport) {
  const std::string first = arn_of(begin(R"(,"ClientToken":"x")"));
  EXPECT_EQ(arn_of(begin(R"(,"ClientToken":"x")")), first);
  EXPECT_TRUE(has(begin(R"(,"ClientToken":"x","S3Prefix":"p")"), "ExportConflictException"));
  harness.clock().advance(std::chrono::hours(9));
  EXPECT_NE(arn_of(begin(R"(,"ClientToken":"x")")), first);
}

TEST_F(Exports, ARestartBeginsThemAnew) {
  put("a", "old");
  const std::string arn = arn_of(begin());
  put("a", "new");
  harness.reopen();
  work();
  EXPECT_TRUE(has(describe(arn), "COMPLETED"));
  EXPECT_TRUE(has(data(), "old"));
  const std::string lost = arn_of(begin());
  run("DeleteTable", R"({"TableName":"src"})");
  harness.reopen();
  work();
  EXPECT_TRUE(has(describe(lost), "FAILED"));
}

TEST_F(Exports, AreListedByPages) {
  const std::string first = arn_of(begin());
  harness.clock().advance(std::chrono::seconds(1));
  const std::string second = arn_of(begin());
  const std::string page = run("ListExports", R"({"MaxResults":1})");
  EXPECT_TRUE(has(page, first) && !has(page, R"("ExportArn":")" + second)) << page;
  const auto token = json::find_string(parsed(page), "NextToken").value_or("");
  const std::string rest = run("ListExports", R"({"NextToken":")" + token + R"("})");
  EXPECT_TRUE(has(rest, second) && !has(rest, "NextToken")) << rest;
  EXPECT_EQ(run("ListExports", R"({"TableArn":")" + std::string(kArn) + R"(none"})"),
            R"({"ExportSummaries":[]})");
  EXPECT_TRUE(has(run("ListExports", R"({"MaxResults":26})"), "ValidationException"));
}

TEST_F(Exports, NeedTheRightToWriteTheirFiles) {
  begin(R"(,"S3Prefix":"p")");
  ASSERT_EQ(harness.last_needs().size(), 2u);
  EXPECT_EQ(harness.last_needs()[1].action, "s3:PutObject");
  EXPECT_EQ(harness.last_needs()[1].resource, "arn:aws:s3:::bucket/p/AWSDynamoDB/*");
}

class Imports : public ::testing::Test {
 protected:
  void SetUp() override { harness.artifacts().buckets["bucket"]; }
  std::string run(const std::string& operation, const std::string& body) {
    return harness.run(operation, body);
  }
  std::string begin(const std::string& more, const std::string& sort = "") {
    std::string definitions = R"({"AttributeName":"id","AttributeType":"S"})";
    std::string keys = R"({"AttributeName":"id","KeyType":"HASH"})";
    if (!sort.empty()) {
      definitions += R"(,{"AttributeName":"sk","AttributeType":")" + sort + R"("})";
      keys += R"(,{"AttributeName":"sk","KeyType":"RANGE"})";
    }
    return run(
        "ImportTable",
        R"({"S3BucketSource":{"S3Bucket":"bucket","S3KeyPrefix":"in/"},)" + more +
            R"(,"TableCreationParameters":{"TableName":"src","BillingMode":"PAY_PER_REQUEST",)"
            R"("AttributeDefinitions":[)" +
            definitions + R"(],"KeySchema":[)" + keys + "]}}");
  }
  std::string finish(const std::string& answer) {
    harness.tables().background().run_all();
    const auto object = parsed(answer);
    const auto* description = json::find(object, "ImportTableDescription");
    if (description == nullptr) return answer;
    arn = json::find_string(description->as_object(), "ImportArn").value_or("");
    return run("DescribeImport", R"({"ImportArn":")" + arn + R"("})");
  }
  std::string get(const std::string& key) {
    return run("GetItem", R"({"TableName":"src","Key":)" + key + "}");
  }
  MemoryArtifacts::Objects& bucket() { return harness.artifacts().buckets["bucket"]; }

  Harness harness;
  std::string arn;
};

TEST_F(Imports, ReadDynamodbJson) {
  bucket()["in/1.json"] = R"({"Item":{"id":{"S":"a"},"n":{"N":"1"}}})"
                          "\n"
                          R"({"Item":{"id":{"S":"b"},"l":{"L":[{"BOOL":true}]}}})";
  bucket()["in/2.json"] = "\r\n";
  bucket()["other"] = "not looked at";
  const std::string answer = begin(R"("InputFormat":"DYNAMODB_JSON")");
  EXPECT_TRUE(has(answer, R"("ImportStatus":"IN_PROGRESS")")) << answer;
  EXPECT_TRUE(has(get(R"({"id":{"S":"a"}})"), "ResourceNotFoundException"));
  const std::string described = finish(answer);
  EXPECT_TRUE(has(described, R"("ImportStatus":"COMPLETED")")) << described;
  EXPECT_TRUE(has(described, R"("ErrorCount":0,"ProcessedItemCount":2,"ImportedItemCount":2)"))
      << described;
  EXPECT_TRUE(has(described, R"("TableCreationParameters":{"TableName":"src")")) << described;
  EXPECT_EQ(get(R"({"id":{"S":"b"}})"), R"({"Item":{"id":{"S":"b"},"l":{"L":[{"BOOL":true}]}}})");
  EXPECT_TRUE(has(run("ListImports", "{}"), arn));
}

TEST_F(Imports, ReadCsvWithTypedKeys) {
  bucket()["in/a.csv.gz"] = gzipped(
      "id;sk;text\r\n"
      "a;1.0;plain\r\n"
      "b;2;\"quoted; with \"\"quotes\"\"\nand a break\"\r\n"
      "c;three;no number\r\n"
      "d;4;too;many\r\n");
  const std::string described = finish(begin(R"("InputFormat":"CSV","InputCompressionType":"GZIP",)"
                                             R"("InputFormatOptions":{"Csv":{"Delimiter":";"}})",
                                             "N"));
  EXPECT_TRUE(has(described, R"("ImportStatus":"FAILED")")) << described;
  EXPECT_TRUE(has(described, R"("FailureCode":"ItemValidationError")")) << described;
  EXPECT_TRUE(has(described, R"("ErrorCount":2,"ProcessedItemCount":4,"ImportedItemCount":2)"))
      << described;
  EXPECT_EQ(get(R"({"id":{"S":"a"},"sk":{"N":"1"}})"),
            R"({"Item":{"id":{"S":"a"},"sk":{"N":"1"},"text":{"S":"plain"}}})");
  EXPECT_EQ(get(R"({"id":{"S":"b"},"sk":{"N":"2"}})"),
            R"({"Item":{"id":{"S":"b"},"sk":{"N":"2"},)"
            R"("text":{"S":"quoted; with \"quotes\"\nand a break"}}})");
}

TEST_F(Imports, HeadersMayComeWithTheRequest) {
  bucket()["in/a.csv"] = "a,1\nb,2\n";
  const std::string described = finish(
      begin(R"("InputFormat":"CSV","InputFormatOptions":{"Csv":{"HeaderList":["id","v"]}})"));
  EXPECT_TRUE(has(described, R"("ImportedItemCount":2)")) << described;
  EXPECT_EQ(get(R"({"id":{"S":"b"}})"), R"({"Item":{"id":{"S":"b"},"v":{"S":"2"}}})");
}

TEST_F(Imports, BadLinesAreCountedAndLeftOut) {
  bucket()["in/1"] = R"({"Item":{"id":{"S":"a"}}})"
                     "\nno json\n"
                     R"({"Item":{"id":{"N":"1"}}})"
                     "\n"
                     R"({"Thing":{"id":{"S":"a"}}})"
                     "\n"
                     R"({"Item":{"id":{"S":"b"},"n":{"N":"x"}}})"
                     "\n"
                     R"({"Item":{"id":{"S":"c"},"t":{"S":")" +
                     std::string(410'000, 'x') + "\"}}}\n" + std::string(5u << 20, 'y') + "\n" +
                     R"({"Item":{"id":{"S":"z"}}})";
  const std::string described = finish(begin(R"("InputFormat":"DYNAMODB_JSON")"));
  EXPECT_TRUE(has(described, R"("ErrorCount":6,"ProcessedItemCount":8,"ImportedItemCount":2)"))
      << described;
  EXPECT_TRUE(has(run("Scan", R"({"TableName":"src"})"), R"("Count":2)"));
}

TEST_F(Imports, WithoutASourceLeaveNoTable) {
  std::string described = finish(begin(R"("InputFormat":"DYNAMODB_JSON")"));
  EXPECT_TRUE(has(described, R"("FailureCode":"S3NoSuchKey")")) << described;
  EXPECT_TRUE(has(run("DescribeTable", R"({"TableName":"src"})"), "ResourceNotFoundException"));
  harness.artifacts().buckets.clear();
  described = finish(begin(R"("InputFormat":"DYNAMODB_JSON")"));
  EXPECT_TRUE(has(described, R"("FailureCode":"S3NoSuchBucket")")) << described;
}

TEST_F(Imports, ADamagedObjectIsAnErrorAndTheOthersAreRead) {
  bucket()["in/1"] = gzipped(R"({"Item":{"id":{"S":"a"}}})").substr(0, 20);
  bucket()["in/2"] = gzipped(R"({"Item":{"id":{"S":"b"}}})");
  const std::string described =
      finish(begin(R"("InputFormat":"DYNAMODB_JSON","InputCompressionType":"GZIP")"));
  EXPECT_TRUE(has(described, R"("ImportStatus":"FAILED")")) << described;
  EXPECT_TRUE(has(get(R"({"id":{"S":"b"}})"), "Item"));
}

TEST_F(Imports, ARestartBeginsThemAnew) {
  bucket()["in/1"] = R"({"Item":{"id":{"S":"a"}}})";
  const std::string answer = begin(R"("InputFormat":"DYNAMODB_JSON","ClientToken":"x")");
  harness.reopen();
  const std::string again = begin(R"("InputFormat":"DYNAMODB_JSON","ClientToken":"x")");
  EXPECT_TRUE(has(again, "IN_PROGRESS")) << again;
  EXPECT_TRUE(has(begin(R"("InputFormat":"CSV","ClientToken":"x")"), "ImportConflictException"));
  EXPECT_TRUE(has(finish(answer), R"("ImportedItemCount":1)"));
  EXPECT_TRUE(has(begin(R"("InputFormat":"DYNAMODB_JSON")"), "ResourceInUseException"));
}

TEST_F(Imports, RefuseWhatTheyCannotDo) {
  EXPECT_TRUE(has(begin(R"("InputFormat":"ION")"), "not supported"));
  EXPECT_TRUE(has(begin(R"("InputFormat":"CSV","InputCompressionType":"ZSTD")"), "not supported"));
  EXPECT_TRUE(has(run("ImportTable", "{}"), "3 validation errors detected"))
      << run("ImportTable", "{}");
  EXPECT_TRUE(has(begin(R"("InputFormat":"CSV","InputFormatOptions":{"Csv":{"Delimiter":"x"}})"),
                  "inputFormatOptions.csv.delimiter"));
  EXPECT_TRUE(
      has(run("DescribeImport", R"({"ImportArn":")" + std::string(kArn) + R"(src/import/1-a"})"),
          "ImportNotFoundException"));
}

/// What is exported and imported again is the same table.
RC_GTEST_PROP(ExportImport, RoundTrips, ()) {
  Harness harness;
  harness.make_table("src");
  harness.artifacts().buckets["bucket"];
  harness.run("UpdateContinuousBackups", R"({"TableName":"src","PointInTimeRecoverySpecification":)"
                                         R"({"PointInTimeRecoveryEnabled":true}})");
  const auto count = *rc::gen::inRange(0, 10);
  for (int i = 0; i < count; ++i) {
    Item item = *testing::map(3);
    item.set("id", Value(std::to_string(i)));
    std::string text;
    append_json(text, item);
    harness.run("PutItem", R"({"TableName":"src","Item":)" + text + "}");
  }
  harness.run("ExportTableToPointInTime",
              R"({"TableArn":"src","S3Bucket":"bucket","S3Prefix":"p"})");
  harness.tables().background().run_all();
  MemoryArtifacts::Objects& bucket = harness.artifacts().buckets["bucket"];
  for (auto object = bucket.begin(); object != bucket.end();) {
    object = object->first.ends_with(".gz") ? std::next(object) : bucket.erase(object);
  }
  harness.run("ImportTable",
              R"({"S3BucketSource":{"S3Bucket":"bucket"},"InputFormat":"DYNAMODB_JSON",)"
              R"("InputCompressionType":"GZIP","TableCreationParameters":{"TableName":"copy",)"
              R"("BillingMode":"PAY_PER_REQUEST",)"
              R"("AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],)"
              R"("KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}})");
  harness.tables().background().run_all();
  RC_ASSERT(harness.run("Scan", R"({"TableName":"src"})") ==
            harness.run("Scan", R"({"TableName":"copy"})"));
}

}  // namespace
}  // namespace stator::dynamodb::recovery
