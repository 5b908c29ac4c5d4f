#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <list>

#include "s3/bucket_settings.hpp"
#include "s3/test_bench.hpp"

namespace stator::s3 {
namespace {

const std::string kAccount = "000000000000";
constexpr std::int64_t kDayMs = 86'400'000;

class VersionsTest : public testing::Test {
 protected:
  VersionsTest() { EXPECT_TRUE(objects().create_bucket(kAccount, {"bucket", "us-east-1", {}})); }

  Objects& objects() { return *bench_.objects; }
  void set_versioning(const std::string& status) {
    ASSERT_TRUE(objects().update_bucket(kAccount, "bucket", [&](Bucket& bucket) -> Result<void> {
      bucket.versioning = status;
      return {};
    }));
  }
  static ObjectName name(const std::string& key) { return {kAccount, "bucket", key}; }
  ObjectInfo put(const std::string& key, std::string_view body, WallTime now = {}) {
    Upload upload;
    upload.body = body;
    upload.now = now;
    return objects().put(name(key), std::move(upload)).value();
  }
  std::string body(const std::string& key, const std::string& version = {}) {
    const auto info = objects().info(name(key), version);
    if (!info) return info.error().aws_type;
    if (info->is_delete_marker) return "marker";
    return objects().body(objects().start_reading(), *info).value();
  }
  /// "key:version:latest" of each, all pages.
  std::vector<std::string> listed(std::size_t page = 1'000) {
    std::vector<std::string> all;
    VersionsQuery query;
    query.max_keys = page;
    for (;;) {
      const auto listing = objects().list_versions(kAccount, "bucket", query).value();
      for (const auto& [object, is_latest] : listing.versions) {
        all.push_back(object.key + ":" + shown_version(object) + (is_latest ? ":latest" : "") +
                      (object.is_delete_marker ? ":marker" : ""));
      }
      if (!listing.is_truncated) return all;
      query.key_marker = listing.next_key;
      query.id_marker = listing.next_id;
    }
  }

