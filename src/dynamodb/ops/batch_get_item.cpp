#include "dynamodb/batch_capacity.hpp"
#include "dynamodb/batch_request.hpp"
#include "dynamodb/capacity.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/expr/projection.hpp"
#include "dynamodb/item_key.hpp"
#include "dynamodb/json_writer.hpp"
#include "dynamodb/legacy.hpp"
#include "dynamodb/needs.hpp"
#include "dynamodb/ops/operations.hpp"

namespace stator::dynamodb {

namespace {

using storage::Family;

/// By AWS's count of item sizes. AWS's own example says 52 items of 300 KB, which 16 * 2^20 bytes
/// would not give.
/// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
constexpr std::size_t kAnswerBytesMax = 16'000'000;

struct TableGets {
  const PreparedRequest* prepared;
  std::shared_ptr<const Table> table;
  std::vector<std::string> keys;  ///< in the store, as prepared->request.keys
};

Result<std::vector<TableGets>> resolve(Tables& tables, const aws::Call& call,
                                       const BatchGetRequest& batch) {
  std::vector<TableGets> gets;
  for (const PreparedRequest& prepared : batch.tables) {
    auto table = tables.find(TableRef::of(call, *prepared.request.table_name));
    if (!table) return resource_not_found();
    gets.push_back({&prepared, std::move(table), {}});
  }
  for (TableGets& get : gets) {
    for (const ReadMap& key : *get.prepared->request.keys) {
      STATOR_TRY(auto bytes, key_of_request(*get.table, key.map));
      get.keys.push_back(std::move(bytes));
    }
  }
  return gets;
}

/// What the request said about a table, with the keys from `first` on.
void append_unprocessed(const PreparedRequest& prepared, std::size_t first, JsonList& tables,
                        std::string& out) {
  const ItemRequest& request = prepared.request;
  tables.next_member(*request.table_name);
  JsonList object(out, '{', '}');
  if (request.consistent_read) {
    object.next_member("ConsistentRead");
    out.append(*request.consistent_read ? "true" : "false");
  }
  if (request.names) {
    object.next_member("ExpressionAttributeNames");
    JsonList names(out, '{', '}');
    for (const auto& [placeholder, name] : *request.names) {
      names.next_member(placeholder);
      append_json_string(out, name);
    }
  }
  if (request.projection_expression) {
    object.next_member("ProjectionExpression");
    append_json_string(out, *request.projection_expression);
  }
  if (has_attributes_to_get(request)) {
    object.next_member("AttributesToGet");
    JsonList names(out, '[', ']');
    for (const std::string& name : *request.legacy->attributes_to_get) {
      names.next();
      append_json_string(out, name);
    }
  }
  object.next_member("Keys");
  JsonList keys(out, '[', ']');
  for (std::size_t i = first; i < request.keys->size(); ++i) {
    keys.next();
    append_json(out, (*request.keys)[i].map);
  }
}

/// Reads until the answer is full. Nothing more is read once one item did not fit.
class Reader {
 public:
  Reader(Tables& tables, aws::Call& call) : tables_(tables), call_(call) {}

  /// Appends the table's items; answers how many keys were dealt with.
  Result<std::size_t> read(const TableGets& gets, std::string& out) {
    const PreparedRequest& prepared = *gets.prepared;
    const bool is_consistent = prepared.request.consistent_read.value_or(false);
    const expr::ProjectionTree projection =
        prepared.projection ? expr::ProjectionTree(*prepared.projection) : expr::ProjectionTree();
    JsonList items(out, '[', ']');
    std::size_t done = 0;
    for (; done < gets.keys.size() && !is_full_; ++done) {
      const std::string& key = gets.keys[done];
      if (!tables_.throttle().admit_read(*gets.table)) break;
      STATOR_TRY(const auto bytes, tables_.store().get(Family::kItems, key));
      call_.durable_after = std::max(call_.durable_after.value_or(0),
                                     tables_.store().last_write_of(Family::kItems, key));
      const EncodedItem item = bytes ? EncodedItem(*bytes) : EncodedItem();
      if (size_bytes_ + item.size_bytes() > kAnswerBytesMax) {
        is_full_ = true;
        break;
      }
      size_bytes_ += item.size_bytes();
      const ConsumedCapacity consumed{read_units(item.size_bytes(), is_consistent)};
      tables_.throttle().charge_read(*gets.table, consumed);
      capacity_.add(*prepared.request.table_name, consumed);
      if (!bytes) continue;
      items.next();
      if (prepared.projection) {
        projection.append_json(item, out);
      } else {
        item.append_json(out);
      }
    }
    return done;
  }

  [[nodiscard]] const CapacityTally& capacity() const { return capacity_; }

 private:
  Tables& tables_;
  aws::Call& call_;
  CapacityTally capacity_{CapacityTally::Kind::kPlain};
  std::size_t size_bytes_ = 0;
  bool is_full_ = false;
};

Result<http::Response> handle(Tables& tables, aws::Call& call, const BatchGetRequest& batch) {
  STATOR_TRY(const auto gets, resolve(tables, call, batch));
  Reader reader(tables, call);
  std::string out = "{\"Responses\":";
  std::string unprocessed;
  {
    JsonList responses(out, '{', '}');
    JsonList left(unprocessed, '{', '}');
    for (const TableGets& get : gets) {
      responses.next_member(*get.prepared->request.table_name);
      STATOR_TRY(const auto done, reader.read(get, out));
      if (done == get.keys.size()) continue;
      append_unprocessed(*get.prepared, done, left, unprocessed);
    }
  }
  out.append(",\"UnprocessedKeys\":").append(unprocessed).push_back(',');
  if (!reader.capacity().append(out, batch.return_consumed_capacity)) out.pop_back();
  out.push_back('}');
  return json_response(std::move(out));
}

}  // namespace

aws::Operation batch_get_item(Tables& tables) {
  return aws::Operation::raw<BatchGetRequest>(
      "BatchGetItem", aws::ByName{},
      [&tables](const aws::Call& call, const aws::RawRequest& request) -> Result<BatchGetRequest> {
        STATOR_TRY(auto batch, read_batch_get(request.http.body));
        find_tables(tables, call, batch.tables);
        return batch;
      },
      [](const aws::Call& call, const BatchGetRequest& batch) -> Result<aws::Needs> {
        aws::Needs needs;
        for (const PreparedRequest& prepared : batch.tables) {
          needs.push_back(item_need(call, "BatchGetItem", prepared));
        }
        return needs;
      },
      [&tables](aws::Call& call, const BatchGetRequest& batch) {
        return handle(tables, call, batch);
      });
}

}  // namespace stator::dynamodb
