#include <set>

#include "dynamodb/batch_capacity.hpp"
#include "dynamodb/batch_request.hpp"
#include "dynamodb/capacity.hpp"
#include "dynamodb/expr/projection.hpp"
#include "dynamodb/json_writer.hpp"
#include "dynamodb/needs.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/transaction.hpp"
#include "dynamodb/transaction_request.hpp"

namespace stator::dynamodb {

namespace {

void append_item(const PreparedRequest& prepared, const std::optional<std::string>& bytes,
                 std::string& out) {
  JsonList object(out, '{', '}');
  if (!bytes) return;
  object.next_member("Item");
  const EncodedItem item(*bytes);
  if (prepared.projection) {
    expr::ProjectionTree(*prepared.projection).append_json(item, out);
  } else {
    item.append_json(out);
  }
}

Result<http::Response> handle(Tables& tables, aws::Call& call,
                              const TransactGetRequest& transaction) {
  std::vector<TransactGet> gets;
  gets.reserve(transaction.items.size());
  for (const PreparedRequest& prepared : transaction.items) {
    gets.push_back({TableRef::of(call, *prepared.request.table_name), &prepared.key()});
  }
  STATOR_TRY(const auto read, transact_get(tables, call, gets));

  CapacityTally capacity(CapacityTally::Kind::kTransactRead);
  std::string out = "{\"Responses\":";
  {
    JsonList responses(out, '[', ']');
    for (std::size_t i = 0; i < gets.size(); ++i) {
      const PreparedRequest& prepared = transaction.items[i];
      responses.next();
      append_item(prepared, read.items[i], out);
      capacity.add(*prepared.request.table_name, read_units(read.size_bytes(i), true));
    }
  }
  out.push_back(',');
  if (!capacity.append(out, transaction.return_consumed_capacity)) out.pop_back();
  out.push_back('}');
  return json_response(std::move(out));
}

/// Those of all that is read of the first request's table.
aws::ConditionKeys keys_of(const TransactGetRequest& transaction, const PreparedRequest& first) {
  RequestKeys keys;
  for (const PreparedRequest& prepared : transaction.items) {
    // A table may be named by its name and by its ARN.
    const bool is_same = prepared.request.table_name == first.request.table_name ||
                         (first.table && prepared.table == first.table);
    if (is_same) keys.add(prepared, RequestKeys::Kind::kRead);
  }
  keys.add_tags(first.table.get());
  keys.set("dynamodb:EnclosingOperation", "TransactGetItems");
  return std::move(keys).finish();
}

/// As for GetItem on every table.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
Result<aws::Needs> needs(const aws::Call& call, const TransactGetRequest& transaction) {
  aws::Needs needs;
  std::set<std::string> seen;
  for (const PreparedRequest& prepared : transaction.items) {
    const auto ref = TableRef::of(call, *prepared.request.table_name);
    auto need = table_need("GetItem", ref, prepared.table.get());
    if (!seen.insert(need.resource).second) continue;
    need.keys = [&transaction, first = &prepared] { return keys_of(transaction, *first); };
    needs.push_back(std::move(need));
  }
  return needs;
}

}  // namespace

aws::Operation transact_get_items(Tables& tables) {
  return aws::Operation::raw<TransactGetRequest>(
      "TransactGetItems", aws::ByName{},
      [&tables](const aws::Call& call,
                const aws::RawRequest& request) -> Result<TransactGetRequest> {
        STATOR_TRY(auto transaction, read_transact_get(request.http.body));
        find_tables(tables, call, transaction.items);
        return transaction;
      },
      needs,
      [&tables](aws::Call& call, const TransactGetRequest& transaction) {
        return handle(tables, call, transaction);
      });
}

}  // namespace stator::dynamodb
