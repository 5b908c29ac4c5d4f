#include "dynamodb/transaction.hpp"

#include <algorithm>
#include <set>

#include "dynamodb/capacity.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/item_key.hpp"
#include "dynamodb/json_writer.hpp"

namespace stator::dynamodb {

namespace {

using storage::Family;
/// A transaction prepares and commits, and each costs as much as the plain operation.
constexpr double kCostFactor = 2;

using Reasons = std::vector<CancellationReason>;

/// AWS refuses a request for an empty key value as a whole, and cancels a transaction for any other
/// fault that takes the table or the item to find.
bool cancels(const Error& error) {
  return error.aws_type == "ValidationException" && error.code == ErrorCode::kInvalid &&
         !error.message.starts_with("One or more parameter values are not valid.");
}

/// Keeps the error of an action as its reason; hands back one that ends the request by itself.
Result<void> note(Result<void> outcome, CancellationReason& reason) {
  if (outcome) return {};
  if (!cancels(outcome.error())) return std::move(outcome).error();
  reason = {"ValidationError", outcome.error().message, {}};
  return {};
}

bool is_cancelled(const Reasons& reasons) {
  return std::any_of(reasons.begin(), reasons.end(),
                     [](const CancellationReason& reason) { return reason.code != "None"; });
}

CancellationReason failed_condition(const TransactWrite& write, const ItemChange& change) {
  CancellationReason reason{
      std::string(write.failure_code), std::string(write.failure_message), {}};
  if (write.returns_old_on_failure && change.old_bytes) {
    EncodedItem(*change.old_bytes).append_json(reason.item_json);
  }
  return reason;
}

Result<void> check_all(JointWrite& joint) {
  Reasons reasons(joint.size());
  for (std::size_t i = 0; i < joint.size(); ++i) {
    STATOR_TRY_VOID(note(joint.check(i), reasons[i]));
  }
  if (joint.has_duplicates()) return several_operations_on_one_item();
  if (is_cancelled(reasons)) return transaction_cancelled(reasons);
  return {};
}

/// Reads and judges every action, so that every reason is known. The latches are held.
Result<void> decide_all(JointWrite& joint, std::span<const TransactWrite> writes, bool wants_old) {
  Reasons reasons(joint.size());
  for (std::size_t i = 0; i < joint.size(); ++i) {
    STATOR_TRY_VOID(joint.read(i, wants_old));
    if (joint.holds(i)) {
      STATOR_TRY_VOID(note(joint.decide(i), reasons[i]));
    } else {
      reasons[i] = failed_condition(writes[i], joint.change(i));
    }
  }
  if (is_cancelled(reasons)) return transaction_cancelled(reasons);
  return {};
}

Error parameter_mismatch() {
  return {ErrorCode::kInvalid,
          "DynamoDB rejected the request because you retried a request with a different payload "
          "but with an idempotent token that was already used.",
          "IdempotentParameterMismatchException"};
}

/// Whether the token was used for this very request; an error when it was for another one.
Result<bool> is_replay(Tables& tables, aws::Call& call, const std::optional<RequestToken>& token) {
  if (!token) return false;
  STATOR_TRY(const auto used_with, find_token(tables.store(), call, *token));
  if (used_with && *used_with != token->fingerprint) return parameter_mismatch();
  return used_with.has_value();
}

/// The items as they are.
Result<WrittenItems> replay(JointWrite& joint) {
  for (std::size_t i = 0; i < joint.size(); ++i) STATOR_TRY_VOID(joint.read(i, true));
  WrittenItems items = joint.release();
  items.is_replay = true;
  return items;
}

}  // namespace

Error transaction_cancelled(std::span<const CancellationReason> reasons) {
  std::string codes;
  std::string detail = "{";
  {
    detail.append("\"CancellationReasons\":");
    JsonList list(detail, '[', ']');
    for (const CancellationReason& reason : reasons) {
      if (!codes.empty()) codes.append(", ");
      codes.append(reason.code);
      list.next();
      JsonList object(detail, '{', '}');
      object.next_member("Code");
      append_json_string(detail, reason.code);
      if (!reason.item_json.empty()) {
        object.next_member("Item");
        detail.append(reason.item_json);
      }
      if (!reason.message.empty()) {
        object.next_member("Message");
        append_json_string(detail, reason.message);
      }
    }
  }
  detail.push_back('}');
  return {ErrorCode::kInvalid,
          "Transaction cancelled, please refer cancellation reasons for specific reasons [" +
              codes + "]",
          "TransactionCanceledException", std::move(detail)};
}

Error several_operations_on_one_item() {
  return validation("Transaction request cannot include multiple operations on one item");
}

Result<WrittenItems> transact_write(Tables& tables, aws::Call& call,
                                    std::span<const TransactWrite> writes,
                                    const TransactWriteOptions& options) {
  std::vector<JointWrite::Part> parts;
  parts.reserve(writes.size());
  for (const TransactWrite& write : writes) parts.push_back({write.table, write.action});
  STATOR_TRY(auto joint, JointWrite::open(tables, call, std::move(parts)));
  STATOR_TRY_VOID(check_all(joint));

  const auto& token = options.token;
  joint.lock(token ? std::optional(token_latch(call, *token)) : std::nullopt);
  STATOR_TRY(const bool is_done, is_replay(tables, call, token));
  if (is_done) return replay(joint);
  STATOR_TRY_VOID(decide_all(joint, writes, options.wants_old));
  storage::Batch extra;
  if (token) add_token(call, *token, extra);
  return joint.commit(std::move(extra), kCostFactor);
}

Result<ReadItems> transact_get(Tables& tables, aws::Call& call, std::span<const TransactGet> gets) {
  ReadItems read;
  for (const TransactGet& get : gets) {
    read.tables.push_back(tables.find(get.table));
    if (!read.tables.back()) return resource_not_found();
    STATOR_TRY_VOID(tables.throttle().admit_read(*read.tables.back()));
  }
  Reasons reasons(gets.size());
  std::vector<std::string> keys(gets.size());
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < gets.size(); ++i) {
    auto key = key_of_request(*read.tables[i], *gets[i].key);
    if (!key) {
      STATOR_TRY_VOID(note(std::move(key).error(), reasons[i]));
      continue;
    }
    keys[i] = std::move(*key);
    if (!seen.insert(keys[i]).second) return several_operations_on_one_item();
  }
  if (is_cancelled(reasons)) return transaction_cancelled(reasons);

  const auto snapshot = tables.store().snapshot();
  storage::Sequence revealed = 0;
  std::size_t size_bytes = 0;
  for (std::size_t i = 0; i < gets.size(); ++i) {
    STATOR_TRY(auto item, tables.store().get(Family::kItems, keys[i], snapshot.get()));
    revealed = std::max(revealed, tables.store().last_write_of(Family::kItems, keys[i]));
    read.items.push_back(std::move(item));
    size_bytes += read.size_bytes(i);
    tables.throttle().charge_read(
        *read.tables[i], ConsumedCapacity{kCostFactor * read_units(read.size_bytes(i), true)});
    if (size_bytes > kTransactionBytesMax) return validation("Payload in response is too large.");
  }
  // What was revealed is no younger than the snapshot, whatever was written to the items since.
  call.durable_after = std::min(revealed, snapshot->sequence());
  return read;
}

}  // namespace stator::dynamodb
