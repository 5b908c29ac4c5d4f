#include "cloudformation/sam/intrinsics.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "cloudformation/function_forms.hpp"
#include "crypto/sha1.hpp"

namespace stator::cloudformation::sam {
namespace {

bool is_reference_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == ':';
}

/// `${Name}` of known names replaced by texts.
std::string substitute(std::string_view text, const Values& values) {
  std::string out;
  for (;;) {
    const auto open = text.find("${");
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) return out.append(text);
    const std::string_view name = text.substr(open + 2, close - open - 2);
    const bool is_plain = std::all_of(name.begin(), name.end(), is_reference_character);
    const auto found = is_plain ? values.find(name) : values.end();
    const auto known = found == values.end() ? std::nullopt : scalar_text(found->second);
    out.append(text.substr(0, open));
    out.append(known ? *known : std::string(text.substr(open, close + 1 - open)));
    text.remove_prefix(close + 1);
  }
}

void append_unicode(unsigned code, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(code >> shift) & 0xF];
}

/// As Python writes a text in JSON: ASCII alone, the rest in UTF-16.
void append_text(std::string_view text, std::string& out) {
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::string_view kShort = "\"\\\b\f\n\r\t", kLetters = "\"\\bfnrt";
    if (const auto at = kShort.find(text[i]); at != std::string_view::npos) {
      out += '\\';
      out += kLetters[at];
      ++i;
    } else if (byte >= 0x20 && byte < 0x80) {
      out += text[i++];
    } else if (byte < 0x80) {
      append_unicode(byte, out);
      ++i;
    } else {
      const std::size_t size = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
      unsigned code = byte & (0xFFU >> (size + 1));
      for (std::size_t k = 1; k < size && i + k < text.size(); ++k) {
        code = (code << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
      }
      i += size;
      if (code >= 0x10000) {
        append_unicode(0xD800 + ((code - 0x10000) >> 10), out);
        code = 0xDC00 + ((code - 0x10000) & 0x3FF);
      }
      append_unicode(code, out);
    }
  }
  out += '"';
}

/// As Python writes a float: the shortest that reads back, with a fraction or an exponent.
std::string float_text(double number) {
  const double size = std::fabs(number);
  const bool is_plain = number == 0 || (size >= 1e-4 && size < 1e16);
  std::array<char, 64> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), number,
                    is_plain ? std::chars_format::fixed : std::chars_format::scientific);
  std::string text(digits.data(), end.ptr);
  return is_plain && text.find('.') == std::string::npos ? text + ".0" : text;
}

void append_canonical(const json::Value& value, std::string& out) {
  if (value.is_string()) {
    append_text(json::view(value.get_string()), out);
  } else if (value.is_double()) {
    out += float_text(value.get_double());
  } else if (value.is_array()) {
    out += '[';
    for (const json::Value& item : value.get_array()) {
      if (out.back() != '[') out += ',';
      append_canonical(item, out);
    }
    out += ']';
  } else if (value.is_object()) {
    std::vector<const json::Object::value_type*> members;
    for (const auto& member : value.get_object()) members.push_back(&member);
    std::sort(members.begin(), members.end(),
              [](const auto* a, const auto* b) { return key_of(*a) < key_of(*b); });
    out += '{';
    for (const auto* member : members) {
      if (out.back() != '{') out += ',';
      append_text(key_of(*member), out);
      out += ':';
      append_canonical(member->value(), out);
    }
    out += '}';
  } else {
    out += json::dump(value);
  }
}

}  // namespace

bool is_intrinsic(const json::Value& value) {
  if (!value.is_object() || value.get_object().size() != 1) return false;
  const std::string_view key = key_of(*value.get_object().begin());
  return key == "Ref" || key == "Condition" || key.starts_with("Fn::");
}

bool is_no_value(const json::Value& value) {
  return is_intrinsic(value) && value == json::Value(json::Object{{"Ref", "AWS::NoValue"}});
}

const json::Array* if_items(const json::Value& value) {
  if (!is_intrinsic(value)) return nullptr;
  const json::Value* items = value.get_object().if_contains("Fn::If");
  const bool is_whole = items != nullptr && items->is_array() && items->get_array().size() == 3;
  return is_whole ? &items->get_array() : nullptr;
}

json::Value make_conditional(const json::Value& condition, json::Value value) {
  return json::Object{
      {"Fn::If", json::Array{condition, std::move(value), json::Object{{"Ref", "AWS::NoValue"}}}}};
}

void resolve_parameters(json::Value& value, const Values& values) {
  if (value.is_array()) {
    for (json::Value& item : value.get_array()) resolve_parameters(item, values);
  }
  if (!value.is_object()) return;
  if (value.get_object().size() == 1) {
    auto& call = *value.get_object().begin();
    if (call.key() == "Ref" && call.value().is_string()) {
      const auto known = values.find(json::view(call.value().get_string()));
      if (known != values.end()) value = json::Value(known->second);
      return;
    }
    if (call.key() == "Fn::Sub") {
      json::Value* text = &call.value();
      if (text->is_array() && !text->get_array().empty()) text = &text->get_array().front();
      if (text->is_string()) *text = substitute(json::view(text->get_string()), values);
    }
  }
  for (auto& member : value.get_object()) resolve_parameters(member.value(), values);
}

json::Value with_parameters(json::Value value, const Values& values) {
  resolve_parameters(value, values);
  return value;
}

void visit_branches(json::Value& value, const std::function<void(json::Object&)>& visit) {
  if (!value.is_object() || is_no_value(value)) return;
  json::Value* branches = value.get_object().if_contains("Fn::If");
  if (branches == nullptr) return visit(value.get_object());
  if (!branches->is_array()) return;
  for (std::size_t i = 1; i < branches->get_array().size(); ++i) {
    visit_branches(branches->get_array()[i], visit);
  }
}

std::string id_digits(const json::Value& source) {
  constexpr std::size_t kDigits = 10;
  std::string text;
  if (source.is_string()) {
    text = json::view(source.get_string());
  } else if (!source.is_null() && !(source.is_object() && source.get_object().empty())) {
    append_canonical(source, text);
  }
  return text.empty() ? "" : crypto::sha1_hex(text).substr(0, kDigits);
}

}  // namespace stator::cloudformation::sam
