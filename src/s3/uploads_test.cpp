#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "crypto/crypto.hpp"
#include "s3/checksum.hpp"
#include "s3/test_bench.hpp"
#include "storage/faulty_disk.hpp"

namespace stator::s3 {
namespace {

const std::string kAccount = "000000000000";
constexpr std::size_t kPartBytesMin = 5u << 20;

class UploadsTest : public testing::Test {
 protected:
  UploadsTest() { EXPECT_TRUE(objects().create_bucket(kAccount, {"bucket", "us-east-1", {}})); }

  Objects& objects() { return *bench_.objects; }
  UploadName begin(UploadInfo upload = {}) {
    const ObjectName name{kAccount, "bucket", "key"};
    upload.key = "key";
    return {name, objects().begin_upload(name, std::move(upload)).value()};
  }
  Completion::Part put(const UploadName& name, int number, std::string_view body) {
    const auto part = objects().put_part(name, number, {body}).value();
    return {number, part.md5};
  }
  std::string read() { return objects().read(kAccount, "bucket", "key").value(); }

  Bench bench_;
};

TEST_F(UploadsTest, MakesAnObjectOfItsParts) {
  UploadInfo info;
  info.labels.headers = {{"Content-Type", "text/plain"}};
  info.labels.tags = {{"k", "v"}};
  const auto upload = begin(info);
  const std::string first(kPartBytesMin, 'a');
  Completion completion;
  completion.parts = {put(upload, 2, first), put(upload, 5, "tail")};
  put(upload, 7, "left over");
  const auto object = objects().complete(upload, completion).value();
  EXPECT_EQ(object.etag, hex_encode(crypto::md5(crypto::md5(first) + crypto::md5("tail"))) + "-2");
  EXPECT_EQ(object.labels.headers, info.labels.headers);
  EXPECT_EQ(object.labels.tags, info.labels.tags);
  EXPECT_EQ(read(), first + "tail");
  EXPECT_EQ(bench_.count_blobs(), 2u) << "what was left over is gone";
  EXPECT_EQ(objects().complete(upload, completion).error().aws_type, "NoSuchUpload");
  EXPECT_TRUE(objects().uploads(kAccount, "bucket")->empty());
  const auto span =
      objects().body(objects().start_reading(), object, Span{kPartBytesMin - 2, kPartBytesMin + 1});
  EXPECT_EQ(span.value(), "aata");
}

TEST_F(UploadsTest, RefusesPartsThatDoNotFit) {
  const auto upload = begin();
  const auto one = put(upload, 1, std::string(kPartBytesMin, 'a'));
  const auto two = put(upload, 2, "b");
  const auto three = put(upload, 3, "c");
  const auto error = [&](std::vector<Completion::Part> parts) {
    Completion completion;
    completion.parts = std::move(parts);
    const auto done = objects().complete(upload, completion);
    return done ? "" : done.error().aws_type;
  };
  EXPECT_EQ(error({two, one}), "InvalidPartOrder");
  EXPECT_EQ(error({one, one}), "InvalidPartOrder");
  EXPECT_EQ(error({one, two, three}), "EntityTooSmall");
  EXPECT_EQ(error({{4, "x"}}), "InvalidPart");
  EXPECT_EQ(error({{1, "x"}}), "InvalidPart");
  EXPECT_EQ(objects().put_part(upload, 0, {"x"}).error().aws_type, "InvalidArgument");
  EXPECT_EQ(objects().put_part(upload, 10'001, {"x"}).error().aws_type, "InvalidArgument");
  EXPECT_EQ(objects().put_part({upload.object, "none"}, 1, {"x"}).error().aws_type, "NoSuchUpload");
  EXPECT_EQ(error({one, three}), "");
}

TEST_F(UploadsTest, PartsAreReplacedAndAborted) {
  const auto upload = begin();
  put(upload, 1, "old");
  put(upload, 1, "new");
  EXPECT_EQ(bench_.count_blobs(), 1u);
  EXPECT_EQ(objects().parts(upload)->size(), 1u);
  ASSERT_TRUE(objects().abort(upload));
  EXPECT_EQ(objects().abort(upload).error().aws_type, "NoSuchUpload");
  EXPECT_EQ(bench_.count_blobs(), 0u);
}

TEST_F(UploadsTest, GoWithTheirBucket) {
  put(begin(), 1, "part");
  ASSERT_TRUE(objects().delete_bucket(kAccount, "bucket"));
  EXPECT_EQ(bench_.count_blobs(), 0u);
}

TEST_F(UploadsTest, KnowChecksumsOfThePartsAndOfTheWhole) {
  const std::string first(kPartBytesMin, 'a');
  for (const std::string type : {"COMPOSITE", "FULL_OBJECT"}) {
    UploadInfo info;
    info.checksum_algorithm = "crc32";
    info.checksum_type = type;
    const auto upload = begin(info);
    Completion completion;
    completion.parts = {put(upload, 1, first), put(upload, 2, "b")};
    const auto raw = [](std::string_view body) {
      return base64_decode(checksum_of("crc32", body).value()).value();
    };
    const auto wanted = type == "COMPOSITE"
                            ? checksum_of("crc32", raw(first) + raw("b")).value() + "-2"
                            : checksum_of("crc32", first + "b").value();
    completion.checksums = {{"x-amz-checksum-crc32", "AAAAAA=="}};
    EXPECT_EQ(objects().complete(upload, completion).error().aws_type, "BadDigest");
    completion.checksums = {{"x-amz-checksum-crc32", wanted}};
    const auto object = objects().complete(upload, completion);
    ASSERT_TRUE(object) << object.error().message;
    EXPECT_EQ(object->checksums, (Fields{{"x-amz-checksum-crc32", wanted}}));
  }
}

/// An object from parts and ranges of it are as if it had been put at once. Few cases, for each has
/// many bytes.
TEST_F(UploadsTest, AreTheConcatenationOfTheirParts) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    SeededRandom random(seed);
    const auto upload = begin();
    const int count = 1 + static_cast<int>(random.below(3));
    std::string whole;
    Completion completion;
    for (int i = 1; i <= count; ++i) {
      std::string body(i == count ? random.below(9) : kPartBytesMin + random.below(9),
                       static_cast<char>('a' + i));
      completion.parts.push_back(put(upload, i * 3, body));
      whole += body;
    }
    const auto object = objects().complete(upload, completion);
    ASSERT_TRUE(object) << object.error().message;
    EXPECT_TRUE(read() == whole) << seed;
    for (int i = 0; i < 20 && !whole.empty(); ++i) {
      const auto first = random.below(whole.size());
      const auto last = first + random.below(whole.size() - first);
      const auto part = objects().body(objects().start_reading(), *object, Span{first, last});
      EXPECT_TRUE(part.value() == whole.substr(first, last - first + 1)) << seed;
    }
  }
}

/// Whenever the power goes, afterwards there is the upload or the object, each with its bytes.
TEST(UploadsCrash, LeaveTheUploadOrTheObject) {
  const std::string first(kPartBytesMin, 'a');
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    TemporaryDirectory directory;
    storage::FaultyDisk disk(seed);
    storage::BlobStore blobs(directory.path() / "blobs");
    const ObjectName name{kAccount, "bucket", "key"};
    UploadName upload{name, ""};
    Completion completion;
    bool is_promised = false;
    {
      WorkerPool workers{1, 64};
      const auto store = disk.open(directory.path() / "db");
      Objects objects(*store, blobs, workers);
      ASSERT_TRUE(objects.create_bucket(kAccount, {"bucket", "us-east-1", {}}));
      UploadInfo info;
      info.key = "key";
      upload.id = objects.begin_upload(name, info).value();
      for (int number : {1, 2}) {
        const auto body = number == 1 ? std::string_view(first) : "b";
        completion.parts.push_back({number, objects.put_part(upload, number, {body})->md5});
      }
      std::promise<void> synced;
      store->when_durable(store->last(), [&](const Result<void>&) { synced.set_value(); });
      synced.get_future().wait();
      ASSERT_TRUE(objects.complete(upload, completion));
      if (seed % 2 == 0) {
        std::promise<void> promised;
        store->when_durable(store->last(), [&](const Result<void>& done) {
          is_promised = done.has_value();
          promised.set_value();
        });
        promised.get_future().wait();
      }
      disk.cut_power();
      workers.stop();
    }
    disk.restore_power();
    WorkerPool workers{1, 64};
    const auto store = disk.open(directory.path() / "db");
    Objects objects(*store, blobs, workers);
    auto body = objects.read(kAccount, "bucket", "key");
    if (!body) {
      EXPECT_FALSE(is_promised) << seed;
      const auto again = objects.complete(upload, completion);
      ASSERT_TRUE(again) << again.error().message;
      body = objects.read(kAccount, "bucket", "key");
    }
    ASSERT_TRUE(body);
    EXPECT_EQ(*body, first + "b") << seed;
  }
}

}  // namespace
}  // namespace stator::s3
