#pragma once

#include <optional>
#include <string>

#include "aws/call.hpp"
#include "base/result.hpp"
#include "dynamodb/key_codec.hpp"
#include "storage/store.hpp"

/// ClientRequestToken: what makes a transaction happen once however often it is sent. A token that
/// was used is remembered for ten minutes in the same batch as the transaction's writes, in a place
/// that no table has, apart by the ten minutes of the clock in which it was used. So no token
/// outlives two of those spans, and old ones go by erasing a range.
namespace stator::dynamodb {

class Tables;

/// Where tokens lie in Family::kItems. Tables have ids from 1 on.
inline constexpr TableId kTokenPlace = 0;

struct RequestToken {
  std::string name;
  std::string fingerprint;  ///< of the request's content: equal for equal requests
};

/// What to latch while a token is looked up and used.
[[nodiscard]] std::string token_latch(const aws::Call& call, const RequestToken& token);

/// The fingerprint that the token was used with in the last ten minutes, if it was. Tells the call
/// what must be durable before its answer.
[[nodiscard]] Result<std::optional<std::string>> find_token(const storage::Store& store,
                                                            aws::Call& call,
                                                            const RequestToken& token);

void add_token(const aws::Call& call, const RequestToken& token, storage::Batch& batch);

/// Erases tokens that no lookup at `now` or later can find.
[[nodiscard]] Result<void> erase_old_tokens(storage::Store& store, WallTime now);

/// Registers that, once a minute.
void keep_tokens(Tables& tables);

}  // namespace stator::dynamodb
