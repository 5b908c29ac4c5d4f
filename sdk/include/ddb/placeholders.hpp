#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ddb/codec.hpp"

namespace ddb {

/// The placeholders that the expressions of one request share: #0, #1 ... for names, each once, and
/// :0, :1 ... for values. Every name and value of a program goes through them, so that no text of
/// a user's can become part of an expression.
class Placeholders {
 public:
  void name(std::string& out, std::string_view attribute) {
    std::size_t index = 0;
    while (index < names_.size() && names_[index] != attribute) ++index;
    if (index == names_.size()) names_.emplace_back(attribute);
    out += '#';
    out += stator::sdk::number_text(index);
  }

  template <class V>
  void value(std::string& out, const V& value) {
    if (values_count_ == 0) values_.begin_object();
    const std::string placeholder = ":" + stator::sdk::number_text(values_count_++);
    out += placeholder;
    values_.key(placeholder);
    encode(values_, value);
  }

  /// The request's ExpressionAttributeNames and -Values, where there are any. Call it once.
  void write(JsonWriter& request) {
    if (!names_.empty()) {
      request.key("ExpressionAttributeNames");
      request.begin_object();
      for (std::size_t i = 0; i < names_.size(); ++i) {
        request.member("#" + stator::sdk::number_text(i), names_[i]);
      }
      request.end_object();
    }
    if (values_count_ == 0) return;
    values_.end_object();
    request.raw_member("ExpressionAttributeValues", values_.text());
  }

  /// What a value had that cannot be sent; empty for nothing.
  [[nodiscard]] const std::string& problem() const { return values_.problem(); }
  /// Whether a value held text that is not UTF-8.
  [[nodiscard]] bool has_replaced() const { return values_.has_replaced(); }

 private:
  std::vector<std::string> names_;
  JsonWriter values_;
  std::size_t values_count_ = 0;
};

}  // namespace ddb
