#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "s3/records.hpp"

namespace stator::s3 {

/// What must hold of an object that is read (RFC 9110, section 13).
struct ReadConditions {
  std::optional<std::string> match = {};
  std::optional<std::string> none_match = {};
  std::optional<WallTime> modified_since = {};
  std::optional<WallTime> unmodified_since = {};
};

/// From If-Match, If-None-Match, If-Modified-Since and If-Unmodified-Since, with `prefix` before
/// their names. Dates that cannot be read count for nothing.
[[nodiscard]] ReadConditions read_conditions(const http::Headers& headers,
                                             std::string_view prefix = {});

enum class ConditionsOutcome { kHold, kNotModified, kFailed };
[[nodiscard]] ConditionsOutcome check(const ReadConditions& conditions, const ObjectInfo& object);

/// Without quotes and the mark of a weak one.
[[nodiscard]] std::string bare_etag(std::string_view etag);

}  // namespace stator::s3
