#pragma once

#include <zip.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

/// Owners for libzip's handles.
namespace stator::archive {

struct DiscardZip {
  void operator()(zip_t* zip) const { zip_discard(zip); }
};
struct CloseZipFile {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
struct FreeZipSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using ZipPtr = std::unique_ptr<zip_t, DiscardZip>;
using ZipFilePtr = std::unique_ptr<zip_file_t, CloseZipFile>;
using ZipSourcePtr = std::unique_ptr<zip_source_t, FreeZipSource>;

/// The archive in `bytes`, which must outlive it, for reading.
[[nodiscard]] Result<ZipPtr> open_zip(std::string_view bytes);

/// What went wrong last with this archive, in libzip's words.
[[nodiscard]] std::string last_zip_error(zip_t* zip);

}  // namespace stator::archive
