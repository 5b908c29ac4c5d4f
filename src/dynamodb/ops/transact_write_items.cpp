#include <set>
#include <utility>

#include "dynamodb/batch_capacity.hpp"
#include "dynamodb/batch_collections.hpp"
#include "dynamodb/batch_request.hpp"
#include "dynamodb/capacity.hpp"
#include "dynamodb/needs.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/transaction.hpp"
#include "dynamodb/transaction_request.hpp"

namespace stator::dynamodb {

namespace {

std::vector<TransactWrite> writes_of(const aws::Call& call,
                                     const TransactWriteRequest& transaction) {
  std::vector<TransactWrite> writes;
  writes.reserve(transaction.items.size());
  for (const auto& item : transaction.items) {
    const ItemRequest& request = item.prepared.request;
    writes.push_back({TableRef::of(call, *request.table_name), item.action(),
                      request.return_values_on_failure == "ALL_OLD"});
  }
  return writes;
}

/// A repeated call is charged for reading what the first one wrote.
CapacityTally capacity_of(const TransactWriteRequest& transaction, const WrittenItems& written) {
  using Kind = CapacityTally::Kind;
  CapacityTally capacity(written.is_replay ? Kind::kTransactRead : Kind::kTransactWrite);
  for (std::size_t i = 0; i < written.changes.size(); ++i) {
    const ItemChange& change = written.changes[i];
    const std::size_t size = change.old_bytes ? EncodedItem(*change.old_bytes).size_bytes() : 0;
    capacity.add(
        *transaction.items[i].prepared.request.table_name,
        written.is_replay ? ConsumedCapacity{read_units(size, true)} : write_capacity(change));
  }
  return capacity;
}

/// ItemCollectionMetrics, when they were asked for; or "". A repetition has touched no collection.
Result<std::string> collections_of(Tables& tables, aws::Call& call,
                                   const TransactWriteRequest& transaction,
                                   const WrittenItems& written) {
  if (transaction.return_item_collection_metrics != "SIZE" || written.is_replay) {
    return std::string();
  }
  std::vector<CollectionWrite> writes;
  for (std::size_t i = 0; i < transaction.items.size(); ++i) {
    const auto& item = transaction.items[i];
    writes.push_back({*item.prepared.request.table_name, written.changes[i].table, item.action()});
  }
  return item_collections(tables, call, writes);
}

Result<http::Response> handle(Tables& tables, aws::Call& call,
                              const TransactWriteRequest& transaction) {
  TransactWriteOptions options;
  options.wants_old = transaction.return_consumed_capacity.value_or("NONE") != "NONE";
  if (const auto& token = transaction.client_request_token) {
    options.token = RequestToken{*token, transaction.fingerprint()};
  }
  STATOR_TRY(const auto written,
             transact_write(tables, call, writes_of(call, transaction), options));
  STATOR_TRY(const auto collections, collections_of(tables, call, transaction, written));
  std::string out = "{";
  if (capacity_of(transaction, written).append(out, transaction.return_consumed_capacity) &&
      !collections.empty()) {
    out.push_back(',');
  }
  out.append(collections).push_back('}');
  return json_response(std::move(out));
}

std::string_view permission(WriteAction::Kind kind) {
  switch (kind) {
    case WriteAction::Kind::kPut:
      return "PutItem";
    case WriteAction::Kind::kUpdate:
      return "UpdateItem";
    case WriteAction::Kind::kDelete:
      return "DeleteItem";
    case WriteAction::Kind::kCheck:
      break;
  }
  return "ConditionCheckItem";
}

/// Those of all that does the same to the same table as the first.
aws::ConditionKeys keys_of(const TransactWriteRequest& transaction,
                           const TransactWriteRequest::Item& first) {
  const PreparedRequest& one = first.prepared;
  RequestKeys keys;
  for (const auto& [kind, prepared] : transaction.items) {
    // A table may be named by its name and by its ARN.
    const bool is_same_table = prepared.request.table_name == one.request.table_name ||
                               (one.table && prepared.table == one.table);
    if (kind == first.kind && is_same_table) keys.add(prepared, RequestKeys::Kind::kWrite);
  }
  keys.add_tags(one.table.get());
  keys.set("dynamodb:EnclosingOperation", "TransactWriteItems");
  return std::move(keys).finish();
}

/// As for the single operations on every table.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
Result<aws::Needs> needs(const aws::Call& call, const TransactWriteRequest& transaction) {
  aws::Needs needs;
  std::set<std::pair<std::string_view, std::string>> seen;
  for (const auto& item : transaction.items) {
    const PreparedRequest& prepared = item.prepared;
    const std::string_view action = permission(item.kind);
    auto need =
        table_need(action, TableRef::of(call, *prepared.request.table_name), prepared.table.get());
    if (!seen.emplace(action, need.resource).second) continue;
    need.keys = [&transaction, first = &item] { return keys_of(transaction, *first); };
    needs.push_back(std::move(need));
  }
  return needs;
}

}  // namespace

aws::Operation transact_write_items(Tables& tables) {
  return aws::Operation::raw<TransactWriteRequest>(
      "TransactWriteItems", aws::ByName{},
      [&tables](const aws::Call& call,
                const aws::RawRequest& request) -> Result<TransactWriteRequest> {
        STATOR_TRY(auto transaction, read_transact_write(request.http.body));
        for (auto& item : transaction.items) {
          find_tables(tables, call, std::span(&item.prepared, 1));
        }
        return transaction;
      },
      needs,
      [&tables](aws::Call& call, const TransactWriteRequest& transaction) {
        return handle(tables, call, transaction);
      });
}

}  // namespace stator::dynamodb
