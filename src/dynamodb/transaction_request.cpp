#include "dynamodb/transaction_request.hpp"

#include <algorithm>

#include "crypto/crypto.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/item_codec.hpp"
#include "dynamodb/item_request_reader.hpp"
#include "dynamodb/request_envelope.hpp"
#include "dynamodb/transaction.hpp"

namespace stator::dynamodb {

namespace {

using Kind = WriteAction::Kind;

/// A kind of action, its member and what it takes.
struct ActionShape {
  Kind kind;
  std::string_view member;
  RequestShape shape;
};

/// What the service model says of TransactWriteItems.
struct WriteModel {
  std::span<const Rule> rules = model_of("TransactWriteItems");
  std::vector<ActionShape> actions;

  WriteModel() {
    const auto members = rules_inside(rules, "TransactItems");
    constexpr std::pair<Kind, std::string_view> kActions[] = {{Kind::kCheck, "ConditionCheck"},
                                                              {Kind::kPut, "Put"},
                                                              {Kind::kDelete, "Delete"},
                                                              {Kind::kUpdate, "Update"}};
    for (const auto& [kind, member] : kActions) {
      actions.push_back({kind, member, shape_of(rules_inside(members, member))});
    }
  }
  [[nodiscard]] const ActionShape* find(std::string_view member) const {
    for (const ActionShape& action : actions) {
      if (action.member == member) return &action;
    }
    return nullptr;
  }
  [[nodiscard]] const RequestShape& shape(Kind kind) const {
    return std::find_if(actions.begin(), actions.end(),
                        [&](const ActionShape& action) { return action.kind == kind; })
        ->shape;
  }
};
const WriteModel& write_model() {
  static const WriteModel model;
  return model;
}

/// The same for TransactGetItems.
struct GetModel {
  std::span<const Rule> rules = model_of("TransactGetItems");
  RequestShape get = shape_of(rules_inside(rules_inside(rules, "TransactItems"), "Get"));
};
const GetModel& get_model() {
  static const GetModel model;
  return model;
}

/// TransactItems, without what is beyond AWS's bound: the constraints refuse that.
Result<std::vector<JsonObject>> read_elements(const Envelope& envelope) {
  std::vector<JsonObject> elements;
  if (!envelope.items) return elements;
  STATOR_TRY(const auto array, read_array(*envelope.items));
  for (const JsonElement element : array) {
    if (elements.size() == kTransactionActionsMax) break;
    STATOR_TRY(const auto object, read_object(element));
    STATOR_TRY_VOID(refuse_repeats(object));
    elements.push_back(object);
  }
  return elements;
}

/// One action; how many the element really has is counted in `count`.
Result<TransactWriteRequest::Item> read_action(const JsonObject& element, std::size_t& count) {
  TransactWriteRequest::Item item;
  for (const auto field : element) {
    const ActionShape* action = write_model().find(field.key);
    if (action == nullptr) return no_parameter(field.key);
    if (field.value.is_null()) continue;
    ++count;
    STATOR_TRY(const auto members, read_object(field.value));
    STATOR_TRY(item.prepared.request, read_item_request(members, action->shape.members));
    item.kind = action->kind;
  }
  return item;
}

/// Exactly one action stands in each element.
Result<void> check_count(std::size_t count) {
  if (count == 0) {
    return validation(
        "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request");
  }
  if (count > 1) {
    return validation("TransactItems can only contain one of Check, Put, Update or Delete");
  }
  return {};
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
    STATOR_TRY_VOID(judge(item.prepared, write_model().shape(item.kind)));
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
  STATOR_TRY(auto envelope, read_envelope(body, write_model().rules));
  STATOR_TRY(const auto elements, read_elements(envelope));
  TransactWriteRequest transaction;
  transaction.items.reserve(elements.size());
  Result<void> counts;
  for (const JsonObject& element : elements) {
    std::size_t count = 0;
    STATOR_TRY(auto item, read_action(element, count));
    if (counts) counts = check_count(count);
    transaction.items.push_back(std::move(item));
  }
  STATOR_TRY_VOID(check_constraints(envelope.document, write_model().rules));
  STATOR_TRY_VOID(counts);
  STATOR_TRY_VOID(judge_all(transaction));
  transaction.client_request_token = std::move(envelope.client_request_token);
  transaction.return_consumed_capacity = std::move(envelope.return_consumed_capacity);
  transaction.return_item_collection_metrics = std::move(envelope.return_item_collection_metrics);
  return transaction;
}

Result<TransactGetRequest> read_transact_get(std::string_view body) {
  STATOR_TRY(auto envelope, read_envelope(body, get_model().rules));
  STATOR_TRY(const auto elements, read_elements(envelope));
  TransactGetRequest transaction;
  transaction.items.reserve(elements.size());
  for (const JsonObject& element : elements) {
    PreparedRequest& prepared = transaction.items.emplace_back();
    for (const auto field : element) {
      if (field.key != "Get") return no_parameter(field.key);
      if (field.value.is_null()) continue;
      STATOR_TRY(const auto members, read_object(field.value));
      STATOR_TRY(prepared.request, read_item_request(members, get_model().get.members));
    }
  }
  STATOR_TRY_VOID(check_constraints(envelope.document, get_model().rules));
  for (PreparedRequest& prepared : transaction.items) {
    STATOR_TRY_VOID(judge(prepared, get_model().get));
  }
  transaction.return_consumed_capacity = std::move(envelope.return_consumed_capacity);
  return transaction;
}

}  // namespace stator::dynamodb
