#include "dynamodb/rules.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "base/strings.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/item_request_reader.hpp"
#include "dynamodb/table.hpp"

namespace stator::dynamodb {

namespace {

using Type = Rule::Type;

/// A value in a message is cut here: an answer is not the place for a megabyte that was sent.
constexpr std::size_t kShownBytesMax = 8'192;

/// The two kinds of documents, under one vocabulary. Null members are absent ones.
struct Simd {
  using Node = simdjson::dom::element;
  using Object = simdjson::dom::object;

  static std::optional<Node> find(const Object& object, std::string_view name) {
    Node found;
    if (object.at_key(name).get(found) != simdjson::SUCCESS || found.is_null()) return std::nullopt;
    return found;
  }
  static std::optional<std::string_view> text(const Node& node) {
    std::string_view value;
    if (node.get(value) != simdjson::SUCCESS) return std::nullopt;
    return value;
  }
  static std::optional<std::int64_t> integer(const Node& node) {
    if (!node.is_number()) return std::nullopt;
    auto value = read_long(node);
    return value ? std::optional(*value) : std::nullopt;
  }
  static std::optional<Object> object(const Node& node) {
    Object value;
    if (node.get(value) != simdjson::SUCCESS) return std::nullopt;
    return value;
  }
  static std::optional<std::vector<Node>> elements(const Node& node) {
    simdjson::dom::array array;
    if (node.get(array) != simdjson::SUCCESS) return std::nullopt;
    return std::vector<Node>(array.begin(), array.end());
  }
  static std::vector<std::pair<std::string_view, Node>> members(const Object& object) {
    std::vector<std::pair<std::string_view, Node>> all;
    for (const auto field : object) all.emplace_back(field.key, field.value);
    return all;
  }
  static std::string shown(const Node& node) { return simdjson::to_string(node); }
};

struct Boost {
  using Node = const json::Value*;
  using Object = const json::Object*;

  static std::optional<Node> find(Object object, std::string_view name) {
    const json::Value* found = json::find(*object, name);
    if (found == nullptr || found->is_null()) return std::nullopt;
    return found;
  }
  static std::optional<std::string_view> text(Node node) {
    if (!node->is_string()) return std::nullopt;
    return json::view(node->get_string());
  }
  static std::optional<std::int64_t> integer(Node node) {
    if (node->is_int64()) return node->get_int64();
    if (node->is_uint64()) return Rule::kNoMax;
    if (node->is_double()) {
      constexpr double kBound = 9.2e18;
      return static_cast<std::int64_t>(std::floor(std::clamp(node->get_double(), -kBound, kBound)));
    }
    return std::nullopt;
  }
  static std::optional<Object> object(Node node) {
    if (!node->is_object()) return std::nullopt;
    return &node->get_object();
  }
  static std::optional<std::vector<Node>> elements(Node node) {
    if (!node->is_array()) return std::nullopt;
    std::vector<Node> all;
    for (const json::Value& element : node->get_array()) all.push_back(&element);
    return all;
  }
  static std::vector<std::pair<std::string_view, Node>> members(Object object) {
    std::vector<std::pair<std::string_view, Node>> all;
    for (const auto& field : *object) {
      all.emplace_back(std::string_view(field.key().data(), field.key().size()), &field.value());
    }
    return all;
  }
  static std::string shown(Node node) { return json::dump(*node); }
};

const Rule* find_rule(std::span<const Rule> rules, std::string_view name) {
  for (const Rule& rule : rules) {
    if (rule.name == name) return &rule;
  }
  return nullptr;
}

/// "KeySchema" is "keySchema" in paths.
std::string path_name(std::string_view name) {
  std::string text(name);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = char(text[0] - 'A' + 'a');
  return text;
}

template <class Json>
class Gatherer {
 public:
  using Node = typename Json::Node;
  using Object = typename Json::Object;

  explicit Gatherer(Constraints& constraints) : constraints_(constraints) {}

  void structure(const Object& object, std::span<const Rule> rules, const std::string& parent) {
    for (const Rule& rule : rules) {
      const auto node = Json::find(object, rule.name);
      if (!node && !rule.is_required) continue;
      const std::string path = parent + path_name(rule.name);
      constraints_.require_present(node.has_value(), path);
      if (node) member(*node, rule, path);
    }
  }

