#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "dynamodb/test_support.hpp"
#include "dynamodb/test_tables.hpp"

/// Whatever is written, every index is what its table's items make of it.
namespace stator::dynamodb {
namespace {

using testing::definitions;
using testing::Harness;
using testing::index;
using testing::table;

/// An index as these tests see it: its key and what it projects beside keys ("*" for all).
struct Shape {
  std::string name;
  std::vector<std::string> partition;
  std::vector<std::string> sort;
  std::vector<std::string> projected;
};

const std::vector<Shape> kShapes = {
    {"local", {"pk"}, {"x"}, {"*"}},
    {"global", {"x"}, {"n"}, {"other"}},
    {"multi", {"x", "pk"}, {"n", "sk"}, {}},
};
const Shape kLater = {"later", {"n"}, {"x"}, {"other"}};

json::Array scan(Harness& db, const std::string& index_name) {
  const std::string name = index_name.empty() ? "" : R"(,"IndexName":")" + index_name + R"(")";
  const std::string answer = db.run("Scan", R"({"TableName":"items")" + name + "}");
  const auto object = json::parse_object(answer);
  RC_ASSERT(object);
  return object->at("Items").get_array();
}

/// The item's entry; null when it has none.
json::Value entry_of(const json::Object& item, const Shape& shape) {
  json::Object entry;
  const auto take = [&](const std::string& name) {
    const auto* value = item.if_contains(name);
    if (value) entry[name] = *value;
    return value != nullptr;
  };
  for (const auto* names : {&shape.partition, &shape.sort}) {
    for (const std::string& name : *names) {
      if (!take(name)) return nullptr;
      // Keys of indexes have one type.
      const char* type = name == "n" || name == "sk" ? "N" : "S";
      if (!entry.at(name).get_object().contains(type)) return nullptr;
      if (entry.at(name).at(type).get_string().empty()) return nullptr;
    }
  }
  take("pk");
  take("sk");
  for (const std::string& name : shape.projected) {
    if (name == "*") return item;
    take(name);
  }
  return entry;
}

std::multiset<std::string> texts(const std::vector<json::Value>& values) {
  std::multiset<std::string> result;
  for (const json::Value& value : values) {
    json::Object sorted;
    std::map<std::string, json::Value> members;
    for (const auto& member : value.get_object()) members[member.key()] = member.value();
    for (const auto& [name, member] : members) sorted[name] = member;
    result.insert(json::dump(sorted));
  }
  return result;
}

/// -1, 0 or 1 for two values of one key attribute.
int compare(const json::Value& a, const json::Value& b) {
  if (a.get_object().contains("N")) {
    const double left = std::stod(std::string(a.at("N").get_string()));
    const double right = std::stod(std::string(b.at("N").get_string()));
    return left < right ? -1 : left > right ? 1 : 0;
  }
  const int order = a.at("S").get_string().compare(b.at("S").get_string());
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

bool is_before_or_equal(const json::Value& a, const json::Value& b, const Shape& shape) {
  for (const std::string& name : shape.sort) {
    const int order = compare(a.at(name), b.at(name));
    if (order != 0) return order < 0;
  }
  return true;
}

/// Every query of one partition gives its entries, sorted.
void check_queries(Harness& db, const Shape& shape, const std::vector<json::Value>& entries) {
  for (const json::Value& probe : entries) {
    std::string condition;
    json::Object values;
    json::Object names;
    for (const std::string& name : shape.partition) {
      condition += (condition.empty() ? "" : " AND ") + ("#" + name) + " = :" + name;
      values[":" + name] = probe.at(name);
      names["#" + name] = name;
    }
    const std::string answer =
        db.run("Query", json::dump(json::Object{{"TableName", "items"},
                                                {"IndexName", shape.name},
                                                {"KeyConditionExpression", condition},
                                                {"ExpressionAttributeNames", names},
                                                {"ExpressionAttributeValues", values}}));
    const auto object = json::parse_object(answer);
    RC_ASSERT(object);
    const auto& items = object->at("Items").get_array();
    std::vector<json::Value> expected;
    for (const json::Value& entry : entries) {
      bool is_same = true;
      for (const std::string& name : shape.partition) {
        is_same = is_same && compare(entry.at(name), probe.at(name)) == 0;
      }
      if (is_same) expected.push_back(entry);
    }
    RC_ASSERT(texts({items.begin(), items.end()}) == texts(expected));
    for (std::size_t i = 1; i < items.size(); ++i) {
      RC_ASSERT(is_before_or_equal(items[i - 1], items[i], shape));
    }
  }
}

void check_index(Harness& db, const Shape& shape) {
  std::vector<json::Value> expected;
  for (const json::Value& item : scan(db, "")) {
    json::Value entry = entry_of(item.get_object(), shape);
    if (!entry.is_null()) expected.push_back(std::move(entry));
  }
  const json::Array found = scan(db, shape.name);
  RC_ASSERT(texts({found.begin(), found.end()}) == texts(expected));
  check_queries(db, shape, expected);
}

/// One of few values, so that items often meet: none, proper keys (a zero byte among them), and
/// where `is_free` what no index may have as a key.
std::string random_x(bool is_free) {
  static const std::vector<std::string> proper = {"", R"("x":{"S":"u"})", R"("x":{"S":"u\u0000"})",
                                                  R"("x":{"S":"uv"})"};
  static const std::vector<std::string> odd = {R"("x":{"N":"1"})", R"("x":{"S":""})",
                                               R"("x":{"BOOL":true})"};
  return is_free && *rc::gen::inRange(0, 3) == 0 ? *rc::gen::elementOf(odd)
                                                 : *rc::gen::elementOf(proper);
}

std::string random_n(bool is_free) {
  static const std::vector<std::string> proper = {"", R"("n":{"N":"-1"})", R"("n":{"N":"0"})",
                                                  R"("n":{"N":"2.5"})"};
  static const std::vector<std::string> odd = {R"("n":{"S":"1"})", R"("n":{"NULL":true})"};
  return is_free && *rc::gen::inRange(0, 3) == 0 ? *rc::gen::elementOf(odd)
                                                 : *rc::gen::elementOf(proper);
}

std::string random_key() {
  const std::string pk = *rc::gen::elementOf(std::vector<std::string>{"a", "b"});
  return R"("pk":{"S":")" + pk + R"("},"sk":{"N":")" + std::to_string(*rc::gen::inRange(0, 4)) +
         R"("})";
}

