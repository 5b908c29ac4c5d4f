#include "json/yaml_lines.hpp"

#include <yaml-cpp/yaml.h>

#include <charconv>

namespace stator::json {
namespace {

std::optional<std::size_t> number_of(const std::string& step) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), number);
  if (error != std::errc() || end != step.data() + step.size()) return std::nullopt;
  return number;
}

struct Found {
  YAML::Node node;
  int line;
};

std::optional<Found> member_of(const YAML::Node& node, const std::string& name) {
  if (!node.IsMap()) return std::nullopt;
  for (const auto& member : node) {
    if (member.first.IsScalar() && member.first.Scalar() == name) {
      return Found{member.second, member.first.Mark().line};
    }
  }
  return std::nullopt;
}

std::optional<Found> item_of(const YAML::Node& node, std::size_t number) {
  if (number >= node.size()) return std::nullopt;
  const YAML::Node item = node[number];
  return Found{item, item.Mark().line};
}

}  // namespace

std::optional<std::size_t> line_of(std::string_view text, std::span<const std::string> path) {
  // yaml-cpp speaks by exceptions; none of them leaves this function. It reads JSON too.
  try {
    Found at{YAML::Load(std::string(text)), -1};
    for (const std::string& step : path) {
      const auto number = number_of(step);
      if (number && !at.node.IsSequence()) continue;
      const auto next = number ? item_of(at.node, *number) : member_of(at.node, step);
      if (!next) break;
      at.node.reset(next->node);
      at.line = next->line;
    }
    if (at.line < 0) return std::nullopt;
    return static_cast<std::size_t>(at.line) + 1;
  } catch (const YAML::Exception&) {
    return std::nullopt;
  }
}

}  // namespace stator::json
