#include "dynamodb/json_reader.hpp"

#include <algorithm>
#include <cmath>

#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/json_writer.hpp"

namespace stator::dynamodb {

namespace {

/// AWS's bound on lists and maps inside each other.
constexpr int kNestingMax = 32;
constexpr std::size_t kAttributeNameBytesMax = 65'535;
/// A parser whose buffers grew beyond this for one document is not kept for the next.
constexpr std::size_t kKeptBytesMax = 1u << 20;

/// What the service says of a scalar of the wrong type, or of a collection in a scalar's place. The
/// names of Java's classes in these messages are AWS's own.
Error wrong_type(const JsonElement& element, std::string_view wanted) {
  using simdjson::dom::element_type;
  const std::string to = " cannot be converted to " + std::string(wanted);
  switch (element.type()) {
    case element_type::STRING:
      return serialization("STRING_VALUE" + to);
    case element_type::BOOL:
      return serialization((bool(element) ? "TRUE_VALUE" : "FALSE_VALUE") + to);
    case element_type::NULL_VALUE:
      return serialization("NULL_VALUE" + to);
    case element_type::OBJECT:
      return serialization("Start of structure or map found where not expected");
    case element_type::ARRAY:
      return serialization("Unrecognized collection type class java.lang." + std::string(wanted));
    case element_type::DOUBLE:
      return serialization("DECIMAL_VALUE" + to);
    default:
      return serialization("NUMBER_VALUE" + to);
  }
}

Result<std::int64_t> read_whole(const JsonElement& element, std::string_view wanted) {
  std::int64_t value = 0;
  if (element.get(value) == simdjson::SUCCESS) return value;
  // A fraction is cut off, as the service does.
  double decimal = 0;
  if (element.get(decimal) != simdjson::SUCCESS) return wrong_type(element, wanted);
  constexpr double kBound = 9.2e18;
  return static_cast<std::int64_t>(std::floor(std::clamp(decimal, -kBound, kBound)));
}

bool is_base64_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/' || c == '=';
}

Result<Binary> read_binary(const JsonElement& element) {
  std::string_view text;
  if (element.is_array()) {
    return serialization("Unrecognized collection type class java.nio.ByteBuffer");
  }
  if (element.is_object()) return wrong_type(element, "");
  if (element.get(text) != simdjson::SUCCESS) {
    return serialization("only base-64-encoded strings are convertible to bytes");
  }
  if (auto bytes = base64_decode(text)) return Binary{std::move(*bytes)};
  if (text.size() % 4 != 0) {
    return serialization("Base64 encoded length is expected a multiple of 4 bytes but found: " +
                         std::to_string(text.size()));
  }
  for (const char c : text) {
    if (!is_base64_character(c)) {
      return serialization("Invalid Base64 character: '" + std::string(1, c) + "'");
    }
  }
  return serialization("Invalid last non-pad Base64 character dectected");
}

template <class T>
Error empty_set() {
  if constexpr (std::is_same_v<T, std::string>) {
    return invalid_parameter("An string set  may not be empty");
  } else if constexpr (std::is_same_v<T, Number>) {
    return invalid_parameter("An number set  may not be empty");
  } else {
    return invalid_parameter("Binary sets should not be empty");
  }
}

/// "[a, b, a]" of a set's members as they came.
template <class T>
std::string listed(const std::vector<T>& members) {
  std::string text = "[";
  for (const T& member : members) {
    if (text.size() > 1) text.append(", ");
    if constexpr (std::is_same_v<T, std::string>) {
      text.append(member);
    } else if constexpr (std::is_same_v<T, Binary>) {
      text.append(base64_encode(member.bytes));
    }
  }
  return text + "]";
}

template <class T>
Error duplicates(const std::vector<T>& members) {
  if constexpr (std::is_same_v<T, Number>)
    return validation("Input collection contains duplicates");
  const std::string of_type = std::is_same_v<T, Binary> ? "of type BS" : "";
  return invalid_parameter("Input collection " + listed(members) + of_type +
                           " contains duplicates.");
}

}  // namespace

Result<JsonObject> parse_document(std::string_view body) {
  thread_local std::unique_ptr<simdjson::dom::parser> parser;
  if (!parser || parser->capacity() > kKeptBytesMax) {
    parser = std::make_unique<simdjson::dom::parser>();
  }
  JsonElement document;
  if (parser->parse(body.data(), body.size(), true).get(document) != simdjson::SUCCESS) {
    return serialization("The request body is not well-formed JSON");
  }
  return read_object(document);
}

Result<std::string> read_string(const JsonElement& element) {
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS) return wrong_type(element, "String");
  return std::string(text);
}

Result<bool> read_boolean(const JsonElement& element) {
  bool value = false;
  if (element.get(value) == simdjson::SUCCESS) return value;
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS) return wrong_type(element, "Boolean");
  // The service takes these words for booleans, whatever their case.
  const std::string word = to_lower(text);
  if (word == "true" || word == "1" || word == "yes") return true;
  if (word == "false" || word == "0" || word == "no") return false;
  return serialization("Unexpected token received from parser");
}

Result<std::int64_t> read_integer(const JsonElement& element) {
  return read_whole(element, "Integer");
}

Result<std::int64_t> read_long(const JsonElement& element) {
  return read_whole(element, "Long");
}

Result<simdjson::dom::array> read_array(const JsonElement& element) {
  simdjson::dom::array array;
  if (element.get(array) == simdjson::SUCCESS) return array;
  if (element.is_object()) return wrong_type(element, "");
  return serialization("Unexpected field type");
}

