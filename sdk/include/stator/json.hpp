#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "stator/abi.h"

namespace stator::sdk {

[[nodiscard]] inline stator1_text borrow(std::string_view text) {
  return {text.data(), text.size()};
}
[[nodiscard]] inline std::string_view view_of(stator1_text text) {
  return {text.data, text.size};
}

/// The shortest text that reads back as the same number.
template <class Number>
[[nodiscard]] std::string number_text(Number number) {
  std::array<char, 32> digits;
  if constexpr (std::same_as<Number, double>) {
    return {digits.data(), stator1_double_text(number, digits.data())};
  } else {
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return {digits.data(), end};
  }
}

/// Appends JSON to a string of its own; commas and escapes are its business.
class JsonWriter {
 public:
  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  void key(std::string_view name) {
    string(name);
    text_ += ':';
    comma_ = false;
  }
  void string(std::string_view value) {
    before_value();
    text_ += '"';
    stator1_text rest = borrow(value);
    std::int32_t replaced = 0;
    while (rest.size != 0) {
      std::array<char, 512> part;
      text_.append(part.data(), stator1_json_escape(&rest, part.data(), part.size(), &replaced));
    }
    if (replaced != 0) replaced_ = true;
    text_ += '"';
  }
  /// A number, a word or whole JSON, as it is.
  void raw(std::string_view json) {
    before_value();
    text_ += json;
  }
  /// Members that follow others in an object that is open: ,"a":1
  void raw_rest(std::string_view members) { text_ += members; }
  void member(std::string_view name, std::string_view value) {
    key(name);
    string(value);
  }
  void raw_member(std::string_view name, std::string_view json) {
    key(name);
    raw(json);
  }

  /// Notes the first value that has no JSON form; the text is of no use then.
  void fail(std::string_view problem) {
    if (problem_.empty()) problem_ = problem;
  }
  /// Empty when nothing failed.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  /// Whether a string held bytes that are not UTF-8, which JSON cannot carry.
  [[nodiscard]] bool has_replaced() const { return replaced_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void before_value() {
    if (comma_) text_ += ',';
    comma_ = true;
  }
  void open(char bracket) {
    before_value();
    text_ += bracket;
    comma_ = false;
  }
  void close(char bracket) {
    text_ += bracket;
    comma_ = true;
  }

  std::string text_;
  std::string problem_;
  bool comma_ = false;
  bool replaced_ = false;
};

/// Pulls values out of a JSON text in the order it has them, without building a tree. Every read
/// takes the current value or fails; the first failure stays, with the path to it, and the rest
/// fails too. The text outlives the reader.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) {
    stator1_json_start(&json_, borrow(text));
    advance();
  }

  [[nodiscard]] bool at(int kind) const { return token_.kind == kind; }
  [[nodiscard]] bool failed() const { return failed_; }
  /// "address.zip: must be a number"; empty when nothing failed.
  [[nodiscard]] std::string problem() const {
    return path_.empty() ? problem_ : path_ + ": " + problem_;
  }

  bool read(std::string& out) {
    if (!at(STATOR1_JSON_STRING)) return expected("a string");
    if (token_.escaped == 0) {
      out.assign(token_.text.data, token_.text.size);
    } else {
      out = current_text();
    }
    return advance();
  }
  /// A string where it stands; `storage` holds it when it has escapes. Valid while both live.
  bool read(std::string_view& out, std::string& storage) {
    if (!at(STATOR1_JSON_STRING)) return expected("a string");
    if (token_.escaped != 0) storage = current_text();
    out = token_.escaped == 0 ? view_of(token_.text) : std::string_view(storage);
    return advance();
  }
  bool read(bool& out) {
    if (!at(STATOR1_JSON_TRUE) && !at(STATOR1_JSON_FALSE)) return expected("true or false");
    out = at(STATOR1_JSON_TRUE);
    return advance();
  }
  /// A number's digits, as they stand.
  bool read_number(std::string_view& digits) {
    if (!at(STATOR1_JSON_NUMBER)) return expected("a number");
    digits = view_of(token_.text);
    return advance();
  }
  /// True and taken when the current value is null.
  bool take_null() { return at(STATOR1_JSON_NULL) && advance(); }

