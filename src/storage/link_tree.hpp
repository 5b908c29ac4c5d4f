#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace stator::storage {

enum class LinkMode {
  kLink,               ///< every file is shared
  kLinkTablesCopyRest  ///< of RocksDB's files only the tables (.sst), which never change, are
                       ///< shared
};

/// Makes `to` what `from` is, a file or a directory with all below it: files by hard links, or by
/// durable copies where the mode or the disk wants it; directories with their permissions and
/// symbolic links as they are. What is at its place already stays, and what vanishes while this
/// runs is passed over.
[[nodiscard]] Result<void> link_tree(const std::filesystem::path& from,
                                     const std::filesystem::path& to, LinkMode mode);

}  // namespace stator::storage
