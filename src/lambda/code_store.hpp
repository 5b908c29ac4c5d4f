#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "lambda/local_code.hpp"
#include "lambda/record.hpp"

namespace stator::lambda {

/// Packages of functions and layers by the SHA-256 of their zip: DIRECTORY/SHA.zip, kept durably,
/// and DIRECTORY/SHA/, its files, made again from the zip where they are missing. Any thread; calls
/// read and write whole packages, so not on a loop.
class CodeStore {
 public:
  /// While one lives, the sweep spares that package: held from arrival until a record names it,
  /// and by each instance that runs it. Must not outlive the store.
  class Lease {
   public:
    Lease() = default;
    Lease(CodeStore& store, std::string sha256_hex);
    Lease(Lease&& other) noexcept;
    Lease& operator=(Lease&& other) noexcept;
    ~Lease();
    [[nodiscard]] const std::string& sha256_hex() const { return sha256_hex_; }

   private:
    CodeStore* store_ = nullptr;
    std::string sha256_hex_;
  };

  struct Added {
    CodePackage package;
    Lease lease;
  };

  /// Throws ConfigError when the directory cannot be made.
  explicit CodeStore(std::filesystem::path directory);

  /// Checks, stores and unpacks a zip. AWS's errors for what is empty, no zip, or too large.
  [[nodiscard]] Result<Added> add(std::string_view zip);
  /// Lets functions run the files of directories at or below `root` as they are, for development.
  /// Throws ConfigError when it is no directory. Before other threads look.
  void allow_directories(const std::filesystem::path& root) { local_.allow(root); }
  [[nodiscard]] bool allows_directories() const { return local_.is_allowed(); }
  /// A package that is such a directory: DIRECTORY/SHA is a link to it, SHA made of its path.
  [[nodiscard]] Result<Added> add_directory(const std::filesystem::path& directory);
  /// Whether the package is such a directory and its files have changed since the last call. Reads
  /// the directory then; costs nothing for others.
  [[nodiscard]] bool has_changed(const std::string& sha256_hex);
  [[nodiscard]] Lease lease(const std::string& sha256_hex) { return Lease(*this, sha256_hex); }
  /// The directory of the package's files. kInternal when the package is lost.
  [[nodiscard]] Result<std::filesystem::path> unpacked(const std::string& sha256_hex);

  /// Removes every package that nobody leases and `referenced` does not name, and what a crash left
  /// half-made. `referenced` runs after the leases are read, so a package that is on its way from a
  /// lease into a record is always seen in one of the two.
  [[nodiscard]] Result<void> sweep(
      const std::function<Result<std::set<std::string>>()>& referenced);

 private:
  [[nodiscard]] std::filesystem::path zip_path(std::string_view sha256_hex) const;
  [[nodiscard]] std::filesystem::path unpacked_path(std::string_view sha256_hex) const;
  [[nodiscard]] std::filesystem::path temporary_path();
  [[nodiscard]] Result<void> unpack(std::string_view zip, const std::string& sha256_hex);

  std::filesystem::path directory_;
  LocalCode local_;
  std::mutex mutex_;
  std::map<std::string, int> leases_;
  std::set<std::string> working_;  ///< names of temporary directories in use
  std::uint64_t next_temporary_ = 0;
};

}  // namespace stator::lambda
