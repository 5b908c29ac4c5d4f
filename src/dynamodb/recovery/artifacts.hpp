#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace stator::dynamodb::recovery {

struct ArtifactName {
  std::string account;
  std::string bucket;
  std::string key;
};

/// Where exports go and imports come from: S3. The server implements it over s3/. Every call may
/// come from any thread and may wait for the disk. Errors are S3's own (NoSuchBucket, NoSuchKey).
class Artifacts {
 public:
  virtual ~Artifacts() = default;
  /// Replaces what is there. Durable no later than what is written to the tables' store afterwards.
  [[nodiscard]] virtual Result<void> put(const ArtifactName& name, std::string bytes) = 0;
  [[nodiscard]] virtual Result<std::string> get(const ArtifactName& name) = 0;
  /// Up to 1,000 keys that begin with `prefix` and come after `after`, in their order.
  [[nodiscard]] virtual Result<std::vector<std::string>> list(const ArtifactName& after,
                                                              std::string_view prefix) = 0;
};

}  // namespace stator::dynamodb::recovery
