#pragma once

#include "json/json.hpp"

namespace stator::audit {

/// A request's or an answer's members as an audit log may keep them: names begin with a small
/// letter as CloudTrail has them (keys of maps that clients choose stay), and what is secret or
/// large is left out or hidden:
/// - secret keys, session tokens, passwords, identity tokens, values of parameters:
/// "HIDDEN_DUE_TO_SECURITY_REASONS"
/// - the code of functions and layers, template bodies, environment variables, the values of
///   template parameters, log events: left out
[[nodiscard]] json::Object redacted(const json::Object& members);

}  // namespace stator::audit
