#include "dynamodb/test_model.hpp"

namespace stator::dynamodb::testing {

namespace {

constexpr int kPartitions = 4;
constexpr int kSortKeys = 6;

const std::string kFailed = "ConditionalCheckFailedException: The conditional request failed";

std::string number_json(int value) {
  return R"({"N":")" + std::to_string(value) + R"("})";
}

std::string string_json(const std::string& value) {
  return R"({"S":")" + value + R"("})";
}

int number_of(const std::string& json) {
  return std::stoi(json.substr(json.find(":\"") + 2));
}

std::string key_json(const Model::Key& key) {
  return R"({"id":)" + string_json(key.first) + R"(,"sk":)" + number_json(key.second) + "}";
}

ModelItem key_item(const Model::Key& key) {
  return {{"id", string_json(key.first)}, {"sk", number_json(key.second)}};
}

std::string attributes_json(const std::optional<ModelItem>& item) {
  return item ? R"({"Attributes":)" + to_json(*item) + "}" : "{}";
}

const std::string kTable = R"({"TableName":"model")";

}  // namespace

std::string to_json(const ModelItem& item) {
  std::string out = "{";
  for (const auto& [name, value] : item) {
    if (out.size() > 1) out += ",";
    out += "\"" + name + "\":" + value;
  }
  return out + "}";
}

Model::Key Model::any_key() {
  return {std::string(1, static_cast<char>('a' + number(kPartitions))), number(kSortKeys) - 2};
}

ModelStep Model::step() {
  const auto dice = random_.below(10);
  if (dice < 3) return put();
  if (dice < 6) return update();
  if (dice < 7) return erase();
  return dice < 8 ? get() : query();
}

ModelStep Model::put() {
  const Key key = any_key();
  ModelItem item = key_item(key);
  if (!chance(3)) item["n"] = number_json(number(10));
  if (!chance(3)) item["s"] = string_json(std::string(random_.below(40), 's'));
  if (!chance(3)) item["g"] = string_json(std::string(1, static_cast<char>('u' + number(3))));
  std::string body = kTable + R"(,"Item":)" + to_json(item) + R"(,"ReturnValues":"ALL_OLD")";
  const auto found = items_.find(key);
  const bool exists = found != items_.end();
  bool holds = true;
  if (chance(3)) {
    body += R"--(,"ConditionExpression":"attribute_not_exists(id)")--";
    holds = !exists;
  }
  std::optional<ModelItem> old;
  if (exists) old = found->second;
  if (holds) items_[key] = item;
  return {"PutItem", body + "}", holds ? attributes_json(old) : kFailed};
}

ModelStep Model::update() {
  const Key key = any_key();
  const auto found = items_.find(key);
  const bool exists = found != items_.end();
  ModelItem item = exists ? found->second : key_item(key);
  std::string body = kTable + R"(,"Key":)" + key_json(key) + R"(,"ReturnValues":"ALL_NEW")";
  const int operand = number(9);
  std::string values = R"(":d":)" + number_json(operand);
  const int now = item.contains("n") ? number_of(item["n"]) : 0;
  bool holds = true;
  std::string condition;
  if (chance(3)) {
    condition = R"(,"ConditionExpression":"n < :low")";
    values += R"(,":low":)" + number_json(20);
    holds = item.contains("n") && now < 20;
  }
  std::string expression;
  bool only_removes = false;
  switch (random_.below(4)) {
    case 0:
      expression = "ADD n :d";
      item["n"] = number_json(now + operand);
      break;
    case 1:
      expression = "SET n = if_not_exists(n, :d) - :d REMOVE s";
      item["n"] = number_json(item.contains("n") ? now - operand : 0);
      item.erase("s");
      break;
    case 2:
      expression = "SET g = :g, s = :g REMOVE n";
      values = values.replace(0, values.find('}') + 1, R"(":g":)" + string_json("v"));
      item["g"] = item["s"] = string_json("v");
      item.erase("n");
      break;
    default:
      expression = "REMOVE g, s";
      values = condition.empty() ? "" : R"(":low":)" + number_json(20);
      item.erase("g");
      item.erase("s");
      only_removes = true;
      break;
  }
  body += R"(,"UpdateExpression":")" + expression + "\"" + condition;
  if (!values.empty()) body += R"(,"ExpressionAttributeValues":{)" + values + "}";
  const bool makes_nothing = only_removes && !exists;
  if (holds && !makes_nothing) items_[key] = item;
  const std::string answer = makes_nothing ? "{}" : attributes_json(item);
  return {"UpdateItem", body + "}", holds ? answer : kFailed};
}

ModelStep Model::erase() {
  const Key key = any_key();
  const auto found = items_.find(key);
  std::optional<ModelItem> old;
  if (found != items_.end()) {
    old = found->second;
    items_.erase(found);
  }
  return {"DeleteItem", kTable + R"(,"Key":)" + key_json(key) + R"(,"ReturnValues":"ALL_OLD"})",
          attributes_json(old)};
}

ModelStep Model::get() {
  const Key key = any_key();
  const auto found = items_.find(key);
  return {"GetItem", kTable + R"(,"Key":)" + key_json(key) + "}",
          found == items_.end() ? "{}" : R"({"Item":)" + to_json(found->second) + "}"};
}

ModelStep Model::query() {
  const Key from = any_key();
  const bool is_forward = chance(2);
  std::string items;
  int count = 0;
  const auto take = [&](const ModelItem& item) {
    items += (count++ > 0 ? "," : "") + to_json(item);
  };
  const auto first = items_.lower_bound(from);
  if (is_forward) {
    for (auto at = first; at != items_.end() && at->first.first == from.first; ++at) {
      take(at->second);
    }
  } else {
    for (auto at = items_.upper_bound(from); at != items_.begin();) {
      --at;
      if (at->first.first != from.first) break;
      take(at->second);
    }
  }
  return {"Query",
          kTable + R"(,"KeyConditionExpression":"id = :p AND sk )" + (is_forward ? ">=" : "<=") +
              R"( :s","ExpressionAttributeValues":{":p":)" + string_json(from.first) + R"(,":s":)" +
              number_json(from.second) + R"(},"ScanIndexForward":)" +
              (is_forward ? "true" : "false") + "}",
          R"({"Items":[)" + items + R"(],"Count":)" + std::to_string(count) +
              R"(,"ScannedCount":)" + std::to_string(count) + "}"};
}

}  // namespace stator::dynamodb::testing
