#include "archive/libzip.hpp"

namespace stator::archive {
namespace {

constexpr std::size_t kSmallestZipBytes = 22;

}  // namespace

Result<ZipPtr> open_zip(std::string_view bytes) {
  // libzip takes nothing at all for an archive without entries.
  if (bytes.size() < kSmallestZipBytes) return invalid("The package is not a zip archive");
  zip_error_t error;
  zip_error_init(&error);
  ZipSourcePtr source(zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error));
  ZipPtr zip(source ? zip_open_from_source(source.get(), ZIP_RDONLY, &error) : nullptr);
  if (zip) static_cast<void>(source.release());  // The archive owns it now.
  const std::string why = zip ? "" : zip_error_strerror(&error);
  zip_error_fini(&error);
  if (!zip) return invalid("The package is not a zip archive that can be read: " + why);
  return zip;
}

std::string last_zip_error(zip_t* zip) {
  return zip_error_strerror(zip_get_error(zip));
}

}  // namespace stator::archive