 private:
  void member(const Node& node, const Rule& rule, const std::string& path) {
    switch (rule.type) {
      case Type::kString:
        if (const auto text = Json::text(node)) this->text(*text, rule, path);
        return;
      case Type::kInteger:
      case Type::kLong:
        if (const auto number = Json::integer(node)) value(*number, rule, path);
        return;
      case Type::kStructure:
        if (const auto object = Json::object(node)) structure(*object, rule.inner, path + ".");
        return;
      case Type::kList:
        if (const auto elements = Json::elements(node)) list(*elements, rule, path);
        return;
      case Type::kMap:
        if (const auto object = Json::object(node)) map(*object, rule, path);
        return;
      default:
        return;
    }
  }

  void text(std::string_view text, const Rule& rule, const std::string& path) {
    if (!rule.values.empty()) {
      const bool is_listed =
          std::find(rule.values.begin(), rule.values.end(), text) != rule.values.end();
      if (is_listed) return;
      const std::vector<std::string> names(rule.values.begin(), rule.values.end());
      constraints_.require(false, shown(text), path,
                           "Member must satisfy enum value set: [" + join(names, ", ") + "]");
      return;
    }
    const std::string plain = rule.is_table_name ? table_name_of(text) : std::string(text);
    const auto pattern = [&] {
      if (rule.pattern == nullptr || rule.pattern->matches(plain)) return;
      constraints_.require(
          false, shown(text), path,
          "Member must satisfy regular expression pattern: " + std::string(rule.pattern->text));
    };
    if (!rule.is_length_first) pattern();
    length(plain.size(), rule, path, [&] { return shown(text); });
    if (rule.is_length_first) pattern();
  }

  void value(std::int64_t number, const Rule& rule, const std::string& path) {
    const auto complain = [&](std::string_view what, std::int64_t bound) {
      constraints_.require(false, std::to_string(number), path,
                           "Member must have value " + std::string(what) + std::to_string(bound));
    };
    if (number < rule.min) complain("greater than or equal to ", rule.min);
    if (number > rule.max) complain("less than or equal to ", rule.max);
  }

  void list(const std::vector<Node>& elements, const Rule& rule, const std::string& path) {
    length(elements.size(), rule, path, [&] { return shown(written_list(elements, rule)); });
    if (rule.inner.empty()) return;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      element(elements[i], rule.inner[0], path + "." + std::to_string(i + 1) + ".member");
    }
  }

  void map(const Object& object, const Rule& rule, const std::string& path) {
    const auto members = Json::members(object);
    length(members.size(), rule, path, [] { return std::string("{}"); });
    if (rule.inner.empty()) return;
    for (const auto& [key, node] : members) {
      element(node, rule.inner[0], path + "." + std::string(key) + ".member");
    }
  }

  void element(const Node& node, const Rule& rule, const std::string& path) {
    if (constraints_.is_full()) return;
    member(node, rule, path);
  }

  template <class Shown>
  void length(std::size_t size, const Rule& rule, const std::string& path, const Shown& shown) {
    const auto signed_size = static_cast<std::int64_t>(size);
    if (signed_size < rule.min) {
      constraints_.require(
          false, shown(), path,
          "Member must have length greater than or equal to " + std::to_string(rule.min));
    }
    if (signed_size > rule.max) {
      constraints_.require(
          false, shown(), path,
          "Member must have length less than or equal to " + std::to_string(rule.max));
    }
  }

  /// A value as the service's own language prints it: [a, b], {key=value}, Class(member=value).
  static std::string written(const Node& node, const Rule& rule) {
    if (const auto text = Json::text(node)) return std::string(*text);
    const auto object = Json::object(node);
    if (rule.type == Type::kList) {
      if (const auto elements = Json::elements(node)) return written_list(*elements, rule);
    }
    if (!object || rule.inner.empty()) return Json::shown(node);
    std::vector<std::string> texts;
    if (rule.type == Type::kMap) {
      for (const auto& [key, value] : Json::members(*object)) {
        texts.push_back(std::string(key) + "=" + written(value, rule.inner[0]));
      }
      return "{" + join(texts, ", ") + "}";
    }
    for (const Rule& member : rule.inner) {
      const auto value = Json::find(*object, member.name);
      if (value) texts.push_back(path_name(member.name) + "=" + written(*value, member));
    }
    return std::string(rule.class_name) + "(" + join(texts, ", ") + ")";
  }

  static std::string written_list(const std::vector<Node>& elements, const Rule& rule) {
    const Rule anything{.type = Type::kOther};
    std::vector<std::string> texts;
    for (const Node& element : elements) {
      texts.push_back(written(element, rule.inner.empty() ? anything : rule.inner[0]));
    }
    return "[" + join(texts, ", ") + "]";
  }

  static std::string shown(std::string_view text) {
    return std::string(text.substr(0, kShownBytesMax));
  }

