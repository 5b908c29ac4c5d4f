#include "dynamodb/json_writer.hpp"

#include <bit>

#include "base/bytes.hpp"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

bool is_plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

/// How many bytes stand before the first one that must be escaped. Sixteen at a time: a page of a
/// query is mostly text.
std::size_t count_plain(std::string_view text) {
  std::size_t at = 0;
#ifdef __SSE2__
  const __m128i control = _mm_set1_epi8(0x1f);
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  for (; at + 16 <= text.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const __m128i is_control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes);
    const __m128i is_special =
        _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
    const int found = _mm_movemask_epi8(_mm_or_si128(is_control, is_special));
    if (found != 0) return at + std::size_t(std::countr_zero(static_cast<unsigned>(found)));
  }
#endif
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
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
  for (;;) {
    const std::size_t plain = count_plain(text);
    out.append(text, 0, plain);
    if (plain == text.size()) break;
    append_escape(out, text[plain]);
    text.remove_prefix(plain + 1);
  }
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
