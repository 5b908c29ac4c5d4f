#include "cli/xml.hpp"

#include <pugixml.hpp>

namespace stator::cli {
namespace {

bool is_list(const pugi::xml_node& node) {
  bool any = false;
  for (const auto& child : node.children()) {
    if (child.type() != pugi::node_element) continue;
    if (std::string_view(child.name()) != "member") return false;
    any = true;
  }
  return any;
}

json::Value convert(const pugi::xml_node& node) {
  if (is_list(node)) {
    json::Array items;
    for (const auto& child : node.children("member")) items.push_back(convert(child));
    return items;
  }
  json::Object members;
  for (const auto& child : node.children()) {
    if (child.type() == pugi::node_element) members[child.name()] = convert(child);
  }
  if (!members.empty()) return members;
  return json::Value(node.child_value());
}

}  // namespace

Result<json::Object> read_xml(std::string_view text) {
  pugi::xml_document document;
  const auto outcome = document.load_buffer(text.data(), text.size());
  if (!outcome) {
    return invalid(std::string("not XML: ") + outcome.description() + " at offset " +
                   std::to_string(outcome.offset));
  }
  json::Value root = convert(document.document_element());
  if (!root.is_object()) return json::Object{};
  return std::move(root.get_object());
}

}  // namespace stator::cli
