#include "dynamodb/expr/evaluate.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace stator::dynamodb::expr {

namespace {

/// An operand's value: a literal by reference, or what was found in the item.
class Operand {
 public:
  Operand(const Node& node, const EncodedItem& item) {
    if (node.kind == Node::Kind::kValue) {
      value_ = node.value;
    } else if (node.kind == Node::Kind::kPath) {
      if (const auto found = find(item, node.path)) own(found->decode());
    } else {
      const Operand measured(node.args.at(0), item);
      if (const auto size = measured.size()) own(Value(Number::from_integer(*size)));
    }
  }
  Operand(const Operand&) = delete;

  [[nodiscard]] explicit operator bool() const { return value_ != nullptr; }
  [[nodiscard]] const Value& operator*() const { return *value_; }

 private:
  void own(Value value) {
    owned_ = std::move(value);
    value_ = &*owned_;
  }

  /// size(): bytes of strings and binaries, elements of sets, lists and maps; nothing else has one.
  [[nodiscard]] std::optional<std::int64_t> size() const {
    if (value_ == nullptr) return std::nullopt;
    struct Visitor {
      std::optional<std::size_t> operator()(const std::string& s) const { return s.size(); }
      std::optional<std::size_t> operator()(const Binary& b) const { return b.bytes.size(); }
      std::optional<std::size_t> operator()(const StringSet& s) const { return s.members.size(); }
      std::optional<std::size_t> operator()(const NumberSet& s) const { return s.members.size(); }
      std::optional<std::size_t> operator()(const BinarySet& s) const { return s.members.size(); }
      std::optional<std::size_t> operator()(const List& l) const { return l.elements.size(); }
      std::optional<std::size_t> operator()(const Map& m) const { return m.size(); }
      std::optional<std::size_t> operator()(const Number&) const { return std::nullopt; }
      std::optional<std::size_t> operator()(bool) const { return std::nullopt; }
      std::optional<std::size_t> operator()(Null) const { return std::nullopt; }
    };
    const auto size = std::visit(Visitor{}, value_->data());
    if (!size) return std::nullopt;
    return static_cast<std::int64_t>(*size);
  }

  std::optional<Value> owned_;
  const Value* value_ = nullptr;
};

bool equal(const Operand& a, const Operand& b) {
  return a && b && *a == *b;
}

bool compares(std::string_view comparator, const Operand& a, const Operand& b) {
  if (comparator == "=") return equal(a, b);
  if (comparator == "<>") return !equal(a, b);
  if (!a || !b) return false;
  const auto order = compare(*a, *b);
  if (!order) return false;
  if (comparator == "<") return *order < 0;
  if (comparator == "<=") return *order <= 0;
  if (comparator == ">") return *order > 0;
  return *order >= 0;
}

bool begins_with(const Value& value, const Value& prefix) {
  const auto* text = value.get_if<std::string>();
  const auto* text_prefix = prefix.get_if<std::string>();
  if (text && text_prefix) return text->starts_with(*text_prefix);
  const auto* binary = value.get_if<Binary>();
  const auto* binary_prefix = prefix.get_if<Binary>();
  return binary && binary_prefix && binary->bytes.starts_with(binary_prefix->bytes);
}

template <class T>
bool set_contains(const Value& value, const Value& wanted) {
  const auto* set = value.get_if<SetOf<T>>();
  const auto* member = wanted.get_if<T>();
  return set && member && set->contains(*member);
}

bool contains(const Value& value, const Value& wanted) {
  const auto* text = value.get_if<std::string>();
  const auto* part = wanted.get_if<std::string>();
  if (text && part) return text->find(*part) != std::string::npos;
  const auto* binary = value.get_if<Binary>();
  const auto* binary_part = wanted.get_if<Binary>();
  if (binary && binary_part) return binary->bytes.find(binary_part->bytes) != std::string::npos;
  if (const auto* list = value.get_if<List>()) {
    return std::find(list->elements.begin(), list->elements.end(), wanted) != list->elements.end();
  }
  return set_contains<std::string>(value, wanted) || set_contains<Number>(value, wanted) ||
         set_contains<Binary>(value, wanted);
}

bool function_holds(const Node& node, const EncodedItem& item) {
  if (node.text == "attribute_exists") return find(item, node.args[0].path).has_value();
  if (node.text == "attribute_not_exists") return !find(item, node.args[0].path).has_value();
  const Operand first(node.args[0], item);
  const Operand second(node.args[1], item);
  if (!first || !second) return false;
  if (node.text == "begins_with") return begins_with(*first, *second);
  if (node.text == "contains") return contains(*first, *second);
  STATOR_CHECK(node.text == "attribute_type");
  return to_string((*first).type()) == *(*second).get_if<std::string>();
}

bool between(const Node& node, const EncodedItem& item) {
  const Operand subject(node.args[0], item);
  const Operand low(node.args[1], item);
  const Operand high(node.args[2], item);
  return compares(">=", subject, low) && compares("<=", subject, high);
}

bool in(const Node& node, const EncodedItem& item) {
  const Operand subject(node.args[0], item);
  return subject && std::any_of(node.args.begin() + 1, node.args.end(),
                                [&](const Node& n) { return equal(subject, Operand(n, item)); });
}

}  // namespace

std::optional<EncodedValue> find(const EncodedItem& item, const Path& path) {
  auto value = item.find(path.front().name);
  for (std::size_t i = 1; value && i < path.size(); ++i) {
    value = path[i].is_index ? value->element(path[i].index) : value->member(path[i].name);
  }
  return value;
}

bool holds(const Node& condition, const EncodedItem& item) {
  const auto holds_here = [&](const Node& node) { return holds(node, item); };
  switch (condition.kind) {
    case Node::Kind::kAnd:
      return std::all_of(condition.args.begin(), condition.args.end(), holds_here);
    case Node::Kind::kOr:
      return std::any_of(condition.args.begin(), condition.args.end(), holds_here);
    case Node::Kind::kNot:
      return !holds(condition.args[0], item);
    case Node::Kind::kFunction:
      return function_holds(condition, item);
    case Node::Kind::kBetween:
      return between(condition, item);
    case Node::Kind::kIn:
      return in(condition, item);
    case Node::Kind::kCompare:
      return compares(condition.text, Operand(condition.args[0], item),
                      Operand(condition.args[1], item));
    default:
      break;
  }
  STATOR_CHECK(!"a checked expression is a condition");
  return false;
}

}  // namespace stator::dynamodb::expr