Result<JsonObject> read_object(const JsonElement& element) {
  JsonObject object;
  if (element.get(object) != simdjson::SUCCESS) return serialization("Unexpected field type");
  return object;
}

Result<JsonObject> read_map_of(const JsonElement& element, std::string_view java_class) {
  if (element.is_array()) {
    return serialization("Unrecognized collection type java.util.Map<java.lang.String, " +
                         std::string(java_class) + ">");
  }
  return read_object(element);
}

Result<JsonObject> read_structure(const JsonElement& element, std::string_view name, Place place) {
  if (element.is_array()) {
    return serialization("Unrecognized collection type class com.amazonaws.dynamodb.v20120810." +
                         std::string(name));
  }
  if (element.is_object() || place == Place::kMember) return read_object(element);
  return serialization("Unexpected value type in payload");
}

void ValueReader::fail(Error error) {
  if (!fault_) fault_ = std::move(error);
}

Result<Number> ValueReader::number(const JsonElement& element) {
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS) return wrong_type(element, "String");
  auto number = Number::parse(text);
  if (number) return *number;
  fail(std::move(number).error());
  return Number();
}

template <class T, class Read>
Result<Value> ValueReader::set(const JsonElement& element, Read read) {
  STATOR_TRY(const auto array, read_array(element));
  SetOf<T> set;
  set.members.reserve(array.size());
  for (const JsonElement member : array) {
    STATOR_TRY(auto value, read(member));
    set.members.push_back(std::move(value));
  }
  if (set.members.empty()) fail(empty_set<T>());
  // The message about duplicates shows the members in the order they came.
  const std::vector<T> as_sent = std::is_same_v<T, Number> ? std::vector<T>() : set.members;
  if (!set.normalize()) fail(duplicates<T>(as_sent));
  return Value(std::move(set));
}

Result<Value> ValueReader::typed(Type type, const JsonElement& element) {
  switch (type) {
    case Type::kS: {
      STATOR_TRY(auto text, read_string(element));
      return Value(std::move(text));
    }
    case Type::kN: {
      STATOR_TRY(const auto parsed, number(element));
      return Value(parsed);
    }
    case Type::kB: {
      STATOR_TRY(auto binary, read_binary(element));
      return Value(std::move(binary));
    }
    case Type::kBool: {
      STATOR_TRY(const auto flag, read_boolean(element));
      return Value(flag);
    }
    case Type::kNull: {
      STATOR_TRY(const auto flag, read_boolean(element));
      if (!flag) fail(invalid_parameter("Null attribute value types must have the value of true"));
      return Value(Null{});
    }
    case Type::kSs:
      return set<std::string>(element, [&](const JsonElement& member) {
        auto text = read_string(member);
        if (text && text->empty()) {
          fail(invalid_parameter("An string set may not have a empty string as a member"));
        }
        return text;
      });
    case Type::kNs:
      return set<Number>(element, [&](const JsonElement& member) { return number(member); });
    case Type::kBs:
      return set<Binary>(element, [&](const JsonElement& member) {
        auto binary = read_binary(member);
        if (binary && binary->bytes.empty()) {
          fail(invalid_parameter("Binary sets may not contain null or empty values"));
        }
        return binary;
      });
    case Type::kL: {
      STATOR_TRY(const auto array, read_array(element));
      List list;
      list.elements.reserve(array.size());
      for (const JsonElement member : array) {
        STATOR_TRY(auto read, value(member));
        list.elements.push_back(std::move(read));
      }
      return Value(std::move(list));
    }
    case Type::kM: {
      STATOR_TRY(auto read, map(element));
      return Value(std::move(read));
    }
  }
  return serialization("Unexpected field type");
}

Result<Value> ValueReader::value(const JsonElement& element, Place place) {
  STATOR_TRY(const auto object, read_structure(element, "AttributeValue", place));
  if (++depth_ > kNestingMax + 1) {
    --depth_;
    fail(validation("Nesting Levels have exceeded supported limits"));
    return Value(Null{});
  }
  Value result;
  std::size_t types = 0;
  for (const auto member : object) {
    const auto type = type_from(member.key);
    if (!type) continue;
    if (member.value.is_null()) continue;
    ++types;
    STATOR_TRY(result, typed(*type, member.value));
  }
  --depth_;
  if (types == 0) {
    fail(
        validation("Supplied AttributeValue is empty, must contain exactly one of the supported "
                   "datatypes"));
  } else if (types > 1 || object.size() > 1) {
    fail(
        validation("Supplied AttributeValue has more than one datatypes set, must contain exactly "
                   "one of the supported datatypes"));
  }
  return result;
}

Result<Map> ValueReader::map(const JsonElement& element) {
  STATOR_TRY(const auto object, read_map_of(element, kAttributeValueClass));
  Map result;
  result.reserve(object.size());
  for (const auto member : object) {
    STATOR_TRY(auto read, value(member.value));
    if (member.key.size() > kAttributeNameBytesMax) {
      fail(validation("Attribute name is too large, must be less than 65536 bytes"));
    }
    if (member.key.empty()) {
      fail(invalid_parameter("Attribute name must not be empty"));
    }
    result.append(std::string(member.key), std::move(read));
  }
  if (!result.sort()) return serialization("A map has two members of the same name");
  return result;
}

}  // namespace stator::dynamodb
