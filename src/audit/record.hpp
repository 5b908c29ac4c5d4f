#pragma once

#include <string>

#include "aws/audit.hpp"
#include "json/json.hpp"

namespace stator::audit {

/// The longest line; what makes it longer is left out, and "omitted" says so. CloudTrail's bound.
inline constexpr std::size_t kLineBytesMax = 256u << 10;

/// One record in CloudTrail's shape, secrets left out.
/// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
[[nodiscard]] json::Object make_record(const aws::AuditedCall& audited, std::string event_id);

/// The record as one line, without its end. Where a text is no UTF-8, '?' stands for every byte
/// that is not ASCII.
[[nodiscard]] std::string to_line(json::Object record);

/// By its name, as CloudTrail has it: what begins with Get, List, Describe and their like.
[[nodiscard]] bool is_read_only(std::string_view operation);

}  // namespace stator::audit
