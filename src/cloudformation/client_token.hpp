#pragma once

#include <string>
#include <string_view>

#include "cloudformation/stack_record.hpp"

/// ClientRequestToken: a request that is sent twice is done once.
namespace stator::cloudformation {

inline constexpr std::string_view kCreateStack = "CreateStack", kUpdateStack = "UpdateStack",
                                  kDeleteStack = "DeleteStack", kRollbackStack = "RollbackStack",
                                  kContinueRollback = "ContinueUpdateRollback";

/// A request's token as a record keeps it; "" for none.
[[nodiscard]] inline std::string token_of(std::string_view operation, const std::string& token) {
  return token.empty() ? "" : std::string(operation) + ":" + token;
}

/// Whether the stack's newest change was begun by this very request. TokenAlreadyExistsException
/// when another operation had the token.
[[nodiscard]] inline Result<bool> is_repeated_request(const StackRecord& record,
                                                      std::string_view operation,
                                                      const std::string& token) {
  if (token.empty() || !record.client_token.ends_with(":" + token)) return false;
  if (record.client_token == token_of(operation, token)) return true;
  return Error{ErrorCode::kInvalid, "A client request token already exists: " + token,
               "TokenAlreadyExistsException"};
}

}  // namespace stator::cloudformation
