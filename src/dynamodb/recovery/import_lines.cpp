#include "dynamodb/recovery/import_lines.hpp"

#include "base/bytes.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/json_reader.hpp"

namespace stator::dynamodb::recovery {

namespace {

Result<Value> typed_value(Type type, std::string text) {
  if (type == Type::kN) {
    STATOR_TRY(const auto number, Number::parse(text));
    return Value(number);
  }
  if (type == Type::kB) {
    auto bytes = base64_decode(text);
    if (!bytes) return validation("a binary key that is not base64");
    return Value(Binary{std::move(*bytes)});
  }
  return Value(std::move(text));
}

Type type_of(const Table& table, const std::string& name) {
  for (const KeyAttribute& attribute : table.attributes) {
    if (attribute.name == name) return attribute.type;
  }
  return Type::kS;
}

}  // namespace

void LineCutter::keep(std::string_view bytes) {
  if (line_.size() + bytes.size() > kLineBytesMax) {
    is_too_long_ = true;
    line_.clear();
  }
  if (!is_too_long_) line_.append(bytes);
}

Result<void> LineCutter::append(std::string_view piece) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < piece.size(); ++i) {
    if (is_csv_ && piece[i] == '"') is_quoted_ = !is_quoted_;
    if (piece[i] != '\n' || is_quoted_) continue;
    keep(piece.substr(begin, i - begin));
    STATOR_TRY_VOID(end_line());
    begin = i + 1;
  }
  keep(piece.substr(begin));
  return {};
}

Result<void> LineCutter::end_line() {
  if (is_too_long_) {
    is_too_long_ = false;
    line_.clear();
    return take_(std::nullopt);
  }
  std::string_view line = line_;
  if (line.ends_with('\r')) line.remove_suffix(1);
  // A blank line is nothing, not even an error.
  if (!line.empty()) STATOR_TRY_VOID(take_(line));
  line_.clear();
  return {};
}

Result<void> LineCutter::finish() {
  is_quoted_ = false;
  return end_line();
}

Result<Item> read_json_line(std::string_view line) {
  STATOR_TRY(const auto document, parse_document(line));
  const auto element = document["Item"];
  if (element.error() != simdjson::SUCCESS) return validation("a line without Item");
  ValueReader reader;
  STATOR_TRY(auto item, reader.map(element.value_unsafe()));
  if (reader.fault()) return std::move(*reader.fault());
  return item;
}

Result<std::vector<std::string>> read_csv_line(std::string_view line, char delimiter) {
  std::vector<std::string> fields(1);
  bool was_quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == delimiter) {
      fields.emplace_back();
      was_quoted = false;
      continue;
    }
    std::string& field = fields.back();
    if (line[i] != '"') {
      if (was_quoted) return validation("a character after a closing quote");
      field.push_back(line[i]);
      continue;
    }
    if (!field.empty() || was_quoted) return validation("a quote inside a field without quotes");
    was_quoted = true;
    bool is_closed = false;
    while (!is_closed && ++i < line.size()) {
      if (line[i] != '"') {
        field.push_back(line[i]);
      } else if (i + 1 < line.size() && line[i + 1] == '"') {
        field.push_back(line[i++]);
      } else {
        is_closed = true;
      }
    }
    if (!is_closed) return validation("a quote that is not closed");
  }
  return fields;
}

Result<Item> csv_item(const Table& table, const std::vector<std::string>& headers,
                      std::vector<std::string> fields) {
  if (fields.size() != headers.size()) {
    return validation("a line with more or fewer fields than there are headers");
  }
  Item item;
  item.reserve(fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!is_utf8(fields[i])) return validation("a field that is not UTF-8");
    STATOR_TRY(auto value, typed_value(type_of(table, headers[i]), std::move(fields[i])));
    item.append(headers[i], std::move(value));
  }
  if (!item.sort()) return validation("two fields of one name");
  return item;
}

}  // namespace stator::dynamodb::recovery
