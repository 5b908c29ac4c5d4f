#include "json/yaml.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>

namespace stator::json {
namespace {

std::string place(const YAML::Mark& mark) {
  return "(line " + std::to_string(mark.line + 1) + ", column " + std::to_string(mark.column + 1) +
         ")";
}

bool is_decimal(std::string_view text, bool may_have_fraction) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || (digits > 1 && text[0] == '0')) return false;
  if (digits == text.size()) return true;
  if (!may_have_fraction || text[digits] != '.') return false;
  const std::string_view fraction = text.substr(digits + 1);
  return !fraction.empty() && fraction.find_first_not_of("0123456789") == std::string_view::npos;
}

Value plain_scalar(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
    return nullptr;
  }
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  const char* begin = text.data() + (text[0] == '+' ? 1 : 0);
  const char* end = text.data() + text.size();
  if (is_decimal(text, false)) {
    std::int64_t number = 0;
    if (std::from_chars(begin, end, number).ec == std::errc()) return number;
  } else if (is_decimal(text, true)) {
    double number = 0;
    if (std::from_chars(begin, end, number).ec == std::errc()) return number;
  }
  return Value(text);
}

class Converter {
 public:
  explicit Converter(const YamlOptions& options) : options_(options) {}

  Result<Value> convert(const YAML::Node& node, int depth) {
    if (depth > options_.depth_max) {
      return invalid("more than " + std::to_string(options_.depth_max) + " levels. " +
                     place(node.Mark()));
    }
    if (++nodes_ > options_.nodes_max) {
      return invalid("more than " + std::to_string(options_.nodes_max) + " nodes.");
    }
    STATOR_TRY(Value value, untagged(node, depth));
    const std::string tag = node.Tag();
    if (tag.size() < 2 || tag[0] != '!') return value;
    if (!options_.tagged) return invalid("unknown tag " + tag + ". " + place(node.Mark()));
    auto converted = options_.tagged(tag.substr(1), std::move(value));
    if (!converted) return invalid(converted.error().message + ". " + place(node.Mark()));
    return converted;
  }

 private:
  Result<Value> untagged(const YAML::Node& node, int depth) {
    switch (node.Type()) {
      case YAML::NodeType::Undefined:
      case YAML::NodeType::Null:
        return Value(nullptr);
      case YAML::NodeType::Scalar:
        // "?" marks a plain scalar and "!" a quoted one; a scalar with a short tag is text.
        return node.Tag() == "?" ? plain_scalar(node.Scalar()) : Value(node.Scalar());
      case YAML::NodeType::Sequence:
        return sequence(node, depth);
      case YAML::NodeType::Map:
        return mapping(node, depth);
    }
    return Value(nullptr);
  }

  Result<Value> sequence(const YAML::Node& node, int depth) {
    Array items;
    for (const auto& item : node) {
      STATOR_TRY(Value value, convert(item, depth + 1));
      items.push_back(std::move(value));
    }
    return Value(std::move(items));
  }

  Result<Value> mapping(const YAML::Node& node, int depth) {
    Object members;
    for (const auto& member : node) {
      if (!member.first.IsScalar()) {
        return invalid("a key that is not a text. " + place(member.first.Mark()));
      }
      const std::string& key = member.first.Scalar();
      if (key == "<<") {
        return invalid("YAML merge keys are not supported. " + place(member.first.Mark()));
      }
      STATOR_TRY(Value value, convert(member.second, depth + 1));
      if (!members.emplace(key, std::move(value)).second) {
        return invalid("duplicate key '" + key + "'. " + place(member.first.Mark()));
      }
    }
    return Value(std::move(members));
  }

  const YamlOptions& options_;
  std::size_t nodes_ = 0;
};

/// Whether a key may stand without quotes and is read back as the same text.
bool is_plain_key(std::string_view key) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  constexpr std::string_view kMore = "0123456789_-";
  if (key == "null" || key == "Null" || key == "NULL") return false;
  if (key.empty() || kLetters.find(key[0]) == std::string_view::npos) return false;
  return std::all_of(key.begin(), key.end(), [&](char c) {
    return kLetters.find(c) != std::string_view::npos || kMore.find(c) != std::string_view::npos;
  });
}

void write(const Value& value, std::size_t indent, std::string& out);

void write_members(const Object& object, std::size_t indent, std::string& out) {
  bool is_first = true;
  for (const auto& member : object) {
    if (!is_first) out.append("\n").append(indent, ' ');
    is_first = false;
    const std::string_view key(member.key().data(), member.key().size());
    out.append(is_plain_key(key) ? std::string(key) : quote(key)).append(":");
    const Value& value = member.value();
    const bool is_block = (value.is_object() && !value.get_object().empty()) ||
                          (value.is_array() && !value.get_array().empty());
    if (is_block) {
      out.append("\n").append(indent + 2, ' ');
    } else {
      out.append(" ");
    }
    write(value, indent + 2, out);
  }
}

void write_items(const Array& array, std::size_t indent, std::string& out) {
  bool is_first = true;
  for (const Value& item : array) {
    if (!is_first) out.append("\n").append(indent, ' ');
    is_first = false;
    out.append("- ");
    write(item, indent + 2, out);
  }
}

void write(const Value& value, std::size_t indent, std::string& out) {
  if (value.is_object() && !value.get_object().empty()) {
    write_members(value.get_object(), indent, out);
  } else if (value.is_array() && !value.get_array().empty()) {
    write_items(value.get_array(), indent, out);
  } else {
    out.append(dump(value));
  }
}

}  // namespace

Result<Value> parse_yaml(std::string_view text, const YamlOptions& options) {
  // yaml-cpp speaks by exceptions; none of them leaves this function.
  try {
    return Converter(options).convert(YAML::Load(std::string(text)), 0);
  } catch (const YAML::Exception& error) {
    return invalid("YAML not well-formed. " + place(error.mark));
  }
}

std::string dump_yaml(const Value& value) {
  std::string out;
  write(value, 0, out);
  return out.append("\n");
}

}  // namespace stator::json
