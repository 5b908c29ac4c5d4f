#include "dynamodb/value.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace stator::dynamodb {

namespace {

constexpr std::array<std::string_view, kTypeCount> kTypeNames = {"S",  "N",  "B",  "BOOL", "NULL",
                                                                 "SS", "NS", "BS", "L",    "M"};

constexpr std::size_t kContainerBytes = 3;

auto position(auto& entries, std::string_view name) {
  return std::lower_bound(entries.begin(), entries.end(), name,
                          [](const Map::Entry& e, std::string_view n) {
                            return std::string_view(e.first).compare(n) < 0;
                          });
}

struct SizeOf {
  std::size_t operator()(const std::string& text) const { return text.size(); }
  std::size_t operator()(const Number& number) const { return number.size_bytes(); }
  std::size_t operator()(const Binary& binary) const { return binary.bytes.size(); }
  std::size_t operator()(bool) const { return 1; }
  std::size_t operator()(Null) const { return 1; }
  template <class T>
  std::size_t operator()(const SetOf<T>& set) const {
    std::size_t size = 0;
    for (const T& member : set.members) size += (*this)(member);
    return size;
  }
  std::size_t operator()(const List& list) const {
    std::size_t size = kContainerBytes;
    for (const Value& element : list.elements) size += dynamodb::size_bytes(element) + 1;
    return size;
  }
  std::size_t operator()(const Map& map) const {
    return kContainerBytes + dynamodb::size_bytes(map) + map.size();
  }
};

}  // namespace

std::string_view to_string(Type type) {
  return kTypeNames[static_cast<std::size_t>(type)];
}

std::optional<Type> type_from(std::string_view name) {
  const auto found = std::find(kTypeNames.begin(), kTypeNames.end(), name);
  if (found == kTypeNames.end()) return std::nullopt;
  return static_cast<Type>(found - kTypeNames.begin());
}

template <class T>
bool SetOf<T>::normalize() {
  std::sort(members.begin(), members.end());
  return std::adjacent_find(members.begin(), members.end()) == members.end();
}

template <class T>
bool SetOf<T>::contains(const T& member) const {
  return std::binary_search(members.begin(), members.end(), member);
}

template <class T>
void SetOf<T>::unite(const SetOf& other) {
  std::vector<T> result;
  std::set_union(members.begin(), members.end(), other.members.begin(), other.members.end(),
                 std::back_inserter(result));
  members = std::move(result);
}

template <class T>
void SetOf<T>::subtract(const SetOf& other) {
  std::vector<T> result;
  std::set_difference(members.begin(), members.end(), other.members.begin(), other.members.end(),
                      std::back_inserter(result));
  members = std::move(result);
}

template struct SetOf<std::string>;
template struct SetOf<Number>;
template struct SetOf<Binary>;

bool List::operator==(const List& other) const {
  return elements == other.elements;
}

const Value* Map::find(std::string_view name) const {
  const auto at = position(entries_, name);
  return at != entries_.end() && at->first == name ? &at->second : nullptr;
}

Value* Map::find(std::string_view name) {
  const auto at = position(entries_, name);
  return at != entries_.end() && at->first == name ? &at->second : nullptr;
}

void Map::set(std::string name, Value value) {
  const auto at = position(entries_, name);
  if (at != entries_.end() && at->first == name) {
    at->second = std::move(value);
  } else {
    entries_.emplace(at, std::move(name), std::move(value));
  }
}

bool Map::erase(std::string_view name) {
  const auto at = position(entries_, name);
  if (at == entries_.end() || at->first != name) return false;
  entries_.erase(at);
  return true;
}

void Map::append(std::string name, Value value) {
  entries_.emplace_back(std::move(name), std::move(value));
}

bool Map::sort() {
  const auto before = [](const Entry& a, const Entry& b) { return a.first < b.first; };
  const auto same = [](const Entry& a, const Entry& b) { return a.first == b.first; };
  std::sort(entries_.begin(), entries_.end(), before);
  return std::adjacent_find(entries_.begin(), entries_.end(), same) == entries_.end();
}

void Map::reserve(std::size_t count) {
  entries_.reserve(count);
}

bool Map::operator==(const Map& other) const {
  return entries_ == other.entries_;
}

std::size_t size_bytes(const Value& value) {
  return std::visit(SizeOf{}, value.data());
}

std::size_t size_bytes(const Item& item) {
  std::size_t size = 0;
  for (const auto& [name, value] : item) size += name.size() + size_bytes(value);
  return size;
}

std::optional<std::strong_ordering> compare(const Value& a, const Value& b) {
  if (a.type() != b.type()) return std::nullopt;
  if (const auto* text = a.get_if<std::string>()) return *text <=> *b.get_if<std::string>();
  if (const auto* number = a.get_if<Number>()) return *number <=> *b.get_if<Number>();
  if (const auto* binary = a.get_if<Binary>()) return *binary <=> *b.get_if<Binary>();
  return std::nullopt;
}

}  // namespace stator::dynamodb