  Constraints& constraints_;
};

/// The types of a control-plane request. Where a collection stands for a scalar and the like, the
/// messages name Java's classes, as AWS's do.
class TypeCheck {
 public:
  /// Types first, anywhere; what is not known comes after that.
  [[nodiscard]] Result<void> structure(const json::Object& object, std::span<const Rule> rules) {
    for (const auto& field : object) {
      if (field.value().is_null()) continue;
      const std::string_view name(field.key().data(), field.key().size());
      const Rule* rule = find_rule(rules, name);
      if (rule) STATOR_TRY_VOID(member(field.value(), *rule, Place::kMember));
      if (!rule && unknown_.empty()) unknown_ = name;
    }
    return {};
  }

  [[nodiscard]] const std::string& unknown() const { return unknown_; }

 private:
  Result<void> member(const json::Value& value, const Rule& rule, Place place) {
    switch (rule.type) {
      case Type::kString:
        return value.is_string() ? Result<void>() : wrong_type(value, "String");
      case Type::kBoolean:
        return value.is_bool() ? Result<void>() : wrong_type(value, "Boolean");
      case Type::kInteger:
        return value.is_number() ? Result<void>() : wrong_type(value, "Integer");
      case Type::kLong:
        return value.is_number() ? Result<void>() : wrong_type(value, "Long");
      case Type::kTimestamp:
        return value.is_number() ? Result<void>() : wrong_type(value, "Date");
      case Type::kList:
        return list(value, rule);
      case Type::kMap:
        return map(value, rule);
      case Type::kStructure:
        return nested(value, rule, place);
      case Type::kOther:
        break;
    }
    return {};
  }

  Result<void> list(const json::Value& value, const Rule& rule) {
    if (value.is_object()) return wrong_type(value, "");
    if (!value.is_array()) return serialization("Unexpected field type");
    if (rule.inner.empty()) return {};
    for (const json::Value& element : value.get_array()) {
      STATOR_TRY_VOID(member(element, rule.inner[0], Place::kElement));
    }
    return {};
  }

  Result<void> map(const json::Value& value, const Rule& rule) {
    if (value.is_array()) {
      return serialization("Unrecognized collection type java.util.Map<java.lang.String, " +
                           std::string(rule.class_name) + ">");
    }
    if (!value.is_object()) return serialization("Unexpected field type");
    if (rule.inner.empty()) return {};
    for (const auto& field : value.get_object()) {
      STATOR_TRY_VOID(member(field.value(), rule.inner[0], Place::kElement));
    }
    return {};
  }

  Result<void> nested(const json::Value& value, const Rule& rule, Place place) {
    if (value.is_array()) {
      return serialization("Unrecognized collection type class com.amazonaws.dynamodb.v20120810." +
                           std::string(rule.class_name));
    }
    if (value.is_object()) return structure(value.get_object(), rule.inner);
    return serialization(place == Place::kMember ? "Unexpected field type"
                                                 : "Unexpected value type in payload");
  }

  static Error wrong_type(const json::Value& value, std::string_view wanted) {
    if (value.is_object()) {
      return serialization("Start of structure or map found where not expected");
    }
    if (value.is_array()) {
      return serialization("Unrecognized collection type class java.lang." + std::string(wanted));
    }
    const std::string to = " cannot be converted to " + std::string(wanted);
    if (value.is_string()) {
      return serialization(wanted == "Boolean" ? "Unexpected token received from parser"
                                               : "STRING_VALUE" + to);
    }
    if (value.is_bool()) {
      return serialization((value.get_bool() ? "TRUE_VALUE" : "FALSE_VALUE") + to);
    }
    if (value.is_null()) return serialization("NULL_VALUE" + to);
    return serialization((value.is_double() ? "DECIMAL_VALUE" : "NUMBER_VALUE") + to);
  }

  std::string unknown_;
};

}  // namespace

void gather(const json::Object& object, std::span<const Rule> rules, Constraints& constraints) {
  Gatherer<Boost>(constraints).structure(&object, rules, "");
}

void gather(const JsonObject& object, std::span<const Rule> rules, Constraints& constraints,
            const std::string& parent) {
  Gatherer<Simd>(constraints).structure(object, rules, parent);
}

Result<void> check_types(const json::Object& object, std::span<const Rule> rules) {
  TypeCheck check;
  STATOR_TRY_VOID(check.structure(object, rules));
  if (check.unknown().empty()) return {};
  return validation("The operation has no parameter " + check.unknown());
}

}  // namespace stator::dynamodb
