#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "iam/condition_values.hpp"
#include "iam/context.hpp"
#include "iam/matching_arn.hpp"
#include "iam/variable.hpp"

namespace stator::iam {

/// One operator, one key and its values, as a policy writes them.
struct ConditionText {
  std::string operation;  ///< "ForAllValues:StringLike"
  std::string key;        ///< "dynamodb:Attributes"
  std::vector<std::string> values;
};

/// One key of a Condition element, compiled. A request's value fits when any of the condition's
/// values fits; a negated operator holds when none does. A value that is not of the operator's type
/// fits nothing, and a variable that cannot be resolved keeps the condition from holding, negated
/// or not.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
class Condition {
 public:
  /// MalformedPolicyDocument for dates that are none; the operator must be one.
  [[nodiscard]] static Result<Condition> parse(ConditionText text, bool has_variables);

  [[nodiscard]] static bool is_operator(std::string_view name);

  /// A key that the request does not have, or has without a value, satisfies negated operators,
  /// IfExists and ForAllValues, and never ForAnyValue without IfExists. Several values need
  /// ForAnyValue or ForAllValues: without, only a negated operator can hold, when no value fits.
  [[nodiscard]] bool holds(const Context& context) const;

  [[nodiscard]] const ConditionText& text() const { return text_; }
  [[nodiscard]] const std::string& key_lower() const { return key_lower_; }
  /// The variables' keys in lower case are added.
  void collect_keys(std::vector<std::string>& keys) const;

 private:
  enum class Set : std::uint8_t { kNone, kAnyValue, kAllValues };
  enum class Order : std::uint8_t { kEqual, kLess, kLessEqual, kGreater, kGreaterEqual };
  enum class Type : std::uint8_t { kText, kNumber, kDate, kBool, kBinary, kIp, kArn, kNull };
  struct Operator;

  /// Numbers and dates, on the right side of their order.
  template <class Value>
  struct Ordered {
    std::vector<Value> values;
    Order order;
  };
  struct Nulls {
    bool has_true = false;
    bool has_false = false;
  };
  struct Bools {
    bool has_true = false;
    bool has_false = false;
  };
  struct Binaries {
    std::vector<std::string> values;
  };
  using Operands =
      std::variant<std::vector<TextPattern>, std::vector<ArnPattern>, Ordered<long double>,
                   Ordered<std::int64_t>, std::vector<IpRange>, Binaries, Bools, Nulls>;

  Condition() = default;
  [[nodiscard]] static const Operator* find_operator(std::string_view lower_name);
  /// What stands around the operator's name.
  [[nodiscard]] const Operator* read_operator(std::string_view name);
  [[nodiscard]] Result<void> read_values(const Operator& operation, bool has_variables);
  [[nodiscard]] Result<void> read_dates(Order order);
  [[nodiscard]] bool passes(const std::string& value, const Context& context) const;
  [[nodiscard]] Match match(const std::string& value, const Context& context) const;
  template <class Value>
  [[nodiscard]] static bool any_in_order(const Ordered<Value>& operands, Value value);

  ConditionText text_;
  std::string key_lower_;
  Operands operands_;
  Set set_ = Set::kNone;
  bool is_negated_ = false;
  bool if_exists_ = false;
};

}  // namespace stator::iam
