#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"

namespace stator::archive {

/// An archive's name as parts: `.` and empty parts dropped. kInvalid when it is absolute, has a
/// `..` part, a backslash, or is longer than a file system takes. No parts mean the package itself.
[[nodiscard]] Result<std::vector<std::string_view>> name_parts(std::string_view name);

/// What a package will put where, checked as a whole before any of it is written.
class Manifest {
 public:
  enum class Kind : std::uint8_t { kFile, kDirectory, kLink };
  struct Entry {
    std::string path;  ///< relative, clean
    Kind kind = Kind::kFile;
    bool is_executable = false;
    std::string target = {};  ///< of a link
    std::uint64_t index = 0;  ///< in the archive
  };

  /// kInvalid for a path that is there already.
  [[nodiscard]] Result<void> add(Entry entry);

  /// kInvalid when an entry lies below a file or a link, or a link leads out of the package,
  /// through other links too.
  [[nodiscard]] Result<void> check() const;

  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  [[nodiscard]] Result<void> check_parents(const Entry& entry) const;
  [[nodiscard]] Result<void> check_link(const Entry& link, std::size_t& steps_left) const;
  [[nodiscard]] const Entry* find(const std::string& path) const;

  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t> by_path_;
};

}  // namespace stator::archive
