#include "dynamodb/transaction_request.hpp"

#include <algorithm>

#include "crypto/crypto.hpp"
#include "dynamodb/constraints.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/item_codec.hpp"
#include "dynamodb/item_request_reader.hpp"
#include "dynamodb/transaction.hpp"

namespace stator::dynamodb {

namespace {

using Kind = WriteAction::Kind;

/// A kind of action: its member, its path in AWS's messages, and what it takes.
struct ActionShape {
  std::string_view member;
  std::string_view path;
  Kind kind;
  RequestShape shape;
};

constexpr MemberSet conditional(std::initializer_list<Member> own) {
  MemberSet members{Member::kTableName, Member::kConditionExpression,
                    Member::kExpressionAttributeNames, Member::kExpressionAttributeValues,
                    Member::kReturnValuesOnConditionCheckFailure};
  for (const Member member : own) members.add(member);
  return members;
}

constexpr ActionShape kActions[] = {
    {"ConditionCheck",
     "conditionCheck",
     Kind::kCheck,
     {conditional({Member::kKey}), {Member::kKey, Member::kConditionExpression}}},
    {"Put", "put", Kind::kPut, {conditional({Member::kItem}), {Member::kItem}}},
    {"Delete", "delete", Kind::kDelete, {conditional({Member::kKey}), {Member::kKey}}},
    {"Update",
     "update",
     Kind::kUpdate,
     {conditional({Member::kKey, Member::kUpdateExpression}),
      {Member::kKey, Member::kUpdateExpression}}},
};

constexpr RequestShape kGetShape{{Member::kTableName, Member::kKey, Member::kProjectionExpression,
                                  Member::kExpressionAttributeNames},
                                 {Member::kKey}};

const RequestShape& shape_of(Kind kind) {
  return std::find_if(std::begin(kActions), std::end(kActions),
                      [&](const ActionShape& action) { return action.kind == kind; })
      ->shape;
}

/// The members of the request around its items.
struct Envelope {
  std::optional<simdjson::dom::array> items;
  std::optional<std::string> client_request_token;
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
    if (field.key == "TransactItems") {
      simdjson::dom::array items;
      if (field.value.get(items) != simdjson::SUCCESS) {
        return serialization("Unexpected field type");
      }
      envelope.items = items;
    } else if (field.key == "ReturnConsumedCapacity") {
      STATOR_TRY(envelope.return_consumed_capacity, read_string(field.value));
    } else if (is_write && field.key == "ReturnItemCollectionMetrics") {
      STATOR_TRY(envelope.return_item_collection_metrics, read_string(field.value));
    } else if (is_write && field.key == "ClientRequestToken") {
      STATOR_TRY(envelope.client_request_token, read_string(field.value));
    } else {
      return validation("The operation has no parameter " + std::string(field.key));
    }
  }
  return envelope;
}

void check_envelope(const Envelope& envelope, Constraints& constraints) {
  constraints.one_of(envelope.return_consumed_capacity, "returnConsumedCapacity",
                     {"INDEXES", "TOTAL", "NONE"});
  constraints.one_of(envelope.return_item_collection_metrics, "returnItemCollectionMetrics",
                     {"SIZE", "NONE"});
  if (const auto& token = envelope.client_request_token) {
    constraints.require(!token->empty(), *token, "clientRequestToken",
                        "Member must have length greater than or equal to 1");
    constraints.require(token->size() <= 36, *token, "clientRequestToken",
                        "Member must have length less than or equal to 36");
  }
  constraints.require_present(envelope.items.has_value(), "transactItems");
  if (!envelope.items) return;
  constraints.require(envelope.items->size() >= 1, "[]", "transactItems",
                      "Member must have length greater than or equal to 1");
  // AWS shows the whole list here, in the notation of its own classes.
  constraints.require(envelope.items->size() <= kTransactionActionsMax, "[...]", "transactItems",
                      "Member must have length less than or equal to 100");
}

void check_item(const ItemRequest& request, const RequestShape& shape, const std::string& path,
                Constraints& constraints) {
  const auto require = [&](Member member, bool is_present, const char* name) {
    if (shape.required.has(member)) constraints.require_present(is_present, path + name);
  };
  constraints.table_name(request.table_name, path + "tableName");
  require(Member::kItem, request.item.has_value(), "item");
  require(Member::kKey, request.key.has_value(), "key");
  require(Member::kUpdateExpression, request.update_expression.has_value(), "updateExpression");
  require(Member::kConditionExpression, request.condition_expression.has_value(),
          "conditionExpression");
  constraints.one_of(request.return_values_on_failure, path + "returnValuesOnConditionCheckFailure",
                     {"ALL_OLD", "NONE"});
}

std::string path_of(std::size_t index, std::string_view kind) {
  return "transactItems." + std::to_string(index + 1) + ".member." + std::string(kind) + ".";
}

/// One element of TransactItems: exactly one action.
Result<TransactWriteRequest::Item> read_action(const JsonElement& element, std::size_t index,
                                               Constraints& constraints) {
  STATOR_TRY(const auto object, read_object(element));
  STATOR_TRY_VOID(refuse_repeats(object));
  TransactWriteRequest::Item item;
  std::size_t count = 0;
  for (const auto field : object) {
    const auto* action = std::find_if(std::begin(kActions), std::end(kActions),
                                      [&](const auto& one) { return one.member == field.key; });
    if (action == std::end(kActions)) {
      return validation("The operation has no parameter " + std::string(field.key));
    }
    if (field.value.is_null()) continue;
    ++count;
    STATOR_TRY(const auto members, read_object(field.value));
    STATOR_TRY(item.prepared.request, read_item_request(members, action->shape.members));
    item.kind = action->kind;
    check_item(item.prepared.request, action->shape, path_of(index, action->path), constraints);
  }
  if (count == 0) {
    return validation(
        "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request");
  }
  if (count > 1) {
    return validation("TransactItems can only contain one of Check, Put, Update or Delete");
  }
  return item;
}

/// What an action adds to the 4 MB: its item or key, its expressions and their values.
std::size_t payload_bytes(const ItemRequest& request) {
  std::size_t size = 0;
  if (request.item) size += size_bytes(request.item->map);
  if (request.key) size += size_bytes(request.key->map);
  if (request.update_expression) size += request.update_expression->size();
  if (request.condition_expression) size += request.condition_expression->size();
  if (!request.values) return size;
  for (const auto& [name, value] : request.values->map) size += size_bytes(value);
  return size;
}

Result<void> judge_all(TransactWriteRequest& transaction) {
  std::size_t payload = 0;
  for (auto& item : transaction.items) {
    STATOR_TRY_VOID(judge(item.prepared, shape_of(item.kind)));
    const ItemRequest& request = item.prepared.request;
    if (request.item && size_bytes(request.item->map) > kItemBytesMax) {
      return validation("Item size has exceeded the maximum allowed size");
    }
    payload += payload_bytes(request);
  }
  if (payload <= kTransactionBytesMax) return {};
  return validation("Transaction payload size cannot exceed 4MB. Payload Size: " +
                    std::to_string(payload));
}

/// An absent text and an empty one differ.
void append_optional(std::string& out, const std::optional<std::string>& text) {
  append_sized(out, text ? "+" + *text : std::string());
}

}  // namespace

