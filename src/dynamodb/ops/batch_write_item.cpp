#include <algorithm>

#include "dynamodb/batch_capacity.hpp"
#include "dynamodb/batch_collections.hpp"
#include "dynamodb/batch_request.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/joint_write.hpp"
#include "dynamodb/needs.hpp"
#include "dynamodb/ops/operations.hpp"

namespace stator::dynamodb {

namespace {

bool has_key(const KeyAttribute& attribute, const Item& item) {
  const Value* value = item.find(attribute.name);
  return value != nullptr && value->type() == attribute.type;
}

/// The operation says the same of an item's key as of a key that stands alone.
Result<void> check_schema(const Table& table, const WriteAction& action) {
  if (action.kind != WriteAction::Kind::kPut) return {};
  if (has_key(table.partition, *action.item) &&
      (!table.sort || has_key(*table.sort, *action.item))) {
    return {};
  }
  return validation("The provided key element does not match the schema");
}

WriteAction action_of(const ItemRequest& request) {
  WriteAction action;
  if (request.item) {
    action.item = &request.item->map;
  } else {
    action.kind = WriteAction::Kind::kDelete;
    action.key = &request.key->map;
  }
  return action;
}

std::vector<JointWrite::Part> parts_of(const aws::Call& call, const BatchWriteRequest& batch) {
  std::vector<JointWrite::Part> parts;
  parts.reserve(batch.writes.size());
  for (const PreparedRequest& prepared : batch.writes) {
    const ItemRequest& request = prepared.request;
    parts.push_back({TableRef::of(call, *request.table_name), action_of(request)});
  }
  return parts;
}

/// All writes in one commit: AWS promises less, that each by itself is whole.
Result<WrittenItems> write_all(Tables& tables, aws::Call& call, const BatchWriteRequest& batch,
                               bool wants_old) {
  STATOR_TRY(auto joint, JointWrite::open(tables, call, parts_of(call, batch)));
  for (std::size_t i = 0; i < joint.size(); ++i) {
    STATOR_TRY_VOID(check_schema(joint.table(i), joint.action(i)));
    STATOR_TRY_VOID(joint.check(i));
  }
  if (joint.has_duplicates()) return validation("Provided list of item keys contains duplicates");
  joint.lock();
  for (std::size_t i = 0; i < joint.size(); ++i) {
    STATOR_TRY_VOID(joint.read(i, wants_old));
    STATOR_TRY_VOID(joint.decide(i));
  }
  return joint.commit();
}

/// ItemCollectionMetrics, when they were asked for; or "".
Result<std::string> collections_of(Tables& tables, aws::Call& call, const BatchWriteRequest& batch,
                                   const WrittenItems& written) {
  if (batch.return_item_collection_metrics != "SIZE") return std::string();
  std::vector<CollectionWrite> writes;
  for (std::size_t i = 0; i < batch.writes.size(); ++i) {
    const ItemRequest& request = batch.writes[i].request;
    writes.push_back({*request.table_name, written.changes[i].table, action_of(request)});
  }
  return item_collections(tables, call, writes);
}

Result<http::Response> handle(Tables& tables, aws::Call& call, const BatchWriteRequest& batch) {
  const auto& wanted = batch.return_consumed_capacity;
  STATOR_TRY(const auto written, write_all(tables, call, batch, wanted.value_or("NONE") != "NONE"));
  CapacityTally capacity(CapacityTally::Kind::kPlain);
  for (std::size_t i = 0; i < batch.writes.size(); ++i) {
    capacity.add(*batch.writes[i].request.table_name, write_capacity(written.changes[i]));
  }
  STATOR_TRY(const auto collections, collections_of(tables, call, batch, written));
  std::string out = "{\"UnprocessedItems\":{}";
  if (!collections.empty()) out.append(",").append(collections);
  out.push_back(',');
  if (!capacity.append(out, wanted)) out.pop_back();
  out.push_back('}');
  return json_response(std::move(out));
}

}  // namespace

aws::Operation batch_write_item(Tables& tables) {
  return aws::Operation::raw<BatchWriteRequest>(
      "BatchWriteItem", aws::ByName{},
      [&tables](const aws::Call& call,
                const aws::RawRequest& request) -> Result<BatchWriteRequest> {
        STATOR_TRY(auto batch, read_batch_write(request.http.body));
        find_tables(tables, call, batch.writes);
        return batch;
      },
      [](const aws::Call& call, const BatchWriteRequest& batch) -> Result<aws::Needs> {
        aws::Needs needs;
        // Requests on one table stand together.
        std::span<const PreparedRequest> left(batch.writes);
        while (!left.empty()) {
          const auto end = std::find_if(left.begin(), left.end(), [&](const PreparedRequest& one) {
            return one.request.table_name != left.front().request.table_name;
          });
          const auto count = static_cast<std::size_t>(end - left.begin());
          needs.push_back(batch_need(call, "BatchWriteItem", left.first(count)));
          left = left.subspan(count);
        }
        return needs;
      },
      [&tables](aws::Call& call, const BatchWriteRequest& batch) {
        return handle(tables, call, batch);
      });
}

}  // namespace stator::dynamodb
