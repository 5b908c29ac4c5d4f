#include "apigateway/authorizers/claims.hpp"

#include <array>
#include <charconv>
#include <map>

#include "base/strings.hpp"

namespace stator::apigateway {
namespace {

std::string number_text(double number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return {digits.data(), end};
}

std::string map_text(const json::Object& object) {
  std::map<std::string, std::string> sorted;
  for (const auto& member : object) sorted.emplace(member.key(), claim_text(member.value()));
  std::string text = "map[";
  for (auto at = sorted.begin(); at != sorted.end(); ++at) {
    if (at != sorted.begin()) text += ' ';
    text.append(at->first).append(":").append(at->second);
  }
  return text + "]";
}

}  // namespace

std::string claim_text(const json::Value& claim) {
  if (claim.is_string()) return std::string(json::view(claim.get_string()));
  if (claim.is_double()) return number_text(claim.get_double());
  if (claim.is_null()) return "<nil>";
  if (claim.is_object()) return map_text(claim.get_object());
  if (!claim.is_array()) return json::dump(claim);
  std::string text = "[";
  bool is_first = true;
  for (const json::Value& item : claim.get_array()) {
    if (!is_first) text += ' ';
    is_first = false;
    text += claim_text(item);
  }
  return text + "]";
}

json::Object claims_as_texts(const json::Object& claims) {
  json::Object texts;
  for (const auto& claim : claims) texts[claim.key()] = claim_text(claim.value());
  return texts;
}

std::vector<std::string> scopes_of(const json::Object& claims) {
  std::vector<std::string> scopes;
  const json::Value* claim = json::find(claims, "scope");
  if (claim == nullptr) claim = json::find(claims, "scp");
  if (claim == nullptr) return scopes;
  if (claim->is_string()) {
    for (const std::string_view word : split(json::view(claim->get_string()), ' ')) {
      if (!word.empty()) scopes.emplace_back(word);
    }
  } else if (claim->is_array()) {
    for (const json::Value& item : claim->get_array()) {
      if (item.is_string()) scopes.emplace_back(json::view(item.get_string()));
    }
  }
  return scopes;
}

}  // namespace stator::apigateway
