#include <string>

#include "dynamodb/errors.hpp"
#include "dynamodb/json_reader.hpp"
#include "dynamodb/rules.hpp"

namespace stator::dynamodb {

namespace {

using Type = Rule::Type;

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

Result<void> check_types(const json::Object& object, std::span<const Rule> rules) {
  TypeCheck check;
  STATOR_TRY_VOID(check.structure(object, rules));
  if (check.unknown().empty()) return {};
  return no_parameter(check.unknown());
}

}  // namespace stator::dynamodb
