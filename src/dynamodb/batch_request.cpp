#include "dynamodb/batch_request.hpp"

#include <set>

#include "dynamodb/errors.hpp"
#include "dynamodb/item_codec.hpp"
#include "dynamodb/item_request_reader.hpp"
#include "dynamodb/request_envelope.hpp"
#include "dynamodb/write_action.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::size_t kGetsMax = 100;
constexpr std::size_t kWritesMax = 25;

/// What the service model says of BatchGetItem.
struct GetModel {
  std::span<const Rule> rules = model_of("BatchGetItem");
  RequestShape gets = shape_of(rules_inside(rules, "RequestItems"));
};
const GetModel& get_model() {
  static const GetModel model;
  return model;
}

/// The same for BatchWriteItem.
struct WriteModel {
  std::span<const Rule> rules = model_of("BatchWriteItem");
  std::span<const Rule> write = rules_inside(rules, "RequestItems");
  RequestShape put = shape_of(rules_inside(write, "PutRequest"));
  RequestShape deletion = shape_of(rules_inside(write, "DeleteRequest"));
};
const WriteModel& write_model() {
  static const WriteModel model;
  return model;
}

/// RequestItems, by table; nothing when it is absent.
Result<std::optional<JsonObject>> read_tables(const Envelope& envelope) {
  if (!envelope.items) return std::optional<JsonObject>();
  STATOR_TRY(const auto tables, read_object(*envelope.items));
  STATOR_TRY_VOID(refuse_repeats(tables));
  return std::optional(tables);
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
    STATOR_TRY_VOID(judge(prepared, get_model().gets));
    STATOR_TRY_VOID(check_keys(*prepared.request.keys));
    count += prepared.request.keys->size();
    if (count > kGetsMax) return validation("Too many items requested for the BatchGetItem call");
  }
  return {};
}

/// Puts and deletions in one table.
Result<void> read_writes(std::string_view table, const JsonElement& list,
                         std::vector<PreparedRequest>& out) {
  STATOR_TRY(const auto array, read_array(list));
  for (const JsonElement element : array) {
    STATOR_TRY(const auto request, read_object(element));
    STATOR_TRY_VOID(refuse_repeats(request));
    PreparedRequest& prepared = out.emplace_back();
    for (const auto field : request) {
      if (field.value.is_null()) continue;
      if (find_rule(write_model().write, field.key) == nullptr) return no_parameter(field.key);
      const bool is_put = field.key == "PutRequest";
      const RequestShape& shape = is_put ? write_model().put : write_model().deletion;
      STATOR_TRY(const auto object, read_object(field.value));
      STATOR_TRY(auto read, read_item_request(object, shape.members));
      if (is_put) prepared.request.item = std::move(read.item);
      if (!is_put) prepared.request.key = std::move(read.key);
    }
    prepared.request.table_name = table;
  }
  return {};
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
    STATOR_TRY_VOID(judge(prepared, request.item ? write_model().put : write_model().deletion));
    if (request.item && size_bytes(request.item->map) > kItemBytesMax) {
      return validation("Item size has exceeded the maximum allowed size");
    }
  }
  return {};
}

}  // namespace

Result<BatchGetRequest> read_batch_get(std::string_view body) {
  STATOR_TRY(auto envelope, read_envelope(body, get_model().rules));
  STATOR_TRY(const auto tables, read_tables(envelope));
  BatchGetRequest batch;
  if (tables) {
    for (const auto field : *tables) {
      STATOR_TRY(const auto object, read_object(field.value));
      PreparedRequest& prepared = batch.tables.emplace_back();
      STATOR_TRY(prepared.request, read_item_request(object, get_model().gets.members));
      prepared.request.table_name = field.key;
    }
  }
  STATOR_TRY_VOID(check_constraints(envelope.document, get_model().rules));
  if (batch.tables.empty()) {
    return validation("The requestItems parameter is required for BatchGetItem");
  }
  STATOR_TRY_VOID(check_gets(batch));
  batch.return_consumed_capacity = std::move(envelope.return_consumed_capacity);
  return batch;
}

Result<BatchWriteRequest> read_batch_write(std::string_view body) {
  STATOR_TRY(auto envelope, read_envelope(body, write_model().rules));
  STATOR_TRY(const auto tables, read_tables(envelope));
  BatchWriteRequest batch;
  if (tables) {
    for (const auto field : *tables) {
      STATOR_TRY_VOID(read_writes(field.key, field.value, batch.writes));
    }
  }
  STATOR_TRY_VOID(check_constraints(envelope.document, write_model().rules));
  if (batch.writes.empty()) {
    return validation("The requestItems parameter is required for BatchWriteItem");
  }
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
