#include "s3/bucket_settings.hpp"
#include "s3/objects_impl.hpp"

/// Does what lifecycle rules say. What is due is removed through the same calls as by hand, so a
/// version's rules hold here too.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
namespace stator::s3 {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::size_t kPageMax = 1'000;

/// Due from the midnight (UTC) after so many days on.
bool is_due(std::int64_t since_ms, std::int64_t days, WallTime now) {
  const auto after = since_ms + days * kDayMs;
  return epoch_ms(now) >= (after / kDayMs + 1) * kDayMs;
}

/// One bucket under its rules.
class Expirer {
 public:
  Expirer(Objects& objects, std::string_view account, const Bucket& bucket, WallTime now)
      : objects_(objects), account_(account), bucket_(bucket), now_(now) {}

  Result<void> run(const std::vector<LifecycleRule>& rules) {
    for (const auto& rule : rules) {
      if (!rule.is_enabled) continue;
      if (rule.abort_days != 0) {
        STATOR_TRY_VOID(abort_uploads(rule));
      }
      if (rule.expiration_days != 0 || rule.noncurrent_days != 0 || rule.expires_delete_markers) {
        STATOR_TRY_VOID(expire_versions(rule));
      }
    }
    return {};
  }

 private:
  ObjectName name_of(const std::string& key) const { return {account_, bucket_.name, key}; }

  Result<void> abort_uploads(const LifecycleRule& rule) {
    STATOR_TRY(const auto uploads, objects_.uploads(account_, bucket_.name));
    for (const auto& upload : uploads) {
      if (!upload.key.starts_with(rule.prefix)) continue;
      if (!is_due(epoch_ms(upload.initiated), rule.abort_days, now_)) continue;
      // Somebody may have completed it meanwhile.
      static_cast<void>(objects_.abort({name_of(upload.key), upload.id}));
    }
    return {};
  }

  Result<void> expire_versions(const LifecycleRule& rule) {
    VersionsQuery query;
    query.prefix = rule.prefix;
    query.max_keys = kPageMax;
    std::string key;
    std::int64_t kept = 0;  // Of the key's other versions, those newer than this one.
    for (;;) {
      STATOR_TRY(const auto page, objects_.list_versions(account_, bucket_.name, query));
      for (const auto& [object, is_latest] : page.versions) {
        if (object.key != key) kept = 0;
        key = object.key;
        STATOR_TRY_VOID(expire(rule, object, is_latest, kept));
      }
      if (!page.is_truncated) return {};
      query.key_marker = page.next_key;
      query.id_marker = page.next_id;
    }
  }

  Result<void> expire(const LifecycleRule& rule, const ObjectInfo& object, bool is_latest,
                      std::int64_t& kept) {
    const auto name = name_of(object.key);
    if (!is_latest) {
      if (rule.noncurrent_days == 0 || kept < rule.noncurrent_kept ||
          !is_due(object.noncurrent_since_ms, rule.noncurrent_days, now_)) {
        ++kept;
        return {};
      }
      return remove(name, shown_version(object));
    }
    if (object.is_delete_marker) {
      return rule.expires_delete_markers ? remove_lone_marker(object) : Result<void>();
    }
    if (rule.expiration_days == 0 ||
        !is_due(epoch_ms(object.last_modified), rule.expiration_days, now_)) {
      return {};
    }
    return remove(name, "");
  }

  /// A delete marker goes when there is nothing behind it.
  Result<void> remove_lone_marker(const ObjectInfo& marker) {
    VersionsQuery query;
    query.prefix = marker.key;
    query.max_keys = 2;
    STATOR_TRY(const auto page, objects_.list_versions(account_, bucket_.name, query));
    const bool is_alone = page.versions.size() < 2 || page.versions[1].object.key != marker.key;
    return is_alone ? remove(name_of(marker.key), shown_version(marker)) : Result<void>();
  }

  Result<void> remove(const ObjectName& name, const std::string& version) {
    STATOR_TRY([[maybe_unused]] const auto removed, objects_.remove(name, now_, version));
    return {};
  }

  Objects& objects_;
  std::string account_;
  const Bucket& bucket_;
  WallTime now_;
};

}  // namespace

Result<void> Objects::expire(std::string_view account, WallTime now) {
  STATOR_TRY(const auto all, buckets(account));
  for (const auto& bucket : all) {
    const auto document = bucket.settings.find("lifecycle");
    if (document == bucket.settings.end()) continue;
    STATOR_TRY(const auto rules, parse_lifecycle(document->second));
    STATOR_TRY_VOID(Expirer(*this, account, bucket, now).run(rules));
  }
  return {};
}

}  // namespace stator::s3
