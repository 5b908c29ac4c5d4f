#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "dynamodb/json_reader.hpp"
#include "json/json.hpp"

/// The two kinds of parsed JSON under one vocabulary, for what interprets both. Null members are
/// absent ones. Views live as long as the document.
namespace stator::dynamodb {

/// Of requests on items.
struct SimdDocument {
  using Node = simdjson::dom::element;
  using Object = simdjson::dom::object;
  using Array = simdjson::dom::array;

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
  static std::optional<Array> array(const Node& node) {
    Array value;
    if (node.get(value) != simdjson::SUCCESS) return std::nullopt;
    return value;
  }
  static std::size_t size(const Array& array) { return array.size(); }
  static std::size_t size(const Object& object) { return object.size(); }
  template <class Visit>
  static void each(const Array& array, Visit visit) {
    for (const Node element : array) visit(element);
  }
  template <class Visit>
  static void each(const Object& object, Visit visit) {
    for (const auto field : object) visit(std::string_view(field.key), field.value);
  }
  static std::string scalar(const Node& node) { return simdjson::to_string(node); }
};

/// Of the control plane.
struct BoostDocument {
  using Node = const json::Value*;
  using Object = const json::Object*;
  using Array = const json::Array*;

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
    if (node->is_uint64()) return std::numeric_limits<std::int64_t>::max();
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
  static std::optional<Array> array(Node node) {
    if (!node->is_array()) return std::nullopt;
    return &node->get_array();
  }
  static std::size_t size(Array array) { return array->size(); }
  static std::size_t size(Object object) { return object->size(); }
  template <class Visit>
  static void each(Array array, Visit visit) {
    for (const json::Value& element : *array) visit(&element);
  }
  template <class Visit>
  static void each(Object object, Visit visit) {
    for (const auto& field : *object) {
      visit(std::string_view(field.key().data(), field.key().size()), &field.value());
    }
  }
  static std::string scalar(Node node) { return json::dump(*node); }
};

}  // namespace stator::dynamodb
