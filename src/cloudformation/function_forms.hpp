#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "base/strings.hpp"
#include "cloudformation/errors.hpp"
#include "json/json.hpp"

/// How function calls look in a template. For the files that evaluate, search and rewrite them.
namespace stator::cloudformation {

[[nodiscard]] inline Error template_error(const std::string& what) {
  return validation_error("Template error: " + what);
}

[[nodiscard]] inline std::string_view key_of(const json::Object::value_type& member) {
  return {member.key().data(), member.key().size()};
}

/// A scalar of a template as the text that CloudFormation makes of it.
[[nodiscard]] std::optional<std::string> scalar_text(const json::Value& value);

/// The only member of an object that is a function call, or null.
[[nodiscard]] const json::Object::value_type* call_of(const json::Value& value);

/// The argument of a Fn::GetAtt, "Id.Attribute" or ["Id", "Attribute"]; attributes may hold dots.
[[nodiscard]] std::optional<std::pair<std::string, json::Value>> split_get_att(
    const json::Value& argument);

/// Walks "text ${Name} ${!Literal}": `literal` gets plain text, `name` what stands in braces.
template <class Literal, class Name>
Result<void> walk_sub(std::string_view text, Literal literal, Name name) {
  for (;;) {
    const auto open = text.find("${");
    literal(text.substr(0, open));
    if (open == std::string_view::npos) return {};
    const auto close = text.find('}', open);
    if (close == std::string_view::npos) {
      return template_error("Fn::Sub has a '${' without its '}'");
    }
    const std::string_view inside = trim(text.substr(open + 2, close - open - 2));
    if (inside.starts_with('!')) {
      literal("${" + std::string(inside.substr(1)) + "}");
    } else {
      STATOR_TRY_VOID(name(inside));
    }
    text.remove_prefix(close + 1);
  }
}

}  // namespace stator::cloudformation
