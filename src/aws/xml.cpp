#include "aws/xml.hpp"

namespace stator::aws {

void append_xml_text(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\r':
        out += "&#xD;";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n') {
          out += "\xef\xbf\xbd";
        } else {
          out += c;
        }
    }
  }
}

namespace {

/// Maps come as lists of {key, value}, and their entries have a name of their own.
bool is_entry(const json::Value& item) {
  if (!item.is_object()) return false;
  const auto& members = item.get_object();
  return members.size() == 2 && members.contains("key") && members.contains("value");
}

}  // namespace

void append_xml_content(std::string& out, const json::Value& value) {
  if (value.is_object()) {
    for (const auto& member : value.get_object()) {
      append_xml_element(out, {member.key().data(), member.key().size()}, member.value());
    }
  } else if (value.is_array()) {
    for (const json::Value& item : value.get_array()) {
      append_xml_element(out, is_entry(item) ? "entry" : "member", item);
    }
  } else if (value.is_string()) {
    append_xml_text(out, json::view(value.get_string()));
  } else if (!value.is_null()) {
    out += json::dump(value);
  }
}

void append_xml_element(std::string& out, std::string_view name, const json::Value& value) {
  if (value.is_null()) return;
  out.append("<").append(name).append(">");
  append_xml_content(out, value);
  out.append("</").append(name).append(">");
}

}  // namespace stator::aws
