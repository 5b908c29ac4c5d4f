#include "lambda/ops/page.hpp"

#include "base/bytes.hpp"
#include "lambda/errors.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

constexpr std::int64_t kPageMax = 50;

}  // namespace

Result<Page> Page::read(const aws::Input& input) {
  Page page;
  STATOR_TRY(const auto wanted, read_count(input, "MaxItems"));
  if (wanted && (*wanted < 1 || *wanted > kPageMax)) {
    return constraint_failed(std::to_string(*wanted), "maxItems",
                             *wanted < 1 ? "have value greater than or equal to 1"
                                         : "have value less than or equal to 50");
  }
  page.left_ = static_cast<std::size_t>(wanted.value_or(kPageMax));
  STATOR_TRY(const auto marker, input.text("Marker"));
  if (marker && !marker->empty()) {
    const auto decoded = base64url_decode(*marker);
    if (!decoded || decoded->empty()) return invalid_parameter("Invalid Marker: " + *marker);
    page.after_ = *decoded;
  }
  return page;
}

bool Page::takes(std::string_view key) {
  if (key <= after_) return false;
  if (left_ == 0) {
    has_more_ = true;
    return false;
  }
  --left_;
  last_ = key;
  return true;
}

void Page::finish(json::Object& out) const {
  if (has_more_) out["NextMarker"] = base64url_encode(last_);
}

}  // namespace stator::lambda::ops
