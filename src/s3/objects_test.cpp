#include "s3/objects.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <thread>

#include "s3/test_bench.hpp"

namespace stator::s3 {
namespace {

const std::string kAccount = "000000000000";
const std::string kHashOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

class ObjectsTest : public testing::Test {
 protected:
  ObjectsTest() { EXPECT_TRUE(objects().create_bucket(kAccount, {"bucket", "us-east-1", {}})); }

  Objects& objects() { return *bench_.objects; }
  Result<ObjectInfo> put(std::string key, std::string body) {
    return objects().put({kAccount, "bucket", std::move(key)}, {body});
  }

  Bench bench_;
};

TEST_F(ObjectsTest, GivesBackWhatItTook) {
  const auto info = put("a/b c", "abc").value();
  EXPECT_EQ(info.etag, "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(info.size, 3u);
  EXPECT_EQ(objects().read(kAccount, "bucket", "a/b c").value(), "abc");
}

TEST_F(ObjectsTest, TellsAMissingBucketFromAMissingKey) {
  EXPECT_EQ(objects().read(kAccount, "bucket", "x").error().aws_type, "NoSuchKey");
  EXPECT_EQ(objects().read(kAccount, "other", "x").error().aws_type, "NoSuchBucket");
  EXPECT_EQ(objects().read("111111111111", "bucket", "x").error().aws_type, "NoSuchBucket");
  EXPECT_EQ(objects().put({kAccount, "other", "x"}, {""}).error().aws_type, "NoSuchBucket");
  EXPECT_EQ(objects().remove({kAccount, "other", "x"}, {}).error().aws_type, "NoSuchBucket");
  EXPECT_TRUE(objects().remove({kAccount, "bucket", "x"}, {}));
}

TEST_F(ObjectsTest, KeepsABodyAsLongAsAnObjectUsesIt) {
  ASSERT_TRUE(put("one", "abc"));
  ASSERT_TRUE(put("two", "abc"));
  EXPECT_EQ(bench_.count_blobs(), 1u);
  ASSERT_TRUE(objects().remove({kAccount, "bucket", "one"}, {}));
  EXPECT_EQ(bench_.count_blobs(), 1u);
  EXPECT_EQ(objects().read(kAccount, "bucket", "two").value(), "abc");
  ASSERT_TRUE(objects().remove({kAccount, "bucket", "two"}, {}));
  EXPECT_EQ(bench_.count_blobs(), 0u);
}

TEST_F(ObjectsTest, LetsGoOfTheBodyThatAnotherReplaces) {
  ASSERT_TRUE(put("key", "old"));
  ASSERT_TRUE(put("key", "new"));
  ASSERT_TRUE(put("key", "new"));
  EXPECT_EQ(bench_.count_blobs(), 1u);
  EXPECT_EQ(objects().read(kAccount, "bucket", "key").value(), "new");
}

TEST_F(ObjectsTest, FinishesTheRemovalsOfAnEarlierProcess) {
  // As a crash leaves it between the blob and its record: the blob, and a note to look at it.
  ASSERT_TRUE(bench_.blobs.put("abc"));
  storage::Batch batch;
  batch.put(storage::Family::kMeta, garbage_key(kHashOfAbc), "");
  ASSERT_TRUE(bench_.store->write(std::move(batch)));
  EXPECT_EQ(bench_.count_blobs(), 0u);
  EXPECT_EQ(bench_.store->get(storage::Family::kMeta, garbage_key(kHashOfAbc)).value(),
            std::nullopt);
}

TEST_F(ObjectsTest, RefusesABodyThatIsNotWhatWasSigned) {
  Upload upload{"abd"};
  upload.sha256 = kHashOfAbc;
  EXPECT_EQ(objects().put({kAccount, "bucket", "k"}, std::move(upload)).error().aws_type,
            "XAmzContentSHA256Mismatch");
  EXPECT_EQ(bench_.count_blobs(), 0u);
}

TEST_F(ObjectsTest, RefusesKeysThatAreNone) {
  EXPECT_EQ(put("", "x").error().aws_type, "InvalidURI");
  EXPECT_EQ(put("\xff", "x").error().aws_type, "InvalidURI");
  EXPECT_EQ(put(std::string(1'025, 'k'), "x").error().aws_type, "KeyTooLongError");
  EXPECT_TRUE(put(std::string(1'024, 'k'), "x"));
}

TEST_F(ObjectsTest, BucketsComeAndGo) {
  EXPECT_FALSE(objects().create_bucket(kAccount, {"bucket", "eu-west-1", {}}).value());
  EXPECT_EQ(objects().bucket(kAccount, "bucket").value().region, "us-east-1");
  ASSERT_TRUE(put("k", "v"));
  EXPECT_EQ(objects().delete_bucket(kAccount, "bucket").error().aws_type, "BucketNotEmpty");
  ASSERT_TRUE(objects().remove({kAccount, "bucket", "k"}, {}));
  EXPECT_TRUE(objects().delete_bucket(kAccount, "bucket"));
  EXPECT_EQ(objects().delete_bucket(kAccount, "bucket").error().aws_type, "NoSuchBucket");
  EXPECT_TRUE(objects().buckets(kAccount).value().empty());
}

TEST_F(ObjectsTest, KnowsBucketNames) {
  for (const char* name : {"abc", "a.b-c.1", "0a0", "1.2.3.4a"}) {
    EXPECT_TRUE(objects().create_bucket(kAccount, {name, "us-east-1", {}})) << name;
  }
  for (const std::string& name :
       {std::string("ab"), std::string("A-b"), std::string("-abc"), std::string("abc-"),
        std::string("a..b"), std::string("a_b"), std::string("1.2.3.4"), std::string(64, 'a')}) {
    const auto made = objects().create_bucket(kAccount, {name, "us-east-1", {}});
    ASSERT_FALSE(made) << name;
    EXPECT_EQ(made.error().aws_type, "InvalidBucketName") << name;
  }
}

TEST_F(ObjectsTest, ReadersAlwaysFindABodyWhileWritersReplaceIt) {
  ASSERT_TRUE(put("key", "0"));
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < 40; ++i) EXPECT_TRUE(put("key", std::to_string(i % 3 + t)));
    });
    threads.emplace_back([this] {
      for (int i = 0; i < 200; ++i) {
        const auto body = objects().read(kAccount, "bucket", "key");
        ASSERT_TRUE(body) << body.error().message;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(bench_.count_blobs(), 1u);
}

/// What S3's documentation says a listing is, in the plainest way.
struct Model {
  std::vector<std::string> entries;

  Model(const std::map<std::string, int>& keys, const ListQuery& query) {
    for (const auto& [key, unused] : keys) {
      if (!key.starts_with(query.prefix) || key <= query.start_after) continue;
      const auto at = query.delimiter.empty() ? std::string::npos
                                              : key.find(query.delimiter, query.prefix.size());
      const auto entry = at == std::string::npos
                             ? "key " + key
                             : "prefix " + key.substr(0, at + query.delimiter.size());
      if (entries.empty() || entries.back() != entry) entries.push_back(entry);
    }
  }
};

TEST_F(ObjectsTest, ListsPageByPage) {
  rc::check("pages together are the whole listing", [this] {
    ASSERT_TRUE(objects().create_bucket(kAccount, {"listed", "us-east-1", {}}));
    const auto text = rc::gen::container<std::string>(rc::gen::element('a', 'b', '/', '\x01'));
    const auto names = *rc::gen::container<std::vector<std::string>>(rc::gen::nonEmpty(text));
    std::map<std::string, int> keys;
    storage::Batch batch;
    for (const auto& name : names) {
      keys[name];
      ObjectInfo info;
      batch.put(storage::Family::kMeta, object_key({kAccount, "listed", name}), dump(info));
    }
    RC_ASSERT(bench_.store->write(std::move(batch)).has_value());
    ListQuery query;
    query.prefix = *text;
    query.delimiter = *rc::gen::element<std::string>("", "/", "ab");
    query.start_after = *text;
    query.max_keys = *rc::gen::inRange<std::size_t>(1, 5);
    const Model model(keys, query);
    std::vector<std::string> entries;
    do {
      const auto page = objects().list(kAccount, "listed", query).value();
      for (const auto& object : page.objects) entries.push_back("key " + object.key);
      for (const auto& prefix : page.common_prefixes) entries.push_back("prefix " + prefix);
      RC_ASSERT(page.objects.size() + page.common_prefixes.size() <= query.max_keys);
      query.token = page.next_token;
    } while (!query.token.empty());
    auto expected = model.entries;
    std::sort(expected.begin(), expected.end());
    std::sort(entries.begin(), entries.end());
    RC_ASSERT(entries == expected);
    storage::Batch erase;
    for (const auto& [key, unused] : keys) {
      erase.erase(storage::Family::kMeta, object_key({kAccount, "listed", key}));
    }
    RC_ASSERT(bench_.store->write(std::move(erase)).has_value());
  });
}

}  // namespace
}  // namespace stator::s3
