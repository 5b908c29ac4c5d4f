#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace stator {

/// "2026-01-02T03:04:05Z": API Gateway, IAM, STS, CloudFormation.
[[nodiscard]] std::string iso8601(WallTime time);
/// "2026-01-02T03:04:05.678Z": CloudFormation events.
[[nodiscard]] std::string iso8601_ms(WallTime time);
/// "2026-01-02T03:04:05.678+0000": Lambda's LastModified.
[[nodiscard]] std::string iso8601_lambda(WallTime time);
/// "20260102T030405Z": SigV4's X-Amz-Date.
[[nodiscard]] std::string iso8601_basic(WallTime time);
/// "Fri, 02 Jan 2026 03:04:05 GMT": the HTTP Date header (RFC 9110).
[[nodiscard]] std::string http_date(WallTime time);
/// "02/Jan/2026:03:04:05 +0000": API Gateway's requestContext.time.
[[nodiscard]] std::string common_log_time(WallTime time);

/// Reads "20260102T030405Z" strictly; nothing for any other shape or an impossible date.
[[nodiscard]] std::optional<WallTime> parse_iso8601_basic(std::string_view text);
/// Reads an RFC 1123 date ("Fri, 02 Jan 2026 03:04:05 GMT"); nothing for any other shape.
[[nodiscard]] std::optional<WallTime> parse_http_date(std::string_view text);

}  // namespace stator
