#pragma once

#include <string_view>

#include "base/result.hpp"
#include "iam/records.hpp"
#include "iam/sessions.hpp"

namespace stator::iam {

/// "Policy ARN was not found." unless all managed policies that a session is given exist. To be
/// asked once the caller is authorized: the answer tells what is there.
[[nodiscard]] Result<void> check_session_policies(const Records& records, std::string_view account,
                                                  const SessionExtras& extras);

}  // namespace stator::iam
