#include "aws/query_form.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/strings.hpp"

namespace stator::aws {
namespace {

Error malformed(std::string message) {
  return {ErrorCode::kInvalid, std::move(message), "SerializationException"};
}

/// A name of the form: a scalar, or what stands behind its dots.
struct Node {
  std::optional<std::string> scalar;
  std::map<std::string, Node, std::less<>> children;
};

Result<void> insert(Node& root, std::string_view name, std::string value) {
  Node* node = &root;
  std::size_t depth = 0;
  for (const std::string_view part : split(name, '.')) {
    if (part.empty()) return malformed("Malformed parameter name '" + std::string(name) + "'");
    if (++depth > kFormDepthMax) return malformed("The request is nested too deeply");
    auto found = node->children.find(part);
    if (found == node->children.end()) {
      found = node->children.emplace(std::string(part), Node()).first;
    }
    node = &found->second;
    if (node->scalar) break;
  }
  if (node->scalar || !node->children.empty()) {
    return malformed("Duplicate or conflicting parameter '" + std::string(name) + "'");
  }
  node->scalar = std::move(value);
  return {};
}

/// The number of a list member: 1 and up, without leading zeros.
std::optional<std::uint32_t> list_index(std::string_view text) {
  std::uint32_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && index > 0 && text[0] != '0' ? std::optional(index) : std::nullopt;
}

json::Value to_json(Node& node);

json::Object to_object(Node& node) {
  json::Object object;
  for (auto& [name, child] : node.children) object[name] = to_json(child);
  return object;
}

/// The items in the order of their numbers, or nothing when `node` is not a list.
std::optional<json::Array> to_list(Node& node) {
  if (node.children.size() != 1 || node.children.begin()->first != "member") return std::nullopt;
  std::vector<std::pair<std::uint32_t, Node*>> items;
  for (auto& [name, child] : node.children.begin()->second.children) {
    const auto index = list_index(name);
    if (!index) return std::nullopt;
    items.emplace_back(*index, &child);
  }
  if (items.empty()) return std::nullopt;
  std::sort(items.begin(), items.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  json::Array list;
  list.reserve(items.size());
  for (const auto& item : items) list.push_back(to_json(*item.second));
  return list;
}

json::Value to_json(Node& node) {
  if (node.scalar) return json::Value(*node.scalar);
  if (auto list = to_list(node)) return std::move(*list);
  return to_object(node);
}

}  // namespace

std::string_view form_field(std::string_view form, std::string_view name) {
  while (!form.empty()) {
    const auto end = form.find('&');
    const std::string_view pair = form.substr(0, end);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
      return pair.substr(name.size() + 1);
    }
    if (end == std::string_view::npos) break;
    form.remove_prefix(end + 1);
  }
  return {};
}

Result<json::Object> parse_form(std::string_view form) {
  Node root;
  std::size_t fields = 0;
  while (!form.empty()) {
    const auto end = form.find('&');
    const std::string_view pair = form.substr(0, end);
    form = end == std::string_view::npos ? std::string_view() : form.substr(end + 1);
    if (pair.empty()) continue;
    if (++fields > kFormFieldsMax) return malformed("The request has too many parameters");
    const auto equals = pair.find('=');
    const auto name = percent_decode(pair.substr(0, equals), true);
    auto value = equals == std::string_view::npos ? std::string()
                                                  : percent_decode(pair.substr(equals + 1), true);
    if (!name || !value || !is_utf8(*name) || !is_utf8(*value)) {
      return malformed("A parameter of the request is not well-formed URL-encoded UTF-8");
    }
    if (name->starts_with("X-Amz-")) continue;
    STATOR_TRY_VOID(insert(root, *name, std::move(*value)));
  }
  return to_object(root);
}

}  // namespace stator::aws