  /// Calls `member(name)` for each member; it reads or skips the value and answers whether to go
  /// on. `name` is valid until it reads.
  template <class Member>
  bool object(const Member& member) {
    if (!at(STATOR1_JSON_BEGIN_OBJECT)) return expected("an object");
    advance();
    while (at(STATOR1_JSON_KEY)) {
      // A name without escapes is read where it stands, so that it costs no allocation.
      const std::string unescaped = token_.escaped == 0 ? std::string() : current_text();
      const std::string_view name = token_.escaped == 0 ? view_of(token_.text) : unescaped;
      advance();
      if (failed_) return false;
      if (!member(name) || failed_) return in(name);
    }
    return end_of(STATOR1_JSON_END_OBJECT);
  }

  /// Calls `element()` for each element; it reads or skips it and answers whether to go on.
  template <class Element>
  bool array(const Element& element) {
    if (!at(STATOR1_JSON_BEGIN_ARRAY)) return expected("an array");
    advance();
    for (std::size_t i = 0; !failed_ && !at(STATOR1_JSON_END_ARRAY); ++i) {
      if (!element() || failed_) return in("[" + number_text(i) + "]");
    }
    return end_of(STATOR1_JSON_END_ARRAY);
  }

  /// Passes over a value of any kind; `slice`, where given, gets its text.
  bool skip(std::string_view* slice = nullptr) {
    const char* const begin = token_begin();
    int depth = 0;
    while (!failed_) {
      if (at(STATOR1_JSON_BEGIN_OBJECT) || at(STATOR1_JSON_BEGIN_ARRAY)) ++depth;
      if (at(STATOR1_JSON_END_OBJECT) || at(STATOR1_JSON_END_ARRAY)) --depth;
      const char* const end = json_.at;
      // A key alone ends no value, and at depth 0 none can be current.
      if (depth == 0) {
        if (slice != nullptr) *slice = {begin, static_cast<std::size_t>(end - begin)};
        return advance();
      }
      advance();
    }
    return false;
  }

  /// Whether the text ended here, as it should.
  bool finish() { return !failed_ && (at(STATOR1_JSON_END) || fail("something after the value")); }

  /// Notes the first failure; always false.
  bool fail(std::string_view problem) {
    if (!failed_) problem_ = problem;
    failed_ = true;
    return false;
  }
  bool expected(std::string_view what) { return fail("must be " + std::string(what)); }

 private:
  bool advance() {
    if (failed_) return false;
    stator1_json_next(&json_, &token_);
    return !at(STATOR1_JSON_ERROR) || fail("is not JSON: " + std::string(view_of(token_.text)));
  }
  bool end_of(int kind) { return !failed_ && at(kind) && advance(); }
  bool in(std::string_view name) {
    const bool dot = !path_.empty() && path_.front() != '[';
    path_ = std::string(name) + (dot ? "." : "") + path_;
    return false;
  }
  [[nodiscard]] std::string current_text() const {
    if (token_.escaped == 0) return std::string(view_of(token_.text));
    std::string text(token_.text.size, '\0');
    text.resize(stator1_json_unescape(token_.text, text.data()));
    return text;
  }
  [[nodiscard]] const char* token_begin() const {
    switch (token_.kind) {
      case STATOR1_JSON_STRING:
        return token_.text.data - 1;
      case STATOR1_JSON_NUMBER:
        return token_.text.data;
      case STATOR1_JSON_FALSE:
        return json_.at - 5;
      case STATOR1_JSON_TRUE:
      case STATOR1_JSON_NULL:
        return json_.at - 4;
      default:
        return json_.at - 1;
    }
  }

  stator1_json json_{};
  stator1_token token_{};
  bool failed_ = false;
  std::string problem_;
  std::string path_;
};

}  // namespace stator::sdk
