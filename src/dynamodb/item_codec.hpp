#pragma once

#include <string>
#include <string_view>

#include "dynamodb/value.hpp"

/// How items lie in the store: a version byte, the size that AWS counts, and the attributes sorted
/// by name, each behind its length, so that one is found without reading the others.
namespace stator::dynamodb {

[[nodiscard]] std::string encode_item(const Item& item);

/// A value inside an encoded item, decoded only where it is asked. Views the item's bytes and must
/// not outlive them. Bytes that no encoder wrote throw BugError: the store checks its own sums.
class EncodedValue {
 public:
  EncodedValue(Type type, std::string_view payload) : type_(type), payload_(payload) {}

  [[nodiscard]] Type type() const { return type_; }
  [[nodiscard]] Value decode() const;
  /// A member of a map; nothing when it has none of that name or is no map.
  [[nodiscard]] std::optional<EncodedValue> member(std::string_view name) const;
  /// An element of a list, likewise.
  [[nodiscard]] std::optional<EncodedValue> element(std::size_t index) const;
  /// Appends the value as AWS writes it: {"S":"text"}.
  void append_json(std::string& out) const;

  /// Calls `visit(name, value)` for each member of a map in the order of their names, and
  /// `visit(value)` for each element of a list.
  template <class Visit>
  void for_each_member(Visit visit) const;
  template <class Visit>
  void for_each_element(Visit visit) const;

 private:
  Type type_;
  std::string_view payload_;
};

/// An encoded item. The default is an item without attributes: what a condition sees when there is
/// none.
class EncodedItem {
 public:
  EncodedItem() = default;
  explicit EncodedItem(std::string_view bytes);

  [[nodiscard]] bool is_empty() const { return attributes_.empty(); }
  /// What AWS charges for.
  [[nodiscard]] std::size_t size_bytes() const { return size_bytes_; }
  [[nodiscard]] std::optional<EncodedValue> find(std::string_view name) const;
  [[nodiscard]] Item decode() const;
  /// Appends {"name":{"S":"text"},...}.
  void append_json(std::string& out) const;
  /// The attributes as one map, for walking.
  [[nodiscard]] EncodedValue as_map() const { return {Type::kM, attributes_}; }

 private:
  std::string_view attributes_;  ///< as a map's payload
  std::size_t size_bytes_ = 0;
};

/// Appends `bytes` behind their length, as Cursor::sized() reads them.
void append_sized(std::string& out, std::string_view bytes);

/// Reads lengths and bytes one after another. A read past the end throws BugError.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }
  [[nodiscard]] std::size_t length();
  [[nodiscard]] std::string_view bytes(std::size_t count);
  [[nodiscard]] std::string_view sized() { return bytes(length()); }
  [[nodiscard]] EncodedValue value();
  [[nodiscard]] std::string_view rest() const { return bytes_.substr(at_); }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

template <class Visit>
void EncodedValue::for_each_member(Visit visit) const {
  for (Cursor cursor(payload_); !cursor.at_end();) {
    const std::string_view name = cursor.sized();
    visit(name, cursor.value());
  }
}

template <class Visit>
void EncodedValue::for_each_element(Visit visit) const {
  for (Cursor cursor(payload_); !cursor.at_end();) visit(cursor.value());
}

}  // namespace stator::dynamodb
