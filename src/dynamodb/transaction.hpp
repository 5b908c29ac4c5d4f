#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dynamodb/joint_write.hpp"
#include "dynamodb/transaction_token.hpp"

/// Transactions, wherever they come from: TransactWriteItems, TransactGetItems, ExecuteTransaction.
/// They are strictly serializable: a write holds the latches of all its items from the first read
/// to the commit, a read sees one snapshot.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
namespace stator::dynamodb {

inline constexpr std::size_t kTransactionActionsMax = 100;
/// Of what a transaction sends, or of the items that it reads.
inline constexpr std::size_t kTransactionBytesMax = 4u << 20;

struct TransactWrite {
  TableRef table;
  WriteAction action;
  bool returns_old_on_failure = false;
  /// What is said when the condition does not hold. PartiQL's INSERT has words of its own.
  std::string_view failure_code = "ConditionalCheckFailed";
  std::string_view failure_message = "The conditional request failed";
};

/// Why one action cancelled its transaction; "None" when it did not.
struct CancellationReason {
  std::string code = "None";
  std::string message = {};
  std::string item_json = {};  ///< the item as it stands, when that was wished for; or ""
};

/// TransactionCanceledException with a reason for each action, in their order.
[[nodiscard]] Error transaction_cancelled(std::span<const CancellationReason> reasons);
/// ValidationException for two actions on one item.
[[nodiscard]] Error several_operations_on_one_item();

struct TransactWriteOptions {
  std::optional<RequestToken> token = {};
  bool wants_old = false;  ///< read old items even when nothing else wants them
};

/// Does all of it or nothing. With a token that was used within ten minutes for the same request it
/// does nothing and answers the items as they are.
[[nodiscard]] Result<WrittenItems> transact_write(Tables& tables, aws::Call& call,
                                                  std::span<const TransactWrite> writes,
                                                  const TransactWriteOptions& options);

struct TransactGet {
  TableRef table;
  const Map* key;
};

struct ReadItems {
  std::vector<std::shared_ptr<const Table>> tables;  ///< one for each get
  std::vector<std::optional<std::string>> items;     ///< encoded; nothing where there is none

  /// As AWS counts it, 0 where there is none.
  [[nodiscard]] std::size_t size_bytes(std::size_t index) const {
    return items[index] ? EncodedItem(*items[index]).size_bytes() : 0;
  }
};

/// Reads all items as they were at one moment.
[[nodiscard]] Result<ReadItems> transact_get(Tables& tables, aws::Call& call,
                                             std::span<const TransactGet> gets);

}  // namespace stator::dynamodb
