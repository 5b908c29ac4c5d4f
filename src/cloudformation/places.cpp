#include "cloudformation/places.hpp"

#include "json/json.hpp"
#include "json/yaml_lines.hpp"

namespace stator::cloudformation {
namespace {

constexpr const char* kMember = "Place";

}  // namespace

Error at_place(Error error, const Place& place) {
  if (!error.detail_json.empty()) return error;
  json::Array steps;
  for (const std::string& step : place) steps.push_back(json::Value(step));
  error.detail_json = json::dump(json::Object{{kMember, std::move(steps)}});
  return error;
}

Error with_line(Error error, std::string_view text) {
  if (error.detail_json.empty()) return error;
  const auto detail = json::parse_object(error.detail_json);
  const json::Value* steps = detail ? json::find(*detail, kMember) : nullptr;
  if (steps == nullptr || !steps->is_array()) return error;
  Place place;
  for (const json::Value& step : steps->get_array()) {
    if (step.is_string()) place.emplace_back(step.get_string());
  }
  error.detail_json.clear();
  const auto line = json::line_of(text, place);
  if (line) error.message += " (line " + std::to_string(*line) + ")";
  return error;
}

}  // namespace stator::cloudformation
