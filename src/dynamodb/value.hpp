#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "dynamodb/number.hpp"

namespace stator::dynamodb {

/// In the order of Value::Data's alternatives.
enum class Type : std::uint8_t { kS, kN, kB, kBool, kNull, kSs, kNs, kBs, kL, kM };
inline constexpr std::size_t kTypeCount = 10;

/// "S", "N", ..., "M".
[[nodiscard]] std::string_view to_string(Type type);
/// Nothing for any other text.
[[nodiscard]] std::optional<Type> type_from(std::string_view name);

class Value;

struct Null {
  bool operator==(const Null&) const = default;
};

struct Binary {
  std::string bytes;
  auto operator<=>(const Binary&) const = default;
};

/// A set keeps its members sorted and distinct, so equal sets are equal vectors.
template <class T>
struct SetOf {
  std::vector<T> members;

  /// Sorts; false when two members are equal, which DynamoDB refuses.
  [[nodiscard]] bool normalize();
  [[nodiscard]] bool contains(const T& member) const;
  void unite(const SetOf& other);
  void subtract(const SetOf& other);
  bool operator==(const SetOf&) const = default;
};
using StringSet = SetOf<std::string>;
using NumberSet = SetOf<Number>;
using BinarySet = SetOf<Binary>;

struct List {
  std::vector<Value> elements;
  bool operator==(const List&) const;
};

/// Attributes by name, kept sorted: equal maps are equal vectors, whatever order they came in.
class Map {
 public:
  using Entry = std::pair<std::string, Value>;

  /// Null when there is none. Pointers live until the map changes.
  [[nodiscard]] const Value* find(std::string_view name) const;
  [[nodiscard]] Value* find(std::string_view name);
  /// Inserts or replaces.
  void set(std::string name, Value value);
  /// False when there was none.
  bool erase(std::string_view name);

  /// For building in any order: append what comes, then sort() once. False when a name came twice.
  void append(std::string name, Value value);
  [[nodiscard]] bool sort();

  [[nodiscard]] const Entry* begin() const;
  [[nodiscard]] const Entry* end() const;
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const;
  void reserve(std::size_t count);
  bool operator==(const Map&) const;

 private:
  std::vector<Entry> entries_;
};

using Item = Map;

/// One attribute value of any of DynamoDB's ten types.
class Value {
 public:
  using Data = std::variant<std::string, Number, Binary, bool, Null, StringSet, NumberSet,
                            BinarySet, List, Map>;

  Value() : data_(Null{}) {}
  template <class T>
  requires(!std::is_same_v<std::remove_cvref_t<T>, Value> && !std::is_convertible_v<T, const char*>)
      Value(T&& data)
      : data_(std::forward<T>(data)) {}
  explicit Value(const char* text) : data_(std::string(text)) {}

  [[nodiscard]] Type type() const { return static_cast<Type>(data_.index()); }
  template <class T>
  [[nodiscard]] const T* get_if() const {
    return std::get_if<T>(&data_);
  }
  template <class T>
  [[nodiscard]] T* get_if() {
    return std::get_if<T>(&data_);
  }
  [[nodiscard]] const Data& data() const { return data_; }
  bool operator==(const Value&) const = default;

 private:
  Data data_;
};

// Here, where an entry is a complete type.
inline const Map::Entry* Map::begin() const {
  return entries_.data();
}
inline const Map::Entry* Map::end() const {
  return entries_.data() + entries_.size();
}
inline std::size_t Map::size() const {
  return entries_.size();
}
inline bool Map::empty() const {
  return entries_.empty();
}

/// Bytes that AWS counts for a value: its contents, 3 for a list or map and 1 for each element.
[[nodiscard]] std::size_t size_bytes(const Value& value);
/// Names and values of an item.
[[nodiscard]] std::size_t size_bytes(const Item& item);

/// Less, equal or greater for two S, two N or two B; nothing for any other pair, which no
/// comparison of DynamoDB orders.
[[nodiscard]] std::optional<std::strong_ordering> compare(const Value& a, const Value& b);

}  // namespace stator::dynamodb
