#include "iam/condition.hpp"

#include <algorithm>
#include <array>

#include "base/bytes.hpp"
#include "base/check.hpp"
#include "base/strings.hpp"
#include "iam/errors.hpp"

namespace stator::iam {

struct Condition::Operator {
  std::string_view name;  ///< in lower case
  Type type;
  bool is_negated = false;
  Order order = Order::kEqual;
  TextStyle style = {};
};

const Condition::Operator* Condition::find_operator(std::string_view lower_name) {
  using enum Type;
  using enum Order;
  constexpr TextStyle kExact{};
  constexpr TextStyle kCaseless{.ignores_case = true};
  constexpr TextStyle kLike{.has_wildcards = true};
  static constexpr std::array<Operator, 27> kOperators{{
      {"stringequals", kText, false, kEqual, kExact},
      {"stringnotequals", kText, true, kEqual, kExact},
      {"stringequalsignorecase", kText, false, kEqual, kCaseless},
      {"stringnotequalsignorecase", kText, true, kEqual, kCaseless},
      {"stringlike", kText, false, kEqual, kLike},
      {"stringnotlike", kText, true, kEqual, kLike},
      {"numericequals", kNumber},
      {"numericnotequals", kNumber, true},
      {"numericlessthan", kNumber, false, kLess},
      {"numericlessthanequals", kNumber, false, kLessEqual},
      {"numericgreaterthan", kNumber, false, kGreater},
      {"numericgreaterthanequals", kNumber, false, kGreaterEqual},
      {"dateequals", kDate},
      {"datenotequals", kDate, true},
      {"datelessthan", kDate, false, kLess},
      {"datelessthanequals", kDate, false, kLessEqual},
      {"dategreaterthan", kDate, false, kGreater},
      {"dategreaterthanequals", kDate, false, kGreaterEqual},
      {"bool", kBool},
      {"binaryequals", kBinary},
      {"ipaddress", kIp},
      {"notipaddress", kIp, true},
      {"arnequals", kArn},
      {"arnlike", kArn},
      {"arnnotequals", kArn, true},
      {"arnnotlike", kArn, true},
      {"null", kNull},
  }};
  const auto* found = std::find_if(kOperators.begin(), kOperators.end(),
                                   [&](const Operator& known) { return known.name == lower_name; });
  return found == kOperators.end() ? nullptr : found;
}

const Condition::Operator* Condition::read_operator(std::string_view name) {
  constexpr std::string_view kAny = "foranyvalue:", kAll = "forallvalues:", kIf = "ifexists";
  const std::string lower = to_lower(name);
  std::string_view rest = lower;
  if (rest.starts_with(kAny)) {
    set_ = Set::kAnyValue;
    rest.remove_prefix(kAny.size());
  } else if (rest.starts_with(kAll)) {
    set_ = Set::kAllValues;
    rest.remove_prefix(kAll.size());
  }
  if (rest.ends_with(kIf)) {
    if_exists_ = true;
    rest.remove_suffix(kIf.size());
  }
  const Operator* found = find_operator(rest);
  if (found == nullptr || (if_exists_ && found->type == Type::kNull)) return nullptr;
  is_negated_ = found->is_negated;
  return found;
}

bool Condition::is_operator(std::string_view name) {
  return Condition().read_operator(name) != nullptr;
}

Result<Condition> Condition::parse(ConditionText text, bool has_variables) {
  Condition condition;
  const Operator* operation = condition.read_operator(text.operation);
  STATOR_CHECK(operation != nullptr);
  condition.key_lower_ = to_lower(text.key);
  condition.text_ = std::move(text);
  STATOR_TRY_VOID(condition.read_values(*operation, has_variables));
  return condition;
}

Result<void> Condition::read_values(const Operator& operation, bool has_variables) {
  const auto& values = text_.values;
  const auto has = [&](std::string_view wanted) {
    return std::any_of(values.begin(), values.end(),
                       [&](const std::string& value) { return equals_ignore_case(value, wanted); });
  };
  switch (operation.type) {
    case Type::kText: {
      TextStyle style = operation.style;
      style.has_variables = has_variables;
      auto& patterns = operands_.emplace<std::vector<TextPattern>>();
      for (const auto& value : values) patterns.emplace_back(value, style);
      return {};
    }
    case Type::kArn: {
      auto& patterns = operands_.emplace<std::vector<ArnPattern>>();
      for (const auto& value : values) {
        patterns.emplace_back(value, has_variables, ArnPattern::Short::kMatchesNothing);
      }
      return {};
    }
    case Type::kNumber: {
      auto& numbers = operands_.emplace<Ordered<long double>>();
      numbers.order = operation.order;
      for (const auto& value : values) {
        if (const auto number = parse_condition_number(value)) numbers.values.push_back(*number);
      }
      return {};
    }
    case Type::kDate:
      return read_dates(operation.order);
    case Type::kIp: {
      auto& ranges = operands_.emplace<std::vector<IpRange>>();
      for (const auto& value : values) {
        if (const auto range = IpRange::parse(value)) ranges.push_back(*range);
      }
      return {};
    }
    case Type::kBinary: {
      auto& binaries = operands_.emplace<Binaries>();
      for (const auto& value : values) {
        if (auto bytes = base64_decode(value)) binaries.values.push_back(*std::move(bytes));
      }
      return {};
    }
    case Type::kBool:
      operands_ = Bools{has("true"), has("false")};
      return {};
    case Type::kNull:
      operands_ = Nulls{has("true"), has("false")};
      return {};
  }
  return {};
}

Result<void> Condition::read_dates(Order order) {
  Ordered<std::int64_t> dates;
  dates.order = order;
  for (const auto& value : text_.values) {
    const auto date = parse_condition_date(value);
    // Of all the types only dates are looked at when a policy is stored.
    if (!date) return malformed_policy("The policy failed legacy parsing");
    dates.values.push_back(*date);
  }
  operands_ = std::move(dates);
  return {};
}

bool Condition::holds(const Context& context) const {
  const ConditionValues* values = context.find(key_lower_);
  const bool is_absent = values == nullptr || values->empty();
  if (const auto* nulls = std::get_if<Nulls>(&operands_)) {
    return is_absent ? nulls->has_true : nulls->has_false;
  }
  if (is_absent) {
    return if_exists_ || set_ == Set::kAllValues || (set_ == Set::kNone && is_negated_);
  }
  const auto fits = [&](const std::string& value) { return passes(value, context); };
  if (set_ == Set::kAnyValue) return std::any_of(values->begin(), values->end(), fits);
  if (set_ == Set::kNone && !is_negated_ && values->size() > 1) return false;
  // ForAllValues takes values that are all empty for no values.
  const bool is_empty = set_ == Set::kAllValues &&
                        std::all_of(values->begin(), values->end(),
                                    [](const std::string& value) { return value.empty(); });
  return is_empty || std::all_of(values->begin(), values->end(), fits);
}

bool Condition::passes(const std::string& value, const Context& context) const {
  return match(value, context) == (is_negated_ ? Match::kNo : Match::kYes);
}

template <class Value>
bool Condition::any_in_order(const Ordered<Value>& operands, Value value) {
  return std::any_of(operands.values.begin(), operands.values.end(), [&](const Value& bound) {
    switch (operands.order) {
      case Order::kEqual:
        return value == bound;
      case Order::kLess:
        return value < bound;
      case Order::kLessEqual:
        return value <= bound;
      case Order::kGreater:
        return value > bound;
      case Order::kGreaterEqual:
        return value >= bound;
    }
    return false;
  });
}

namespace {

Match yes_if(bool fits) {
  return fits ? Match::kYes : Match::kNo;
}

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace

Match Condition::match(const std::string& value, const Context& context) const {
  return std::visit(
      Overloaded{[&](const std::vector<TextPattern>& patterns) {
                   Match best = Match::kNo;
                   for (const auto& pattern : patterns) {
                     best = std::max(best, pattern.matches(value, context));
                     if (best == Match::kYes) break;
                   }
                   return best;
                 },
                 [&](const std::vector<ArnPattern>& patterns) {
                   Access::Segments segments;
                   const bool is_arn = split_arn(value, segments);
                   Match best = Match::kNo;
                   for (const auto& pattern : patterns) {
                     best = std::max(best, pattern.matches(is_arn ? &segments : nullptr, context));
                   }
                   return best;
                 },
                 [&](const Ordered<long double>& numbers) {
                   const auto number = parse_condition_number(value);
                   return yes_if(number && any_in_order(numbers, *number));
                 },
                 [&](const Ordered<std::int64_t>& dates) {
                   const auto date = parse_condition_date(value);
                   return yes_if(date && any_in_order(dates, *date));
                 },
                 [&](const std::vector<IpRange>& ranges) {
                   const auto address = IpRange::parse(value);
                   return yes_if(address && std::any_of(ranges.begin(), ranges.end(),
                                                        [&](const IpRange& range) {
                                                          return range.contains(*address);
                                                        }));
                 },
                 [&](const Binaries& binaries) {
                   const auto bytes = base64_decode(value);
                   return yes_if(bytes && std::find(binaries.values.begin(), binaries.values.end(),
                                                    *bytes) != binaries.values.end());
                 },
                 [&](const Bools& bools) {
                   return yes_if((bools.has_true && equals_ignore_case(value, "true")) ||
                                 (bools.has_false && equals_ignore_case(value, "false")));
                 },
                 [](const Nulls&) { return Match::kNo; }},
      operands_);
}

void Condition::collect_keys(std::vector<std::string>& keys) const {
  keys.push_back(key_lower_);
  if (const auto* patterns = std::get_if<std::vector<TextPattern>>(&operands_)) {
    for (const auto& pattern : *patterns) pattern.collect_keys(keys);
  }
  if (const auto* patterns = std::get_if<std::vector<ArnPattern>>(&operands_)) {
    for (const auto& pattern : *patterns) pattern.collect_keys(keys);
  }
}

}  // namespace stator::iam
