#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cloudformation/api_client.hpp"

namespace stator::cloudformation {

/// AWS's bound for a template that comes by URL.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
inline constexpr std::size_t kTemplateUrlBytesMax = 1'000'000;

struct TemplateLocation {
  std::string bucket;
  std::string key;
  std::string version;  ///< "" for the newest

  bool operator==(const TemplateLocation&) const = default;
};

/// Where a TemplateURL points: ENDPOINT/BUCKET/KEY, or BUCKET.s3.….DOMAIN/KEY and
/// BUCKET.localhost/KEY. ValidationError for anything else.
[[nodiscard]] Result<TemplateLocation> locate_template(std::string_view url);

/// The template at that place in this server's own S3, whatever host the URL names, read as the
/// client's principal. ValidationError with S3's reason.
[[nodiscard]] Result<std::string> read_template(ApiClient& client, std::string_view url);

}  // namespace stator::cloudformation
