#include "dynamodb/batch_request.hpp"

#include <set>

#include "dynamodb/constraints.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/item_codec.hpp"
#include "dynamodb/item_request_reader.hpp"
#include "dynamodb/legacy.hpp"
#include "dynamodb/write_action.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::size_t kGetsMax = 100;
constexpr std::size_t kWritesMax = 25;

constexpr RequestShape kGetShape{
    {Member::kKeys, Member::kAttributesToGet, Member::kProjectionExpression,
     Member::kExpressionAttributeNames, Member::kConsistentRead},
    {}};
constexpr RequestShape kPutShape{{Member::kItem}, {}};
constexpr RequestShape kDeleteShape{{Member::kKey}, {}};

/// The members of the request around RequestItems.
struct Envelope {
  std::optional<JsonObject> items;
  std::optional<std::string> return_consumed_capacity;
  std::optional<std::string> return_item_collection_metrics;
};

Result<Envelope> read_envelope(std::string_view body, bool is_write) {
  STATOR_TRY_VOID(check_body_size(body));
  STATOR_TRY(const auto document, parse_document(body));
  STATOR_TRY_VOID(refuse_repeats(document));
  Envelope envelope;
  for (const auto field : document) {
    if (field.value.is_null()) continue;
    if (field.key == "RequestItems") {
      STATOR_TRY(envelope.items, read_object(field.value));
      STATOR_TRY_VOID(refuse_repeats(*envelope.items));
    } else if (field.key == "ReturnConsumedCapacity") {
      STATOR_TRY(envelope.return_consumed_capacity, read_string(field.value));
    } else if (is_write && field.key == "ReturnItemCollectionMetrics") {
      STATOR_TRY(envelope.return_item_collection_metrics, read_string(field.value));
    } else {
      return validation("The operation has no parameter " + std::string(field.key));
    }
  }
  return envelope;
}

/// The constraints on what read_envelope() has read.
void check_envelope(const Envelope& envelope, Constraints& constraints) {
  constraints.one_of(envelope.return_consumed_capacity, "returnConsumedCapacity",
                     {"INDEXES", "TOTAL", "NONE"});
  constraints.one_of(envelope.return_item_collection_metrics, "returnItemCollectionMetrics",
                     {"SIZE", "NONE"});
  constraints.require_present(envelope.items.has_value(), "requestItems");
}

/// AWS shows the whole map in these messages, in the notation of its own classes; here it is
/// abridged.
void check_table_name(const std::string& name, Constraints& constraints) {
  Constraints of_name;
  of_name.table_name(name);
  constraints.require(of_name.verdict().has_value(), "{" + name + "=...}", "requestItems",
                      "Map keys must satisfy constraint: [Member must have length less than or "
                      "equal to 255, Member must have length greater than or equal to 3, Member "
                      "must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]");
}

Result<void> check_keys(const std::vector<ReadMap>& keys) {
  std::set<std::string> seen;
  for (const ReadMap& key : keys) {
    if (key.fault) return *key.fault;
    if (!seen.insert(encode_item(key.map)).second) {
      return validation("Provided list of item keys contains duplicates");
    }
  }
  return {};
}

Result<void> check_gets(BatchGetRequest& batch) {
  std::size_t count = 0;
  for (PreparedRequest& prepared : batch.tables) {
    STATOR_TRY_VOID(judge(prepared, kGetShape));
    STATOR_TRY_VOID(check_keys(*prepared.request.keys));
    count += prepared.request.keys->size();
    if (count > kGetsMax) return validation("Too many items requested for the BatchGetItem call");
  }
  return {};
}

