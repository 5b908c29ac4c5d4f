#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace stator::storage {

/// Files by the SHA-256 of their bytes: code packages, layers, S3 objects. Any thread.
class BlobStore {
 public:
  /// Creates `directory` where it is missing, for this user's eyes alone; throws ConfigError when
  /// it cannot.
  explicit BlobStore(std::filesystem::path directory);

  /// Writes the bytes durably, once however often they come; their hash in lower-case hex.
  [[nodiscard]] Result<std::string> put(std::string_view bytes);
  /// kNotFound when there is no such blob.
  [[nodiscard]] Result<std::string> get(std::string_view sha256_hex) const;
  /// Where the blob is, or would be.
  [[nodiscard]] std::filesystem::path path(std::string_view sha256_hex) const;
  /// Not an error when it is gone already.
  [[nodiscard]] Result<void> remove(std::string_view sha256_hex);

 private:
  std::filesystem::path directory_;
};

}  // namespace stator::storage
