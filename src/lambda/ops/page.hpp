#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "aws/input.hpp"
#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::lambda::ops {

/// One page of a list whose elements come in ascending order of a key. The marker is the key of a
/// page's last element, so that what is added or removed between two pages confuses nobody.
class Page {
 public:
  /// From Marker and MaxItems (1 to 50; 50 when absent).
  [[nodiscard]] static Result<Page> read(const aws::Input& input);

  /// Whether the element belongs to this page. Asked once for each that matches, in order.
  [[nodiscard]] bool takes(std::string_view key);
  /// Sets NextMarker when an element was left for the next page.
  void finish(json::Object& out) const;

 private:
  std::size_t left_ = 0;
  std::string after_;  ///< "" at the first page
  std::string last_;
  bool has_more_ = false;
};

}  // namespace stator::lambda::ops
