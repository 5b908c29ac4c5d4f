#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "s3/records.hpp"
#include "s3/xml.hpp"

/// What buckets' settings may say, and what they mean.
namespace stator::s3 {

/// InvalidArgument for no such ownership.
[[nodiscard]] Result<void> check_ownership(std::string_view ownership);
[[nodiscard]] std::string ownership_document(std::string_view ownership);

/// Each of them MalformedXML for what is no such document, NotImplemented, naming it, for what
/// stator does not do.
[[nodiscard]] Result<void> check_ownership_document(std::string_view document);
[[nodiscard]] Result<void> check_encryption_document(std::string_view document);
[[nodiscard]] Result<void> check_public_access_document(std::string_view document);
[[nodiscard]] Result<void> check_lifecycle_document(std::string_view document);
[[nodiscard]] Result<void> check_tagging_document(std::string_view document);

/// Whether the bucket's public access block forbids public policies.
[[nodiscard]] bool blocks_public_policies(const Bucket& bucket);
/// Whether a policy allows anybody something without a condition.
[[nodiscard]] bool is_public_policy(std::string_view document);

/// The tags of `<Tagging><TagSet>`. InvalidTag, MalformedXML.
[[nodiscard]] Result<Tags> parse_tags(std::string_view document, std::size_t tags_max);
/// Those of an x-amz-tagging header: "a=1&b=2".
[[nodiscard]] Result<Tags> parse_tags_header(std::string_view text, std::size_t tags_max);
[[nodiscard]] std::string tags_document(const Tags& tags);

/// One rule of a lifecycle configuration, as far as stator does it. Days are 0 where there are
/// none.
struct LifecycleRule {
  bool is_enabled = false;
  std::string prefix = {};
  std::int64_t expiration_days = 0;
  bool expires_delete_markers = false;
  std::int64_t noncurrent_days = 0;
  std::int64_t noncurrent_kept = 0;  ///< so many of the newest stay
  std::int64_t abort_days = 0;
};
[[nodiscard]] Result<std::vector<LifecycleRule>> parse_lifecycle(std::string_view document);

}  // namespace stator::s3
