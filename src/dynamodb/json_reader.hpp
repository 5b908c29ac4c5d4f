#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "dynamodb/value.hpp"

/// DynamoDB JSON, read with simdjson. Two kinds of faults are told apart: JSON of the wrong shape,
/// which fails at once as SerializationException, and values that break a rule of DynamoDB, which
/// are kept and reported later.
namespace stator::dynamodb {

using JsonElement = simdjson::dom::element;
using JsonObject = simdjson::dom::object;

/// A document and the parser that owns it, reused by this thread's next document. Views into it are
/// dead by then.
[[nodiscard]] Result<JsonObject> parse_document(std::string_view body);

[[nodiscard]] Result<std::string> read_string(const JsonElement& element);
[[nodiscard]] Result<bool> read_boolean(const JsonElement& element);
[[nodiscard]] Result<std::int64_t> read_integer(const JsonElement& element);
[[nodiscard]] Result<std::int64_t> read_long(const JsonElement& element);
[[nodiscard]] Result<simdjson::dom::array> read_array(const JsonElement& element);
[[nodiscard]] Result<JsonObject> read_object(const JsonElement& element);

inline constexpr std::string_view kAttributeValueClass =
    "com.amazonaws.dynamodb.v20120810.AttributeValue";
/// A map whose values are of `java_class`, which AWS's message about a list in its place names.
[[nodiscard]] Result<JsonObject> read_map_of(const JsonElement& element,
                                             std::string_view java_class);

/// Where a structure stands: its messages differ.
enum class Place { kMember, kElement };
/// A structure of the service model, by its name there.
[[nodiscard]] Result<JsonObject> read_structure(const JsonElement& element, std::string_view name,
                                                Place place = Place::kMember);

/// Reads attribute values and keeps the first rule that one of them breaks.
class ValueReader {
 public:
  /// {"S":"text"} and the like.
  [[nodiscard]] Result<Value> value(const JsonElement& element, Place place = Place::kElement);
  /// {"name":{"S":"text"},...}
  [[nodiscard]] Result<Map> map(const JsonElement& element);
  [[nodiscard]] std::optional<Error>& fault() { return fault_; }

 private:
  template <class T, class Read>
  [[nodiscard]] Result<Value> set(const JsonElement& element, Read read);
  [[nodiscard]] Result<Value> typed(Type type, const JsonElement& element);
  [[nodiscard]] Result<Number> number(const JsonElement& element);
  void fail(Error error);

  std::optional<Error> fault_;
  int depth_ = 0;
};

}  // namespace stator::dynamodb