/// Puts, updates or deletes some item. `n_is_free` while no index has n as a key.
void write_something(Harness& db, bool n_is_free) {
  const std::string key = random_key();
  const auto run = [&](const std::string& operation, const std::string& rest) {
    const std::string answer = db.run(operation, R"({"TableName":"items",)" + rest + "}");
    RC_ASSERT(answer == "{}");
  };
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      return run("DeleteItem", R"("Key":{)" + key + "}");
    case 1:
      return run("UpdateItem", R"("Key":{)" + key + R"(},"UpdateExpression":"REMOVE x")");
    default: {
      std::string item = key;
      const std::string x = random_x(false);
      const std::string n = random_n(n_is_free);
      if (!x.empty()) item += "," + x;
      if (!n.empty()) item += "," + n;
      if (*rc::gen::arbitrary<bool>()) item += R"(,"other":{"S":"o"})";
      return run("PutItem", R"("Item":{)" + item + "}");
    }
  }
}

RC_GTEST_PROP(IndexProperties, IndexesAreWhatTheirTableMakesOfThem, ()) {
  Harness db;
  json::Object request = table("pk sk:N x n:N", "pk | sk");
  request["LocalSecondaryIndexes"] = json::Array{index("local", "pk | x")};
  request["GlobalSecondaryIndexes"] =
      json::Array{index("global", "x | n", "other"), index("multi", "x pk | n sk", "KEYS_ONLY")};
  RC_ASSERT(json::parse_object(db.run("CreateTable", json::dump(request))));
  const int writes = *rc::gen::inRange(0, 40);
  for (int i = 0; i < writes; ++i) write_something(db, false);
  for (const Shape& shape : kShapes) check_index(db, shape);
}

RC_GTEST_PROP(IndexProperties, AnIndexMadeLaterIsTheSame, ()) {
  Harness db;
  RC_ASSERT(json::parse_object(db.run("CreateTable", json::dump(table("pk sk:N", "pk | sk")))));
  const auto put_anything = [&](bool is_free) {
    std::string item = random_key();
    const std::string x = random_x(is_free);
    const std::string n = random_n(is_free);
    if (!x.empty()) item += "," + x;
    if (!n.empty()) item += "," + n;
    const std::string answer = db.run("PutItem", R"({"TableName":"items","Item":{)" + item + "}}");
    RC_ASSERT(answer == "{}");
  };
  const int before = *rc::gen::inRange(0, 20);
  for (int i = 0; i < before; ++i) put_anything(true);
  const json::Object create = {{"Create", index("later", "n | x", "other")}};
  const json::Object update = {{"TableName", "items"},
                               {"AttributeDefinitions", definitions("n:N x")},
                               {"GlobalSecondaryIndexUpdates", json::Array{create}}};
  RC_ASSERT(json::parse_object(db.run("UpdateTable", json::dump(update))));
  const int during = *rc::gen::inRange(0, 20);
  for (int i = 0; i < during; ++i) put_anything(false);
  if (*rc::gen::arbitrary<bool>()) db.reopen();
  db.tables().background().run_all();
  const int after = *rc::gen::inRange(0, 10);
  for (int i = 0; i < after; ++i) put_anything(false);
  check_index(db, kLater);
}

}  // namespace
}  // namespace stator::dynamodb
