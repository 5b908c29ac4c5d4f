#include "s3/names.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "s3/errors.hpp"

namespace stator::s3 {
namespace {

constexpr std::size_t kKeyBytesMax = 1'024;

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool looks_like_an_address(std::string_view name) {
  const auto parts = split(name, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
           return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
         });
}

bool is_bucket_name(std::string_view name) {
  if (name.size() < 3 || name.size() > 63) return false;
  if (!is_alnum(name.front()) || !is_alnum(name.back())) return false;
  for (const char c : name) {
    if (!is_alnum(c) && c != '.' && c != '-') return false;
  }
  return name.find("..") == std::string_view::npos && !looks_like_an_address(name);
}

}  // namespace

Result<void> check_bucket_name(std::string_view name) {
  if (is_bucket_name(name)) return {};
  return s3_error(ErrorCode::kInvalid, "InvalidBucketName", "The specified bucket is not valid.");
}

Result<void> check_key(std::string_view key) {
  if (key.size() > kKeyBytesMax) {
    return s3_error(ErrorCode::kInvalid, "KeyTooLongError", "Your key is too long");
  }
  if (key.empty() || !is_utf8(key)) {
    return s3_error(ErrorCode::kInvalid, "InvalidURI", "Couldn't parse the specified URI.");
  }
  return {};
}

}  // namespace stator::s3