  Bench bench_;
};

TEST_F(VersionsTest, KeepsWhatIsReplacedAndRemoved) {
  put("k", "zero");
  set_versioning("Enabled");
  const auto one = put("k", "one").version_id;
  const auto two = put("k", "two").version_id;
  EXPECT_NE(one, two);
  EXPECT_EQ(body("k"), "two");
  EXPECT_EQ(body("k", one), "one");
  EXPECT_EQ(body("k", "null"), "zero");
  EXPECT_EQ(body("k", "nonsense"), "NoSuchVersion");
  const auto removed = objects().remove(name("k"), {}).value();
  EXPECT_TRUE(removed.is_delete_marker);
  EXPECT_EQ(body("k"), "NoSuchKey");
  EXPECT_EQ(body("k", two), "two");
  EXPECT_EQ(body("k", removed.version_id), "marker");
  const std::vector<std::string> all{"k:" + removed.version_id + ":latest:marker", "k:" + two,
                                     "k:" + one, "k:null"};
  EXPECT_EQ(listed(), all);
  EXPECT_EQ(listed(1), all);
  EXPECT_EQ(objects().delete_bucket(kAccount, "bucket").error().aws_type, "BucketNotEmpty");
  // Without the marker the version behind it is current again.
  ASSERT_TRUE(objects().remove(name("k"), {}, removed.version_id));
  EXPECT_EQ(body("k"), "two");
  ASSERT_TRUE(objects().remove(name("k"), {}, two));
  EXPECT_EQ(body("k"), "one");
  ASSERT_TRUE(objects().remove(name("k"), {}, "null"));
  ASSERT_TRUE(objects().remove(name("k"), {}, one));
  EXPECT_TRUE(listed().empty());
  EXPECT_EQ(bench_.count_blobs(), 0u);
  EXPECT_TRUE(objects().delete_bucket(kAccount, "bucket"));
}

TEST_F(VersionsTest, SuspendedReplacesWhatHasNoVersion) {
  set_versioning("Enabled");
  const auto one = put("k", "one").version_id;
  set_versioning("Suspended");
  EXPECT_EQ(put("k", "two").version_id, "");
  put("k", "three");
  EXPECT_EQ(listed(), (std::vector<std::string>{"k:null:latest", "k:" + one}));
  EXPECT_EQ(objects().remove(name("k"), {})->version_id, "null");
  EXPECT_EQ(listed(), (std::vector<std::string>{"k:null:latest:marker", "k:" + one}));
  put("k", "four");
  EXPECT_EQ(listed(), (std::vector<std::string>{"k:null:latest", "k:" + one}));
  EXPECT_EQ(bench_.count_blobs(), 2u);
}

TEST_F(VersionsTest, TagsOneVersion) {
  set_versioning("Enabled");
  const auto one = put("k", "one").version_id;
  put("k", "two");
  ASSERT_TRUE(objects().set_tags(name("k"), one, {{"a", "b"}}));
  EXPECT_EQ(objects().info(name("k"), one)->labels.tags, (Tags{{"a", "b"}}));
  EXPECT_TRUE(objects().info(name("k"))->labels.tags.empty());
}

TEST_F(VersionsTest, AgreesWithAModel) {
  rc::check("versions are as in a list of them", [this] {
    const std::string bucket = "model";
    static_cast<void>(objects().create_bucket(kAccount, {bucket, "us-east-1", {}}));
    struct One {
      std::string id;
      std::string body;
      bool is_marker;
    };
    std::map<std::string, std::list<One>> model;  // The newest first.
    std::string versioning;
    const auto set = [&](const std::string& status) {
      versioning = status;
      RC_ASSERT(objects()
                    .update_bucket(kAccount, bucket,
                                   [&](Bucket& record) -> Result<void> {
                                     record.versioning = status;
                                     return {};
                                   })
                    .has_value());
    };
    set("");
    const auto drop_null = [&](const std::string& key) {
      model[key].remove_if([](const One& one) { return one.id == "null"; });
    };
    const auto steps = *rc::gen::scale(
        0.2, rc::gen::container<std::vector<int>>(rc::gen::resize(100, rc::gen::inRange(0, 100))));
    for (const int step : steps) {
      const std::string key(1, static_cast<char>('a' + step % 2));
      const ObjectName at{kAccount, bucket, key};
      if (step < 40) {
        const auto text = std::to_string(step);
        const auto info = objects().put(at, {text}).value();
        if (versioning != "Enabled") drop_null(key);
        model[key].push_front({shown_version(info), text, false});
      } else if (step < 55) {
        const auto removed = objects().remove(at, {}).value();
        if (versioning != "Enabled") drop_null(key);
        if (!versioning.empty()) model[key].push_front({removed.version_id, "", true});
      } else if (step < 80) {
        if (model[key].empty()) continue;
        const auto one = std::next(model[key].begin(), step % static_cast<int>(model[key].size()));
        RC_ASSERT(objects().remove(at, {}, one->id).has_value());
        model[key].erase(one);
      } else if (step < 95) {
        set("Enabled");
      } else if (!versioning.empty()) {
        set("Suspended");
      }
    }
    for (const auto& [key, versions] : model) {
      const ObjectName at{kAccount, bucket, key};
      const auto current = objects().info(at);
      RC_ASSERT(current.has_value() == (!versions.empty() && !versions.front().is_marker));
      VersionsQuery query;
      query.prefix = key;
      const auto listing = objects().list_versions(kAccount, bucket, query).value();
      RC_ASSERT(listing.versions.size() == versions.size());
      auto entry = listing.versions.begin();
      for (const auto& one : versions) {
        RC_ASSERT(shown_version(entry->object) == one.id);
        RC_ASSERT(entry->object.is_delete_marker == one.is_marker);
        RC_ASSERT(entry->is_latest == (entry == listing.versions.begin()));
        ++entry;
      }
      for (const auto& one : std::list<One>(versions)) {
        RC_ASSERT(objects().remove(at, {}, one.id).has_value());
      }
    }
    RC_ASSERT(objects().delete_bucket(kAccount, bucket).has_value());
  });
  EXPECT_EQ(bench_.count_blobs(), 0u) << "bodies go with their versions";
}

TEST_F(VersionsTest, LifecycleRulesAreDone) {
  set_versioning("Enabled");
  ASSERT_TRUE(objects().update_bucket(kAccount, "bucket", [](Bucket& bucket) -> Result<void> {
    bucket.settings["lifecycle"] =
        "<LifecycleConfiguration><Rule><Status>Enabled</Status><Filter><Prefix>a/</Prefix></Filter>"
        "<Expiration><Days>10</Days></Expiration>"
        "<NoncurrentVersionExpiration><NoncurrentDays>5</NoncurrentDays>"
        "</NoncurrentVersionExpiration><AbortIncompleteMultipartUpload><DaysAfterInitiation>2"
        "</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>";
    return {};
  }));
  const auto day = [](std::int64_t days) { return from_epoch_ms(days * kDayMs + 1); };
  put("a/k", "one", day(100));
  const auto two = put("a/k", "two", day(101)).version_id;
  const auto other = put("b", "other", day(100)).version_id;
  UploadInfo upload;
  upload.key = "a/u";
  upload.initiated = day(100);
  ASSERT_TRUE(objects().begin_upload(name("a/u"), upload));
  ASSERT_TRUE(objects().expire(kAccount, day(102)));
  EXPECT_EQ(listed().size(), 3u);
  EXPECT_EQ(objects().uploads(kAccount, "bucket")->size(), 1u);
  ASSERT_TRUE(objects().expire(kAccount, day(107)));
  EXPECT_EQ(listed(),
            (std::vector<std::string>{"a/k:" + two + ":latest", "b:" + other + ":latest"}))
      << "version one was replaced on day 101";
  EXPECT_TRUE(objects().uploads(kAccount, "bucket")->empty());
  ASSERT_TRUE(objects().expire(kAccount, day(112)));
  EXPECT_EQ(body("a/k"), "NoSuchKey");
  EXPECT_EQ(listed().size(), 3u) << "a delete marker stands before version two";
  EXPECT_EQ(body("b"), "other");
}

}  // namespace
}  // namespace stator::s3
