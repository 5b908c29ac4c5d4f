#include "logs/patterns/json_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/strings.hpp"

namespace stator::logs::patterns {
namespace {

/// A number's text as it stood in the event, as far as its value tells: a whole one of a fraction
/// keeps its ".0".
std::string number_text(const json::Value& value) {
  if (value.is_int64()) return std::to_string(value.get_int64());
  if (value.is_uint64()) return std::to_string(value.get_uint64());
  std::string text = fmt::format("{}", value.get_double());
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

Result<Selector> Selector::parse(Scanner& scanner) {
  scanner.skip_spaces();
  if (!scanner.take("$")) return invalid_pattern("a property selector ($.name) is missing");
  if (!scanner.is_at(".")) return invalid_pattern("a property selector starts with $.");
  Selector selector;
  while (scanner.is_at(".") || scanner.is_at("[")) {
    STATOR_TRY(auto step, scanner.take(".") ? parse_member(scanner) : parse_brackets(scanner));
    selector.steps_.push_back(std::move(step));
  }
  if (selector.wildcards() > kWildcardsMax) {
    return invalid_pattern("a property selector holds more than one wildcard");
  }
  return selector;
}

Result<Selector::Step> Selector::parse_member(Scanner& scanner) {
  if (scanner.take("*")) return Step(AnyMember{});
  if (scanner.is_at("[")) return parse_brackets(scanner);
  const auto name = scanner.take_while(is_name_character);
  if (name.empty()) return invalid_pattern("a property's name is missing");
  return Step(std::string(name));
}

Result<Selector::Step> Selector::parse_brackets(Scanner& scanner) {
  scanner.skip(1);
  Step step;
  if (scanner.take("*")) {
    step = AnyElement{};
  } else if (scanner.take("'")) {
    const auto end = scanner.rest().find('\'');
    if (end == std::string_view::npos) return invalid_pattern("a ' is not closed");
    step = std::string(scanner.rest().substr(0, end));
    scanner.skip(end + 1);
  } else {
    const auto digits = scanner.take_while(is_letter_or_digit);
    std::size_t index = 0;
    const char* end = digits.data() + digits.size();
    const auto [stopped, failure] = std::from_chars(digits.data(), end, index);
    if (digits.empty() || failure != std::errc() || stopped != end) {
      return invalid_pattern("an array's index must be a number");
    }
    step = index;
  }
  if (!scanner.take("]")) return invalid_pattern("a [ is not closed");
  return step;
}

int Selector::wildcards() const {
  return static_cast<int>(std::count_if(steps_.begin(), steps_.end(), [](const Step& step) {
    return std::holds_alternative<AnyMember>(step) || std::holds_alternative<AnyElement>(step);
  }));
}

void Selector::follow(const Step& step, const json::Value& from,
                      std::vector<const json::Value*>& out) {
  const auto* object = from.if_object();
  const auto* array = from.if_array();
  if (const auto* name = std::get_if<std::string>(&step)) {
    if (const auto* value = object != nullptr ? json::find(*object, *name) : nullptr) {
      out.push_back(value);
    }
  } else if (const auto* index = std::get_if<std::size_t>(&step)) {
    if (array != nullptr && *index < array->size()) out.push_back(&(*array)[*index]);
  } else if (std::holds_alternative<AnyMember>(step)) {
    if (object == nullptr) return;
    for (const auto& member : *object) out.push_back(&member.value());
  } else if (array != nullptr) {
    for (const auto& element : *array) out.push_back(&element);
  }
}

std::vector<const json::Value*> Selector::select(const json::Value& root) const {
  std::vector<const json::Value*> found{&root};
  for (const Step& step : steps_) {
    std::vector<const json::Value*> next;
    for (const json::Value* value : found) follow(step, *value, next);
    found = std::move(next);
  }
  return found;
}

Result<JsonPattern> JsonPattern::parse(std::string_view text) {
  JsonPattern pattern;
  Scanner scanner(text);
  scanner.skip(1);
  STATOR_TRY(pattern.expression_, Expression::parse(scanner, [&pattern](Scanner& at) {
               return pattern.parse_condition(at);
             }));
  scanner.skip_spaces();
  if (!scanner.take("}") || !scanner.is_done()) {
    return invalid_pattern("it must end with a } behind its conditions");
  }
  return pattern;
}

Result<std::size_t> JsonPattern::parse_condition(Scanner& scanner) {
  STATOR_TRY(auto selector, Selector::parse(scanner));
  wildcards_ += selector.wildcards();
  if (wildcards_ > kWildcardsMax) return invalid_pattern("it holds more than three wildcards");
  scanner.skip_spaces();
  Condition condition{std::move(selector), Is::kAbsent};
  if (is_letter_or_digit(scanner.is_done() ? ' ' : scanner.rest().front())) {
    STATOR_TRY(condition.test, parse_is(scanner));
  } else {
    STATOR_TRY(condition.test, Comparison::parse(scanner, regexes_));
  }
  conditions_.push_back(std::move(condition));
  return conditions_.size() - 1;
}

Result<JsonPattern::Is> JsonPattern::parse_is(Scanner& scanner) {
  const std::string verb = to_lower(scanner.take_while(is_letter_or_digit));
  scanner.skip_spaces();
  const std::string noun = to_lower(scanner.take_while(is_letter_or_digit));
  if (verb == "is" && noun == "null") return Is::kNull;
  if (verb == "is" && noun == "true") return Is::kTrue;
  if (verb == "is" && noun == "false") return Is::kFalse;
  if (verb == "not" && noun == "exists") return Is::kAbsent;
  return invalid_pattern(
      "after a property comes an operator, IS NULL, IS TRUE, IS FALSE or NOT "
      "EXISTS; IS NOT and EXISTS are not supported");
}

bool JsonPattern::matches(std::string_view message) const {
  message = trim_spaces(message);
  if (!message.starts_with('{')) return false;
  const auto event = json::parse(message);
  if (!event) return false;
  return expression_.holds([&](std::size_t number) { return is_met(conditions_[number], *event); });
}

bool JsonPattern::is_met(const Condition& condition, const json::Value& event) {
  const auto found = condition.selector.select(event);
  if (const auto* is = std::get_if<Is>(&condition.test)) {
    if (*is == Is::kAbsent) return found.empty();
    return std::any_of(found.begin(), found.end(), [is](const json::Value* value) {
      if (*is == Is::kNull) return value->is_null();
      return value->is_bool() && value->get_bool() == (*is == Is::kTrue);
    });
  }
  const auto& comparison = std::get<Comparison>(condition.test);
  // Only strings and numbers can be compared: for anything else neither = nor != holds.
  return std::any_of(found.begin(), found.end(), [&comparison](const json::Value* value) {
    if (const auto* text = value->if_string()) {
      return comparison.holds_for({json::view(*text), std::nullopt});
    }
    if (!value->is_number()) return false;
    const std::string text = number_text(*value);
    return comparison.holds_for({text, Number::parse(text)});
  });
}

}  // namespace stator::logs::patterns
