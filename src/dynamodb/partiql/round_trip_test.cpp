#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "dynamodb/json_writer.hpp"
#include "dynamodb/test_generators.hpp"
#include "dynamodb/test_support.hpp"

namespace stator::dynamodb {
namespace {

/// A value as a statement writes it. Binaries have no literal: they go into `parameters`, and what
/// holds one inside goes there as a whole.
class LiteralWriter {
 public:
  std::string text(const Value& value) {
    if (has_binary(value)) {
      parameters_.push_back(value);
      return "?";
    }
    return literal(value);
  }

  [[nodiscard]] const std::vector<Value>& parameters() const { return parameters_; }

  static std::string quoted(std::string_view text, char quote) {
    std::string out(1, quote);
    for (const char c : text) out.append(c == quote ? 2 : 1, c);
    return out + quote;
  }

 private:
  static bool has_binary(const Value& value) {
    if (value.type() == Type::kB || value.type() == Type::kBs) return true;
    if (const auto* list = value.get_if<List>()) {
      return std::any_of(list->elements.begin(), list->elements.end(), has_binary);
    }
    if (const auto* map = value.get_if<Map>()) {
      return std::any_of(map->begin(), map->end(), [](const auto& entry) {
        return entry.first.empty() || has_binary(entry.second);
      });
    }
    // A set that holds an empty text cannot be stored from a literal.
    const auto* set = value.get_if<StringSet>();
    return set && set->contains("");
  }

  static std::string literal(const Value& value) {
    const auto visit = [](const auto& data) { return literal_of(data); };
    return std::visit(visit, value.data());
  }

  static std::string literal_of(const std::string& text) { return quoted(text, '\''); }
  static std::string literal_of(const Number& number) { return number.to_string(); }
  static std::string literal_of(const Binary&) { return {}; }
  static std::string literal_of(bool flag) { return flag ? "true" : "FALSE"; }
  static std::string literal_of(Null) { return "null"; }
  template <class T>
  static std::string literal_of(const SetOf<T>& set) {
    std::string out = "<<";
    for (const T& member : set.members) {
      if (out.size() > 2) out.push_back(',');
      out.append(literal_of(member));
    }
    return out + ">>";
  }
  static std::string literal_of(const List& list) {
    std::string out = "[";
    for (const Value& element : list.elements) {
      if (out.size() > 1) out.append(", ");
      out.append(literal(element));
    }
    return out + "]";
  }
  static std::string literal_of(const Map& map) {
    std::string out = "{";
    for (const auto& [name, member] : map) {
      if (out.size() > 1) out.push_back(',');
      out.append(quoted(name, '\'')).append(":").append(literal(member));
    }
    return out + "}";
  }

  std::vector<Value> parameters_;
};

std::string request(const std::string& statement, const std::vector<Value>& parameters) {
  std::string body = "{\"Statement\":";
  append_json_string(body, statement);
  if (!parameters.empty()) {
    body += ",\"Parameters\":";
    JsonList list(body, '[', ']');
    for (const Value& parameter : parameters) {
      list.next();
      append_json(body, parameter);
    }
  }
  return body + "}";
}

bool can_be_stored(const Value& value) {
  std::string json;
  append_json(json, value);
  testing::Harness harness;
  harness.make_table("tab");
  return harness.run("PutItem",
                     R"({"TableName":"tab","Item":{"id":{"S":"1"},"v":)" + json + "}}") == "{}";
}

RC_GTEST_PROP(PartiqlRoundTrip, WhatIsInsertedIsSelected, ()) {
  Item item;
  item.set("id", Value("it's \"1\""));
  LiteralWriter writer;
  std::string tuple = "{'id':'it''s \"1\"'";
  std::string where = "id = 'it''s \"1\"'";
  LiteralWriter where_writer;
  const int count = *rc::gen::inRange(1, 4);
  for (int i = 0; i < count; ++i) {
    const std::string name = "attribute '" + std::to_string(i) + "\"";
    const Value value = *testing::value();
    RC_PRE(can_be_stored(value));
    item.set(name, value);
    tuple += ", " + LiteralWriter::quoted(name, '\'') + " : " + writer.text(value);
    where += " AND " + LiteralWriter::quoted(name, '"') + "=" + where_writer.text(value);
  }
  std::string insert = "INSERT INTO tab VALUE " + tuple + "}";
  std::string select = "SELECT * FROM tab WHERE " + where;
  RC_PRE(insert.size() <= 8'192 && select.size() <= 8'192);

  testing::Harness harness;
  harness.make_table("tab");
  RC_ASSERT(harness.run("ExecuteStatement", request(insert, writer.parameters())) ==
            R"({"Items":[]})");
  std::string expected = "{\"Items\":[";
  append_json(expected, item);
  RC_ASSERT(harness.run("ExecuteStatement", request(select, where_writer.parameters())) ==
            expected + "]}");
}

}  // namespace
}  // namespace stator::dynamodb
