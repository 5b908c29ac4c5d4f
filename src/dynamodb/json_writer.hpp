#pragma once

#include <string>
#include <string_view>

#include "dynamodb/value.hpp"

/// Answers are written by hand into one string; these are the few shapes that they need.
namespace stator::dynamodb {

/// `text` quoted and escaped. It must be UTF-8, which the reader ensures.
void append_json_string(std::string& out, std::string_view text);
/// `bytes` as a quoted base64 string.
void append_json_base64(std::string& out, std::string_view bytes);
/// `value` as {"S":"text"}.
void append_json(std::string& out, const Value& value);
/// `map` as {"name":{"S":"text"},...}.
void append_json(std::string& out, const Map& map);

/// A list or object that is being written: opens when made, closes when it goes, and puts commas
/// between. `out` outlives it.
class JsonList {
 public:
  JsonList(std::string& out, char open, char close) : out_(out), close_(close) {
    out_.push_back(open);
  }
  ~JsonList() { out_.push_back(close_); }
  JsonList(const JsonList&) = delete;

  /// Before each element.
  void next() {
    if (!is_first_) out_.push_back(',');
    is_first_ = false;
  }
  /// Before each member of an object.
  void next_member(std::string_view name) {
    next();
    append_json_string(out_, name);
    out_.push_back(':');
  }

 private:
  std::string& out_;
  char close_;
  bool is_first_ = true;
};

}  // namespace stator::dynamodb
