#include "cli/deploy/pretty_json.hpp"

namespace stator::cli {
namespace {

void write(std::string& out, const json::Value& value, std::size_t indent) {
  const std::string inner(indent + 2, ' ');
  const char* separator = "\n";
  if (value.is_object() && !value.get_object().empty()) {
    out += "{";
    for (const auto& entry : value.get_object()) {
      out += separator + inner + json::quote({entry.key().data(), entry.key().size()}) + ": ";
      write(out, entry.value(), indent + 2);
      separator = ",\n";
    }
    out += "\n" + std::string(indent, ' ') + "}";
  } else if (value.is_array() && !value.get_array().empty()) {
    out += "[";
    for (const json::Value& item : value.get_array()) {
      out += separator + inner;
      write(out, item, indent + 2);
      separator = ",\n";
    }
    out += "\n" + std::string(indent, ' ') + "]";
  } else {
    out += json::dump(value);
  }
}

}  // namespace

std::string pretty_json(const json::Value& value) {
  std::string out;
  write(out, value, 0);
  return out + "\n";
}

}  // namespace stator::cli
