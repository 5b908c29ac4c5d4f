#include <array>
#include <charconv>
#include <cstring>
#include <string_view>

#include "core/text.hpp"
#include "stator/abi.h"

// The tokenizer of stator/abi.h: one pass, no allocation, and strict, because what it accepts here
// is what a service or a gateway promises to send.
namespace stator::sdk {
namespace {

enum Expects : std::uint32_t {
  kValue,
  kValueOrEndArray,
  kKey,
  kKeyOrEndObject,
  kCommaOrEnd,
  kNothing,
  kFailed
};

bool inside_object(const stator1_json& json) {
  const std::uint32_t level = json.depth - 1;
  return (json.in_object[level / 64] >> (level % 64) & 1) != 0;
}

void fail(stator1_json& json, stator1_token& token, std::string_view what) {
  json.expects = kFailed;
  token.kind = STATOR1_JSON_ERROR;
  token.text = {what.data(), what.size()};
}

void skip_space(stator1_json& json) {
  while (json.at != json.end &&
         (*json.at == ' ' || *json.at == '\n' || *json.at == '\r' || *json.at == '\t')) {
    ++json.at;
  }
}

void value_done(stator1_json& json) {
  json.expects = json.depth == 0 ? kNothing : kCommaOrEnd;
}

bool open(stator1_json& json, stator1_token& token, bool object) {
  if (json.depth == STATOR1_JSON_DEPTH_MAX) return fail(json, token, "nested too deep"), false;
  const std::uint64_t bit = std::uint64_t{1} << (json.depth % 64);
  std::uint64_t& word = json.in_object[json.depth / 64];
  word = object ? word | bit : word & ~bit;
  ++json.depth;
  ++json.at;
  json.expects = object ? kKeyOrEndObject : kValueOrEndArray;
  token.kind = object ? STATOR1_JSON_BEGIN_OBJECT : STATOR1_JSON_BEGIN_ARRAY;
  return true;
}

void close(stator1_json& json, stator1_token& token) {
  token.kind = inside_object(json) ? STATOR1_JSON_END_OBJECT : STATOR1_JSON_END_ARRAY;
  ++json.at;
  --json.depth;
  value_done(json);
}

int hex4(const char* at) {
  int value = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = hex_digit(at[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

// The bytes after a backslash, or 0 when they are no escape. A high surrogate needs its low one,
// because alone it is no character and cannot become UTF-8.
std::size_t escape_length(const char* at, const char* end) {
  if (at == end) return 0;
  if (std::strchr("\"\\/bfnrt", *at) != nullptr && *at != '\0') return 1;
  if (*at != 'u' || end - at < 5) return 0;
  const int unit = hex4(at + 1);
  if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF)) return 0;
  if (unit < 0xD800 || unit > 0xDFFF) return 5;
  if (end - at < 11 || at[5] != '\\' || at[6] != 'u') return 0;
  const int low = hex4(at + 7);
  return low >= 0xDC00 && low <= 0xDFFF ? 11 : 0;
}

// The bytes that stand for themselves in a string, in both directions.
constexpr auto kIsPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0x20; byte < 0x7F; ++byte) plain[byte] = byte != '"' && byte != '\\';
  return plain;
}();
const char* skip_plain(const char* at, const char* end) {
  while (at != end && kIsPlain[static_cast<unsigned char>(*at)]) ++at;
  return at;
}

// From the opening quote past the closing one.
bool scan_string(stator1_json& json, stator1_token& token) {
  const char* const start = ++json.at;
  token.escaped = 0;
  for (;;) {
    json.at = skip_plain(json.at, json.end);
    if (json.at == json.end || *json.at == '"') break;
    const auto byte = static_cast<unsigned char>(*json.at);
    std::size_t length = 1;
    if (byte == '\\') {
      length = escape_length(json.at + 1, json.end);
      if (length == 0) return fail(json, token, "a bad escape in a string"), false;
      ++length;
      token.escaped = 1;
    } else if (byte < 0x20) {
      return fail(json, token, "a control character in a string"), false;
    } else if (byte >= 0x80) {
      length = utf8_length({json.at, static_cast<std::size_t>(json.end - json.at)});
      if (length == 0) return fail(json, token, "bytes that are not UTF-8"), false;
    }
    json.at += length;
  }
  if (json.at == json.end) return fail(json, token, "a string without its end"), false;
  token.text = {start, static_cast<std::size_t>(json.at - start)};
  ++json.at;
  return true;
}

bool scan_digits(stator1_json& json) {
  const char* const start = json.at;
  while (json.at != json.end && is_digit(*json.at)) ++json.at;
  return json.at != start;
}

bool scan_number(stator1_json& json, stator1_token& token) {
  const char* const start = json.at;
  if (*json.at == '-') ++json.at;
  const bool zero = json.at != json.end && *json.at == '0';
  const char* const whole = json.at;
  bool good = scan_digits(json) && !(zero && json.at - whole > 1);
  if (good && json.at != json.end && *json.at == '.') {
    ++json.at;
    good = scan_digits(json);
  }
  if (good && json.at != json.end && (*json.at == 'e' || *json.at == 'E')) {
    ++json.at;
    if (json.at != json.end && (*json.at == '+' || *json.at == '-')) ++json.at;
    good = scan_digits(json);
  }
  if (!good) return fail(json, token, "a bad number"), false;
  token.kind = STATOR1_JSON_NUMBER;
  token.text = {start, static_cast<std::size_t>(json.at - start)};
  return true;
}

bool scan_word(stator1_json& json, stator1_token& token) {
  static constexpr struct {
    std::string_view word;
    int kind;
  } kWords[] = {
      {"true", STATOR1_JSON_TRUE}, {"false", STATOR1_JSON_FALSE}, {"null", STATOR1_JSON_NULL}};
  const std::string_view rest(json.at, static_cast<std::size_t>(json.end - json.at));
  for (const auto& [word, kind] : kWords) {
    if (!rest.starts_with(word)) continue;
    token.kind = kind;
    json.at += word.size();
    return true;
  }
  return fail(json, token, "something that is not a JSON value"), false;
}

void scan_value(stator1_json& json, stator1_token& token) {
  const char c = *json.at;
  if (c == '{' || c == '[') {
    open(json, token, c == '{');
    return;
  }
  bool good = false;
  if (c == '"') {
    good = scan_string(json, token);
    if (good) token.kind = STATOR1_JSON_STRING;
  } else if (c == '-' || is_digit(c)) {
    good = scan_number(json, token);
  } else {
    good = scan_word(json, token);
  }
  if (good) value_done(json);
}

void scan_key(stator1_json& json, stator1_token& token) {
  if (*json.at != '"') return fail(json, token, "a member without a name");
  if (!scan_string(json, token)) return;
  skip_space(json);
  if (json.at == json.end || *json.at != ':') return fail(json, token, "a name without ':'");
  ++json.at;
  json.expects = kValue;
  token.kind = STATOR1_JSON_KEY;
}

void after_value(stator1_json& json, stator1_token& token) {
  const bool object = inside_object(json);
  if (*json.at == (object ? '}' : ']')) return close(json, token);
  if (*json.at != ',') return fail(json, token, object ? "no ',' or '}'" : "no ',' or ']'");
  ++json.at;
  skip_space(json);
  if (json.at == json.end) return fail(json, token, "the text ends too early");
  if (object) return scan_key(json, token);
  scan_value(json, token);
}

char* put_utf8(char* out, unsigned code) {
  if (code < 0x80) {
    *out++ = static_cast<char>(code);
  } else if (code < 0x800) {
    *out++ = static_cast<char>(0xC0 | code >> 6);
    *out++ = static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    *out++ = static_cast<char>(0xE0 | code >> 12);
    *out++ = static_cast<char>(0x80 | (code >> 6 & 0x3F));
    *out++ = static_cast<char>(0x80 | (code & 0x3F));
  } else {
    *out++ = static_cast<char>(0xF0 | code >> 18);
    *out++ = static_cast<char>(0x80 | (code >> 12 & 0x3F));
    *out++ = static_cast<char>(0x80 | (code >> 6 & 0x3F));
    *out++ = static_cast<char>(0x80 | (code & 0x3F));
  }
  return out;
}

}  // namespace
}  // namespace stator::sdk

