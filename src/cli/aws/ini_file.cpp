#include "cli/aws/ini_file.hpp"

#include "base/strings.hpp"

namespace stator::cli {
namespace {

/// Without a comment, which begins with a '#' or ';' after a space.
std::string_view without_comment(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool is_mark = text[i] == '#' || text[i] == ';';
    if (is_mark && (text[i - 1] == ' ' || text[i - 1] == '\t')) return trim(text.substr(0, i));
  }
  return text;
}

/// "profile  'my own'" as "profile my own".
std::string section_name(std::string_view inside) {
  const std::string_view name = trim(inside);
  const auto space = name.find_first_of(" \t");
  if (space == std::string_view::npos) return std::string(name);
  std::string_view rest = trim(name.substr(space));
  const bool is_quoted = rest.size() >= 2 && rest.front() == rest.back() &&
                         (rest.front() == '"' || rest.front() == '\'');
  if (is_quoted) rest = rest.substr(1, rest.size() - 2);
  return std::string(name.substr(0, space)) + " " + std::string(rest);
}

}  // namespace

IniFile IniFile::parse(std::string_view text) {
  IniFile file;
  Section* section = nullptr;
  for (std::string_view line : split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool is_nested = line.starts_with(' ') || line.starts_with('\t');
    const std::string_view content = trim(line);
    if (content.empty() || content.front() == '#' || content.front() == ';' || is_nested) continue;
    if (content.front() == '[') {
      const auto end = content.find(']');
      section = end == std::string_view::npos
                    ? nullptr
                    : &file.sections_[section_name(content.substr(1, end - 1))];
      continue;
    }
    const auto equals = content.find('=');
    if (section == nullptr || equals == std::string_view::npos || equals == 0) continue;
    (*section)[to_lower(trim(content.substr(0, equals)))] =
        std::string(without_comment(trim(content.substr(equals + 1))));
  }
  return file;
}

const IniFile::Section* IniFile::section(std::string_view name) const {
  const auto found = sections_.find(name);
  return found == sections_.end() ? nullptr : &found->second;
}

std::string config_section(std::string_view profile) {
  return profile == "default" ? "default" : "profile " + std::string(profile);
}

}  // namespace stator::cli
