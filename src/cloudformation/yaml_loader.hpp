#pragma once

#include <string_view>

#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::cloudformation {

/// Reads a template, YAML or JSON, into JSON with every short tag in its long form (`!Ref A`
/// becomes
/// {"Ref": "A"}) and members in their order. Plain scalars are null, booleans, decimal numbers or
/// texts; dates and numbers with leading zeros stay texts, quoted scalars always do.
///
/// kInvalid, as ValidationError in CloudFormation's words ("Template format error: …"), for text
/// that is neither, for a duplicate key, an unknown tag, a merge key, and for more than 1 MB, 100
/// levels or 100,000 nodes (aliases count each time they are used).
[[nodiscard]] Result<json::Object> load_template(std::string_view text);

}  // namespace stator::cloudformation
