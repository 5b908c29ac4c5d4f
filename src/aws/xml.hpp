#pragma once

#include <string>
#include <string_view>

#include "json/json.hpp"

namespace stator::aws {

/// Appends `text` as character data. Characters that XML 1.0 cannot carry become U+FFFD.
void append_xml_text(std::string& out, std::string_view text);

/// Appends `value` as the content of an element: members as elements, list items each in
/// `<member>` (those of a map, which are {key, value}, in `<entry>`), scalars as text. Nulls are
/// left out.
void append_xml_content(std::string& out, const json::Value& value);

/// `<name>content</name>`
void append_xml_element(std::string& out, std::string_view name, const json::Value& value);

}  // namespace stator::aws
