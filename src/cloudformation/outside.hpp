#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cloudformation/api_client.hpp"

namespace stator::cloudformation {

/// A value of Systems Manager's parameter store.
struct StoredParameter {
  std::string type;  ///< "String", "StringList" or "SecureString"
  std::string value;
};

/// What a template reaches for beyond itself. What asks for a member that is not set is an error.
struct Outside {
  /// `name` may end in ":VERSION". kNotFound when there is no such parameter.
  std::function<Result<StoredParameter>(std::string_view name)> parameter = nullptr;
  /// The value that a stack of the same account and region exports under that name.
  std::function<Result<std::string>(std::string_view name)> exported = nullptr;
};

/// Parameters as the client's principal may read them. The calls take turns, so any thread may use
/// the result.
[[nodiscard]] Outside reach_through(std::shared_ptr<ApiClient> client);

}  // namespace stator::cloudformation
