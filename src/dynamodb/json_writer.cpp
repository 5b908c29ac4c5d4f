#include "dynamodb/json_writer.hpp"

#include "base/bytes.hpp"

namespace stator::dynamodb {

namespace {

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"':
      out.append("\\\"");
      return;
    case '\\':
      out.append("\\\\");
      return;
    case '\n':
      out.append("\\n");
      return;
    case '\r':
      out.append("\\r");
      return;
    case '\t':
      out.append("\\t");
      return;
    default:
      constexpr char kHex[] = "0123456789abcdef";
      const auto byte = static_cast<unsigned char>(c);
      out.append("\\u00").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
  }
}

struct ValueWriter {
  std::string& out;

  void operator()(const std::string& text) const { append_json_string(out, text); }
  void operator()(const Number& number) const {
    out.push_back('"');
    number.append_to(out);
    out.push_back('"');
  }
  void operator()(const Binary& binary) const { append_json_base64(out, binary.bytes); }
  void operator()(bool value) const { out.append(value ? "true" : "false"); }
  void operator()(Null) const { out.append("true"); }
  template <class T>
  void operator()(const SetOf<T>& set) const {
    JsonList list(out, '[', ']');
    for (const T& member : set.members) {
      list.next();
      (*this)(member);
    }
  }
  void operator()(const List& elements) const {
    JsonList list(out, '[', ']');
    for (const Value& element : elements.elements) {
      list.next();
      append_json(out, element);
    }
  }
  void operator()(const Map& map) const { append_json(out, map); }
};

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, start, i - start);
    append_escape(out, c);
    start = i + 1;
  }
  out.append(text, start, text.size() - start);
  out.push_back('"');
}

void append_json_base64(std::string& out, std::string_view bytes) {
  out.append(1, '"').append(base64_encode(bytes)).append(1, '"');
}

void append_json(std::string& out, const Value& value) {
  out.append("{\"").append(to_string(value.type())).append("\":");
  std::visit(ValueWriter{out}, value.data());
  out.push_back('}');
}

void append_json(std::string& out, const Map& map) {
  JsonList list(out, '{', '}');
  for (const auto& [name, value] : map) {
    list.next_member(name);
    append_json(out, value);
  }
}

}  // namespace stator::dynamodb
