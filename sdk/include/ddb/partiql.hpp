#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ddb/table.hpp"

namespace ddb {

/// A PartiQL statement: Statement("SELECT * FROM orders WHERE customer = ?").bind("c"). What comes
/// from outside goes into bind(), never into the text.
class Statement {
 public:
  explicit Statement(std::string text) : text_(std::move(text)) {}

  /// The values of the question marks, in their order.
  template <class... Values>
  Statement& bind(const Values&... values) {
    (add(values), ...);
    return *this;
  }
  Statement& consistent() { return consistent_ = true, *this; }
  /// At most so many items are looked at.
  Statement& limit(std::uint32_t count) { return limit_ = count, *this; }
  /// A Page's cursor of the same statement.
  Statement& from(std::string cursor) { return token_ = std::move(cursor), *this; }

  /// The JSON that is sent.
  [[nodiscard]] Result<std::string> params() const {
    JsonWriter json;
    json.begin_object();
    json.member("Statement", text_);
    if (!values_.empty()) {
      json.key("Parameters");
      json.begin_array();
      for (const std::string& value : values_) json.raw(value);
      json.end_array();
    }
    if (consistent_) json.raw_member("ConsistentRead", "true");
    if (limit_ != 0) json.raw_member("Limit", stator::sdk::number_text(limit_));
    if (!token_.empty()) json.member("NextToken", token_);
    json.end_object();
    if (json.has_replaced()) return detail::invalid("a text is not UTF-8; use ddb::Binary");
    if (!problem_.empty()) return detail::invalid(problem_);
    return json.take();
  }

  /// One page of items of a model or of any plain struct, by the attributes' names.
  template <class T>
  [[nodiscard]] Result<Page<T>> read(const Client& client) const {
    const auto body = params();
    if (!body) return body.error();
    const auto answer = client.call("ExecuteStatement", *body);
    if (!answer) return answer.error();
    Page<T> page;
    JsonReader json(*answer);
    json.object([&](std::string_view name) {
      if (name == "Items") {
        return json.array([&] { return decode_attributes(json, page.items.emplace_back()); });
      }
      if (name == "NextToken" && json.at(STATOR1_JSON_STRING)) {
        return json.read(page.cursor.emplace());
      }
      return json.skip();
    });
    if (!json.finish()) return detail::bad_item(json);
    page.count = page.items.size();
    return page;
  }
  /// A statement that answers no items.
  [[nodiscard]] Result<void> run(const Client& client) const {
    const auto body = params();
    if (!body) return body.error();
    const auto answer = client.call("ExecuteStatement", *body);
    if (!answer) return answer.error();
    return {};
  }

 private:
  template <class V>
  void add(const V& value) {
    JsonWriter json;
    if constexpr (std::convertible_to<const V&, std::string_view>) {
      encode(json, std::string(std::string_view(value)));
    } else {
      encode(json, value);
    }
    if (json.has_replaced()) problem_ = "a text is not UTF-8; use ddb::Binary";
    if (!json.problem().empty()) problem_ = json.problem();
    values_.push_back(json.take());
  }

  std::string text_;
  std::vector<std::string> values_;
  std::string token_;
  std::string problem_;
  std::uint32_t limit_ = 0;
  bool consistent_ = false;
};

}  // namespace ddb