Result<std::vector<PreparedRequest>> read_writes(const std::string& table, const JsonElement& list,
                                                 Constraints& constraints) {
  simdjson::dom::array array;
  if (list.get(array) != simdjson::SUCCESS) return serialization("Unexpected field type");
  constraints.require(array.size() >= 1 && array.size() <= kWritesMax, "{" + table + "=[...]}",
                      "requestItems",
                      "Map value must satisfy constraint: [Member must have length less than or "
                      "equal to 25, Member must have length greater than or equal to 1]");
  std::vector<PreparedRequest> writes;
  if (array.size() > kWritesMax) return writes;
  for (const JsonElement element : array) {
    STATOR_TRY(const auto request, read_object(element));
    STATOR_TRY_VOID(refuse_repeats(request));
    const std::string path =
        "requestItems." + table + ".member." + std::to_string(writes.size() + 1) + ".member.";
    PreparedRequest& prepared = writes.emplace_back();
    for (const auto field : request) {
      if (field.value.is_null()) continue;
      const bool is_put = field.key == "PutRequest";
      if (!is_put && field.key != "DeleteRequest") {
        return validation("The operation has no parameter " + std::string(field.key));
      }
      STATOR_TRY(const auto object, read_object(field.value));
      STATOR_TRY(auto read,
                 read_item_request(object, is_put ? kPutShape.members : kDeleteShape.members));
      constraints.require_present(is_put ? read.item.has_value() : read.key.has_value(),
                                  path + (is_put ? "putRequest.item" : "deleteRequest.key"));
      if (is_put) prepared.request.item = std::move(read.item);
      if (!is_put) prepared.request.key = std::move(read.key);
    }
    prepared.request.table_name = table;
  }
  return writes;
}

Result<void> check_writes(BatchWriteRequest& batch) {
  if (batch.writes.size() > kWritesMax) {
    return validation("Too many items requested for the BatchWriteItem call");
  }
  for (PreparedRequest& prepared : batch.writes) {
    const ItemRequest& request = prepared.request;
    if (request.item.has_value() == request.key.has_value()) {
      return validation(
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of "
          "the supported datatypes");
    }
    STATOR_TRY_VOID(judge(prepared, request.item ? kPutShape : kDeleteShape));
    if (request.item && size_bytes(request.item->map) > kItemBytesMax) {
      return validation("Item size has exceeded the maximum allowed size");
    }
  }
  return {};
}

}  // namespace

Result<BatchGetRequest> read_batch_get(std::string_view body) {
  STATOR_TRY(auto envelope, read_envelope(body, false));
  BatchGetRequest batch;
  Constraints constraints;
  check_envelope(envelope, constraints);
  if (envelope.items) {
    for (const auto field : *envelope.items) {
      const std::string name(field.key);
      const std::string path = "requestItems." + name + ".member.keys";
      STATOR_TRY(const auto object, read_object(field.value));
      PreparedRequest& prepared = batch.tables.emplace_back();
      STATOR_TRY(prepared.request, read_item_request(object, kGetShape.members));
      prepared.request.table_name = name;
      check_table_name(name, constraints);
      const auto& keys = prepared.request.keys;
      constraints.require_present(keys.has_value(), path);
      constraints.require(!keys || !keys->empty(), "[]", path,
                          "Member must have length greater than or equal to 1");
      constraints.require(!keys || keys->size() <= kGetsMax, "[...]", path,
                          "Member must have length less than or equal to 100");
      const bool has_no_names = has_attributes_to_get(prepared.request) &&
                                prepared.request.legacy->attributes_to_get->empty();
      constraints.require(!has_no_names, "[]", "requestItems." + name + ".member.attributesToGet",
                          "Member must have length greater than or equal to 1");
    }
  }
  STATOR_TRY_VOID(constraints.verdict());
  if (batch.tables.empty()) {
    return validation("The requestItems parameter is required for BatchGetItem");
  }
  STATOR_TRY_VOID(check_gets(batch));
  batch.return_consumed_capacity = std::move(envelope.return_consumed_capacity);
  return batch;
}

Result<BatchWriteRequest> read_batch_write(std::string_view body) {
  STATOR_TRY(auto envelope, read_envelope(body, true));
  BatchWriteRequest batch;
  Constraints constraints;
  check_envelope(envelope, constraints);
  bool is_empty = true;
  if (envelope.items) {
    for (const auto field : *envelope.items) {
      is_empty = false;
      const std::string name(field.key);
      check_table_name(name, constraints);
      STATOR_TRY(auto writes, read_writes(name, field.value, constraints));
      for (PreparedRequest& write : writes) batch.writes.push_back(std::move(write));
    }
  }
  STATOR_TRY_VOID(constraints.verdict());
  if (is_empty) return validation("The requestItems parameter is required for BatchWriteItem");
  STATOR_TRY_VOID(check_writes(batch));
  batch.return_consumed_capacity = std::move(envelope.return_consumed_capacity);
  batch.return_item_collection_metrics = std::move(envelope.return_item_collection_metrics);
  return batch;
}

http::Response json_response(std::string body) {
  http::Response response;
  response.body = std::move(body);
  return response;
}

}  // namespace stator::dynamodb
