#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// Function packages and layers: zip archives, read with suspicion and written reproducibly.
namespace stator::archive {

struct UnpackLimits {
  std::uint64_t unpacked_bytes_max = 262'144'000;
  std::size_t entries_max = 65'535;
};

struct UnpackSummary {
  std::uint64_t unpacked_bytes = 0;
  std::size_t files = 0;
};

/// Unpacks `zip` into `directory`, which must exist and be empty.
///
/// Refused with kInvalid, before anything is written: what is no zip; an absolute name, a `..`
/// part, a backslash, an empty or doubled name; a link that leaves the package; an entry that is
/// neither file, directory nor link. kTooLarge when the entries' real sizes pass the limit,
/// whatever the directory claims. Files keep their execute bits and nothing else of their mode
/// (0755 or 0644). When unpacking fails half-way, what was written stays: the caller owns the
/// directory and removes it.
[[nodiscard]] Result<UnpackSummary> unpack(std::string_view zip,
                                           const std::filesystem::path& directory,
                                           const UnpackLimits& limits = {});

struct Entry {
  std::string name;      ///< relative, with '/'
  std::string contents;  ///< the file's bytes, or the link's target
  bool is_executable = false;
  bool is_link = false;
  bool operator==(const Entry&) const = default;
};

/// The same bytes for the same entries, whatever the order and the day: sorted, dated 1980-01-01.
/// kInvalid when there are none, or for a name that unpack() would refuse.
[[nodiscard]] Result<std::string> pack(std::vector<Entry> entries);

/// All files and links below `directory` as entries; directories themselves are left out. kNotFound
/// when there is no such directory; kTooLarge when its files pass `bytes_max`.
[[nodiscard]] Result<std::vector<Entry>> collect(const std::filesystem::path& directory,
                                                 std::uint64_t bytes_max = 262'144'000);

}  // namespace stator::archive
