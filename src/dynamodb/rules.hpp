#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "json/json.hpp"

/// What the service model says of the members of requests, as data, and one interpreter for it.
/// The tables are in service_model*.cpp.
/// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/
namespace stator::dynamodb {

/// AWS's own regular expression, which messages show, and a test for it.
struct Pattern {
  std::string_view text;
  bool (*matches)(std::string_view value);
};

/// The rule for one member of a structure; without a name, for the elements of a list or map.
struct Rule {
  enum class Type : std::uint8_t {
    kString,
    kBoolean,
    kInteger,
    kLong,
    kTimestamp,
    kList,
    kMap,
    kStructure,
    kOther,  ///< attribute values and what else has a reader of its own: only its presence is
             ///< judged
  };
  static constexpr std::int64_t kNoMin = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t kNoMax = std::numeric_limits<std::int64_t>::max();

  std::string_view name = {};
  Type type = Type::kString;
  bool is_required = false;
  bool is_table_name = false;    ///< an ARN stands for the name inside it
  bool is_length_first = false;  ///< whether AWS reports the length before the pattern
  std::int64_t min = kNoMin;     ///< of a number's value, of a text's or collection's length
  std::int64_t max = kNoMax;
  std::span<const std::string_view> values = {};  ///< an enumeration, as messages list it
  const Pattern* pattern = nullptr;
  /// Members of a structure in the order in which AWS reports them; for a list or map, the one rule
  /// for its elements.
  std::span<const Rule> inner = {};
  const Rule* key = nullptr;  ///< for the keys of a map
  /// A structure's class in messages; for a map, that of its values with its package.
  std::string_view class_name = {};
};

/// What `object` breaks of `rules`, at any depth, all of it in one error. Types must be right: what
/// is not of its rule's type is passed over.
[[nodiscard]] Result<void> check_constraints(const json::Object& object,
                                             std::span<const Rule> rules);

/// SerializationException for the first member, at any depth, that is not of its rule's type;
/// then ValidationException for one that no rule names: nothing is accepted and ignored.
[[nodiscard]] Result<void> check_types(const json::Object& object, std::span<const Rule> rules);

/// The rules for the request of an operation; every operation has some.
[[nodiscard]] std::span<const Rule> model_of(std::string_view operation);

/// The rule for a member; null when there is none.
[[nodiscard]] const Rule* find_rule(std::span<const Rule> rules, std::string_view name);

/// The rules for the members of the structure that the member `name` is, or that the elements of
/// the list or map are that it is. There must be one.
[[nodiscard]] std::span<const Rule> rules_inside(std::span<const Rule> rules,
                                                 std::string_view name);

}  // namespace stator::dynamodb