WriteAction TransactWriteRequest::Item::action() const {
  WriteAction action;
  action.kind = kind;
  if (prepared.request.item) action.item = &prepared.request.item->map;
  if (prepared.request.key) action.key = &prepared.request.key->map;
  if (prepared.condition) action.condition = &*prepared.condition;
  if (prepared.update) action.update = &*prepared.update;
  return action;
}

std::string TransactWriteRequest::fingerprint() const {
  std::string text;
  for (const Item& item : items) {
    const ItemRequest& request = item.prepared.request;
    text.append(std::to_string(static_cast<int>(item.kind)));
    append_sized(text, *request.table_name);
    append_sized(text, encode_item(request.item ? request.item->map : request.key->map));
    append_optional(text, request.condition_expression);
    append_optional(text, request.update_expression);
    append_optional(text, request.return_values_on_failure);
    auto names = request.names.value_or(std::vector<std::pair<std::string, std::string>>());
    std::sort(names.begin(), names.end());
    append_sized(text, std::to_string(names.size()));
    for (const auto& [placeholder, name] : names) {
      append_sized(text, placeholder);
      append_sized(text, name);
    }
    append_sized(text, request.values ? encode_item(request.values->map) : std::string());
  }
  return crypto::sha256(text);
}

Result<TransactWriteRequest> read_transact_write(std::string_view body) {
  STATOR_TRY(auto envelope, read_envelope(body, true));
  Constraints constraints;
  check_envelope(envelope, constraints);
  TransactWriteRequest transaction;
  if (envelope.items && envelope.items->size() <= kTransactionActionsMax) {
    transaction.items.reserve(envelope.items->size());
    for (const JsonElement element : *envelope.items) {
      STATOR_TRY(auto item, read_action(element, transaction.items.size(), constraints));
      transaction.items.push_back(std::move(item));
    }
  }
  STATOR_TRY_VOID(constraints.verdict());
  STATOR_TRY_VOID(judge_all(transaction));
  transaction.client_request_token = std::move(envelope.client_request_token);
  transaction.return_consumed_capacity = std::move(envelope.return_consumed_capacity);
  transaction.return_item_collection_metrics = std::move(envelope.return_item_collection_metrics);
  return transaction;
}

Result<TransactGetRequest> read_transact_get(std::string_view body) {
  STATOR_TRY(auto envelope, read_envelope(body, false));
  Constraints constraints;
  check_envelope(envelope, constraints);
  TransactGetRequest transaction;
  if (envelope.items && envelope.items->size() <= kTransactionActionsMax) {
    transaction.items.reserve(envelope.items->size());
    for (const JsonElement element : *envelope.items) {
      const std::size_t index = transaction.items.size();
      PreparedRequest& prepared = transaction.items.emplace_back();
      STATOR_TRY(const auto object, read_object(element));
      STATOR_TRY_VOID(refuse_repeats(object));
      bool has_get = false;
      for (const auto field : object) {
        if (field.key != "Get") {
          return validation("The operation has no parameter " + std::string(field.key));
        }
        if (field.value.is_null()) continue;
        STATOR_TRY(const auto members, read_object(field.value));
        STATOR_TRY(prepared.request, read_item_request(members, kGetShape.members));
        check_item(prepared.request, kGetShape, path_of(index, "get"), constraints);
        has_get = true;
      }
      const std::string path = path_of(index, "get");
      constraints.require_present(has_get, path.substr(0, path.size() - 1));
    }
  }
  STATOR_TRY_VOID(constraints.verdict());
  for (PreparedRequest& prepared : transaction.items) {
    STATOR_TRY_VOID(judge(prepared, kGetShape));
  }
  transaction.return_consumed_capacity = std::move(envelope.return_consumed_capacity);
  return transaction;
}

}  // namespace stator::dynamodb
