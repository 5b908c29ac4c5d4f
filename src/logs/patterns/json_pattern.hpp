#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "json/json.hpp"
#include "logs/patterns/comparison.hpp"
#include "logs/patterns/scanner.hpp"

namespace stator::logs::patterns {

/// `$.users[0].name`, `$.*`, `$.list[*]`, `$.['a.b']`.
class Selector {
 public:
  static constexpr int kWildcardsMax = 1;

  [[nodiscard]] static Result<Selector> parse(Scanner& scanner);
  /// Every value that it points at; none when there is nothing.
  [[nodiscard]] std::vector<const json::Value*> select(const json::Value& root) const;
  [[nodiscard]] int wildcards() const;

 private:
  struct AnyMember {};
  struct AnyElement {};
  using Step = std::variant<std::string, std::size_t, AnyMember, AnyElement>;

  [[nodiscard]] static Result<Step> parse_member(Scanner& scanner);
  [[nodiscard]] static Result<Step> parse_brackets(Scanner& scanner);
  static void follow(const Step& step, const json::Value& from,
                     std::vector<const json::Value*>& out);

  std::vector<Step> steps_;
};

/// A pattern for events that are JSON objects: `{ $.level = "ERROR" && $.latency > 100 }`.
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html
class JsonPattern {
 public:
  static constexpr int kWildcardsMax = 3;

  /// The whole pattern, braces included.
  [[nodiscard]] static Result<JsonPattern> parse(std::string_view text);
  [[nodiscard]] bool matches(std::string_view message) const;

 private:
  enum class Is { kNull, kTrue, kFalse, kAbsent };
  struct Condition {
    Selector selector;
    std::variant<Is, Comparison> test;
  };

  [[nodiscard]] Result<std::size_t> parse_condition(Scanner& scanner);
  [[nodiscard]] static Result<Is> parse_is(Scanner& scanner);
  [[nodiscard]] static bool is_met(const Condition& condition, const json::Value& event);

  Expression expression_;
  std::vector<Condition> conditions_;
  int regexes_ = 0;
  int wildcards_ = 0;
};

}  // namespace stator::logs::patterns
