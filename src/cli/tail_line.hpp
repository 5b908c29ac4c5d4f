#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/json.hpp"

namespace stator::cli {

/// One line of /_stator/requests for a person: time, method, path, status, how long it took and
/// what of that was the gateway's, the function's (or whatever the route leads to) and its tables'.
/// What an authorizer took is named apart. Control characters of the path are shown as '?'.
[[nodiscard]] std::string tail_line(const json::Object& request);

/// Makes lines of what comes in pieces.
class LineReader {
 public:
  /// The lines that are whole now, without their ends; empty ones are left out.
  [[nodiscard]] std::vector<std::string> feed(std::string_view piece);

 private:
  std::string rest_;
};

}  // namespace stator::cli