using namespace stator::sdk;  // NOLINT: the functions below are these functions' C names

extern "C" {

void stator1_json_start(stator1_json* json, stator1_text text) noexcept {
  *json = {};
  json->begin = json->at = text.data;
  json->end = text.data + text.size;
  json->expects = kValue;
}

void stator1_json_next(stator1_json* json, stator1_token* token) noexcept {
  *token = {};
  if (json->expects == kFailed) return fail(*json, *token, "the JSON was already found wrong");
  skip_space(*json);
  if (json->at == json->end) {
    if (json->expects != kNothing) return fail(*json, *token, "the text ends too early");
    token->kind = STATOR1_JSON_END;
    return;
  }
  switch (json->expects) {
    case kNothing:
      return fail(*json, *token, "something after the value");
    case kCommaOrEnd:
      return after_value(*json, *token);
    case kKeyOrEndObject:
      return *json->at == '}' ? close(*json, *token) : scan_key(*json, *token);
    case kValueOrEndArray:
      return *json->at == ']' ? close(*json, *token) : scan_value(*json, *token);
    default:
      return scan_value(*json, *token);
  }
}

size_t stator1_json_unescape(stator1_text raw, char* out) noexcept {
  char* const begin = out;
  const char* at = raw.data;
  const char* const end = raw.data + raw.size;
  while (at != end) {
    if (*at != '\\') {
      *out++ = *at++;
      continue;
    }
    ++at;
    if (*at != 'u') {
      constexpr std::string_view kFrom = "bfnrt\"\\/";
      constexpr std::string_view kTo = "\b\f\n\r\t\"\\/";
      *out++ = kTo[kFrom.find(*at++)];
      continue;
    }
    auto code = static_cast<unsigned>(hex4(at + 1));
    at += 5;
    if (code >= 0xD800 && code <= 0xDBFF) {
      code = 0x10000 + ((code - 0xD800) << 10) + (static_cast<unsigned>(hex4(at + 2)) - 0xDC00);
      at += 6;
    }
    out = put_utf8(out, code);
  }
  return static_cast<size_t>(out - begin);
}

size_t stator1_json_escape(stator1_text* text, char* out, size_t out_size,
                           int32_t* replaced) noexcept {
  constexpr char kHex[] = "0123456789abcdef";
  constexpr std::size_t kLongest = 6;
  char* const begin = out;
  const char* at = text->data;
  const char* const end = text->data + text->size;
  while (at != end && out_size - static_cast<std::size_t>(out - begin) >= kLongest) {
    const std::size_t room = out_size - static_cast<std::size_t>(out - begin);
    const char* const until = static_cast<std::size_t>(end - at) > room ? at + room : end;
    const char* const plain = skip_plain(at, until);
    if (plain != at) {
      std::memcpy(out, at, static_cast<std::size_t>(plain - at));
      out += plain - at;
      at = plain;
      continue;
    }
    const auto byte = static_cast<unsigned char>(*at);
    if (byte >= 0x80) {
      const std::size_t length = utf8_length({at, static_cast<std::size_t>(end - at)});
      if (length == 0) *replaced = 1;
      std::memcpy(out, length == 0 ? "\xEF\xBF\xBD" : at, length == 0 ? 3 : length);
      out += length == 0 ? 3 : length;
      at += length == 0 ? 1 : length;
      continue;
    }
    ++at;
    if (byte == '"' || byte == '\\') {
      *out++ = '\\';
      *out++ = static_cast<char>(byte);
    } else if (byte == '\n') {
      *out++ = '\\';
      *out++ = 'n';
    } else {
      std::memcpy(out, "\\u00", 4);
      out[4] = kHex[byte >> 4];
      out[5] = kHex[byte & 15];
      out += 6;
    }
  }
  *text = {at, static_cast<size_t>(end - at)};
  return static_cast<size_t>(out - begin);
}

size_t stator1_double_text(double number, char* out) noexcept {
  return static_cast<size_t>(std::to_chars(out, out + 32, number).ptr - out);
}

int32_t stator1_parse_double(stator1_text text, double* number) noexcept {
  const char* const end = text.data + text.size;
  const auto [at, problem] = std::from_chars(text.data, end, *number);
  return problem == std::errc() && at == end && text.size != 0 ? 1 : 0;
}

}  // extern "C"
