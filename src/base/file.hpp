#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace stator {

/// The whole file. kNotFound when there is none; kTooLarge above `bytes_max`; kInternal with the
/// system's words otherwise.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::size_t bytes_max = 512u << 20);

/// Replaces `path` by `contents` so that a crash leaves the old file or the new one, synced to disk
/// (file and directory). `mode` is the permission of the new file.
[[nodiscard]] Result<void> write_file_durably(const std::filesystem::path& path,
                                              std::string_view contents, unsigned mode = 0644);

/// "what: strerror(errno)" as kInternal; call it before anything else touches errno.
[[nodiscard]] Error errno_error(std::string_view what);

}  // namespace stator
