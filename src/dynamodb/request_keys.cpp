#include "dynamodb/request_keys.hpp"

#include <algorithm>

#include "aws/tag_keys.hpp"
#include "base/bytes.hpp"
#include "dynamodb/expr/key_condition.hpp"
#include "dynamodb/item_key.hpp"

namespace stator::dynamodb {

std::string key_text(const Value& value) {
  if (const auto* text = value.get_if<std::string>()) return *text;
  if (const auto* number = value.get_if<Number>()) return number->to_string();
  if (const auto* binary = value.get_if<Binary>()) return base64_encode(binary->bytes);
  return "";
}

std::string_view default_select(bool has_projection, bool is_on_index) {
  if (has_projection) return "SPECIFIC_ATTRIBUTES";
  return is_on_index ? "ALL_PROJECTED_ATTRIBUTES" : "ALL_ATTRIBUTES";
}

void RequestKeys::add(const PreparedRequest& prepared, Kind kind) {
  const ItemRequest& request = prepared.request;
  const auto take = [this, &prepared](const Map& attributes) {
    add_names(attributes);
    if (prepared.table) add_leading(*prepared.table, attributes);
  };
  if (request.item) take(request.item->map);
  if (request.key) take(request.key->map);
  if (request.keys) {
    for (const ReadMap& key : *request.keys) take(key.map);
  }
  if (prepared.key_condition) add_key_condition(prepared);
  if (prepared.condition) add_names(*prepared.condition);
  if (prepared.filter) add_names(*prepared.filter);
  if (prepared.projection) add_names(*prepared.projection);
  if (prepared.update) add_names(*prepared.update);
  if (kind == Kind::kRead) {
    set("dynamodb:Select", request.select ? std::string_view(*request.select)
                                          : default_select(prepared.projection.has_value(),
                                                           request.index_name.has_value()));
  } else {
    set("dynamodb:ReturnValues", prepared.return_values());
  }
  set("dynamodb:ReturnConsumedCapacity", request.return_consumed_capacity.value_or("NONE"));
}

void RequestKeys::add_key_condition(const PreparedRequest& prepared) {
  add_names(*prepared.key_condition);
  if (!prepared.table) return;
  const auto& index_name = prepared.request.index_name;
  const Index* index = index_name ? prepared.table->find_index(*index_name) : nullptr;
  // The request fails for want of the index, or by a condition that is none for a key.
  if (index_name && index == nullptr) return;
  const auto terms = expr::key_terms(*prepared.key_condition);
  if (!terms) return;
  const KeySchema schema = key_schema(*prepared.table, index);
  for (const expr::KeyTerm& term : *terms) {
    const auto found =
        std::find_if(schema.partition.begin(), schema.partition.end(),
                     [&](const KeyAttribute& key) { return key.name == term.attribute; });
    if (found == schema.partition.end() || term.operation != "=") continue;
    add_leading(static_cast<std::size_t>(found - schema.partition.begin()), *term.low);
  }
}

void RequestKeys::add_names(const Map& attributes) {
  for (const auto& [name, value] : attributes) names_.insert(name);
}

void RequestKeys::add_names(const expr::Projection& paths) {
  for (const expr::Path& path : paths) names_.insert(path.front().name);
}

void RequestKeys::add_names(const expr::Node& node) {
  if (!node.path.empty()) names_.insert(node.path.front().name);
  for (const expr::Node& argument : node.args) add_names(argument);
}

void RequestKeys::add_names(const expr::Update& update) {
  for (const expr::Action& action : update.actions) {
    names_.insert(action.path.front().name);
    add_names(action.operand);
  }
}

void RequestKeys::add_leading(std::size_t place, const Value& value) {
  leading_.at(place).insert(key_text(value));
}

void RequestKeys::add_leading(const Table& table, const Map& attributes) {
  if (const Value* value = attributes.find(table.partition.name)) add_leading(0, *value);
}

void RequestKeys::set(std::string_view name, std::string_view value) {
  for (aws::ConditionKey& key : others_) {
    if (key.name != name) continue;
    if (std::find(key.values.begin(), key.values.end(), value) == key.values.end()) {
      key.values.emplace_back(value);
    }
    return;
  }
  others_.push_back({std::string(name), {std::string(value)}});
}

void RequestKeys::add_tags(const Table* table) {
  if (table != nullptr) aws::append_resource_tags(table->tags, others_);
}

aws::ConditionKeys RequestKeys::finish() && {
  static constexpr std::array<std::string_view, kPartitionAttributesMax> kNames{
      "dynamodb:FirstPartitionKeyValues", "dynamodb:SecondPartitionKeyValues",
      "dynamodb:ThirdPartitionKeyValues", "dynamodb:FourthPartitionKeyValues"};
  aws::ConditionKeys keys = std::move(others_);
  const auto values_of = [](const std::set<std::string>& values) {
    return std::vector<std::string>(values.begin(), values.end());
  };
  for (std::size_t i = 0; i < leading_.size(); ++i) {
    if (leading_[i].empty()) continue;
    if (i == 0) keys.push_back({"dynamodb:LeadingKeys", values_of(leading_[i])});
    keys.push_back({std::string(kNames[i]), values_of(leading_[i])});
  }
  if (!names_.empty()) keys.push_back({"dynamodb:Attributes", values_of(names_)});
  return keys;
}

}  // namespace stator::dynamodb
