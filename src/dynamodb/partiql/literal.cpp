#include "dynamodb/partiql/literal.hpp"

#include <algorithm>

#include "dynamodb/errors.hpp"

namespace stator::dynamodb::partiql {

namespace {

using Kind = Expression::Kind;

/// AWS's bound on collections inside each other in a literal.
constexpr std::size_t kNestingMax = 32;

/// What AWS calls an expression that is no value.
std::string kind_name(const Expression& expression, bool is_nested) {
  switch (expression.kind) {
    case Kind::kMissing:
      return "MISSING";
    case Kind::kParameter:
      return "Parameter";
    case Kind::kPath:
      return is_nested ? "VariableReference" : expression.text;
    case Kind::kIs:
      return "is";
    default:
      return expression.text;
  }
}

class Reader {
 public:
  explicit Reader(const std::vector<Value>& parameters) : parameters_(parameters) {}

  Result<Value> read(const Expression& expression) {
    if (depth_ >= kNestingMax) {
      return validation("Nesting Levels have exceeded supported limits under " + path_);
    }
    switch (expression.kind) {
      case Kind::kString:
        return Value(expression.text);
      case Kind::kNumber: {
        STATOR_TRY(const auto number, number_of(expression));
        return Value(number);
      }
      case Kind::kBoolean:
        return Value(expression.text == "true");
      case Kind::kNull:
        return Value(Null{});
      case Kind::kParameter:
        if (depth_ == 0) return parameters_.at(expression.parameter);
        break;
      case Kind::kList:
        return list(expression);
      case Kind::kBag:
        return bag(expression);
      case Kind::kTuple: {
        STATOR_TRY(auto map, tuple(expression, true));
        return Value(std::move(map));
      }
      default:
        break;
    }
    return validation("Unsupported data type: " + kind_name(expression, depth_ > 0) +
                      " under key " + path_ + at(expression.position));
  }

  /// `descends` is false for an item, whose members AWS does not name in paths.
  Result<Map> tuple(const Expression& expression, bool descends) {
    Map map;
    for (std::size_t i = 0; i + 1 < expression.args.size(); i += 2) {
      const Expression& name = expression.args[i];
      if (name.kind != Kind::kString) {
        return validation("Tuple keys must be of type String. Actual type: " +
                          kind_name(name, true) + " under " + path_ + at(name.position));
      }
      if (name.text.empty()) return validation("Path component cannot be an empty string");
      if (map.find(name.text)) {
        return validation("Duplicate keys in tuple. Key: " + name.text + " under " + path_ +
                          at(name.position));
      }
      STATOR_TRY(auto value, descends ? read_inside(expression.args[i + 1], "." + name.text)
                                      : read(expression.args[i + 1]));
      map.set(name.text, std::move(value));
    }
    return map;
  }

 private:
  Result<Value> read_inside(const Expression& expression, const std::string& step) {
    const std::size_t length = path_.size();
    path_ += step;
    ++depth_;
    auto value = read(expression);
    --depth_;
    path_.resize(length);
    return value;
  }

  Result<Number> number_of(const Expression& expression) const {
    auto number = Number::parse(expression.text);
    if (!number) return validation(number.error().message + " under " + path_);
    return *number;
  }

  Result<Value> list(const Expression& expression) {
    List list;
    list.elements.reserve(expression.args.size());
    for (std::size_t i = 0; i < expression.args.size(); ++i) {
      STATOR_TRY(auto value, read_inside(expression.args[i], "[" + std::to_string(i) + "]"));
      list.elements.push_back(std::move(value));
    }
    return Value(std::move(list));
  }

  /// A set of strings or of numbers; only a parameter can be a set of binaries.
  Result<Value> bag(const Expression& expression) const {
    if (expression.args.empty()) return validation("Empty bags are not supported");
    const Kind kind = expression.args[0].kind;
    const bool is_uniform =
        (kind == Kind::kString || kind == Kind::kNumber) &&
        std::all_of(expression.args.begin(), expression.args.end(),
                    [&](const Expression& member) { return member.kind == kind; });
    if (!is_uniform) {
      return validation(
          "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags");
    }
    return kind == Kind::kString ? string_set(expression) : number_set(expression);
  }

  static std::string listed(const Expression& bag) {
    std::string text = "[";
    for (const Expression& member : bag.args) {
      if (text.size() > 1) text.append(", ");
      text.append(member.text);
    }
    return text + "]";
  }

  static Result<Value> string_set(const Expression& bag) {
    StringSet set;
    for (const Expression& member : bag.args) {
      if (member.text.empty()) {
        return invalid_parameter("An string set may not have a empty string as a member");
      }
      set.members.push_back(member.text);
    }
    if (set.normalize()) return Value(std::move(set));
    return invalid_parameter("Input collection " + listed(bag) + " contains duplicates.");
  }

  Result<Value> number_set(const Expression& bag) const {
    NumberSet set;
    for (const Expression& member : bag.args) {
      STATOR_TRY(const auto number, number_of(member));
      set.members.push_back(number);
    }
    if (set.normalize()) return Value(std::move(set));
    return invalid_parameter("Input collection " + listed(bag) + " contains duplicates! under " +
                             path_);
  }

  const std::vector<Value>& parameters_;
  std::string path_ = "root";
  std::size_t depth_ = 0;
};

}  // namespace

bool is_literal(const Expression& expression) {
  return expression.kind <= Kind::kParameter || expression.kind >= Kind::kList;
}

Result<Value> literal_value(const Expression& expression, const std::vector<Value>& parameters) {
  return Reader(parameters).read(expression);
}

Result<Map> literal_item(const Expression& expression, const std::vector<Value>& parameters) {
  if (expression.kind == Kind::kTuple) return Reader(parameters).tuple(expression, false);
  return validation(
      "Unsupported format in item expression. Please use struct format {...} to express item "
      "values for insert statement." +
      at(expression.position));
}

}  // namespace stator::dynamodb::partiql
