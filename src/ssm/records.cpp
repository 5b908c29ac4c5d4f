#include "ssm/records.hpp"

#include "json/json.hpp"
#include "storage/key.hpp"

namespace stator::ssm {
namespace {

using storage::path_key;

/// Text whose order is the order of the numbers.
std::string in_order(std::int64_t number) {
  std::string text = std::to_string(number);
  return std::string(20 - text.size(), '0') + text;
}

}  // namespace

std::string parameter_key(const Place& place, std::string_view name) {
  return path_key({place.account, place.region, "ssm", "parameter", name});
}

std::string parameters_prefix(const Place& place, std::string_view prefix) {
  std::string key = path_key({place.account, place.region, "ssm", "parameter", prefix});
  key.resize(key.size() - 2);  // Without the part's end, longer names match too.
  return key;
}

std::string version_key(const Place& place, std::string_view name, std::int64_t number) {
  return path_key({place.account, place.region, "ssm", "version", name, in_order(number)});
}

std::string versions_prefix(const Place& place, std::string_view name) {
  return path_key({place.account, place.region, "ssm", "version", name});
}

std::string dump(const Parameter& parameter) {
  json::Object tags;
  for (const auto& [key, value] : parameter.tags) tags[key] = value;
  return json::dump(json::Object{{"latest", parameter.latest}, {"tags", std::move(tags)}});
}

std::string dump(const Version& version) {
  json::Array labels;
  for (const auto& label : version.labels) labels.emplace_back(label);
  return json::dump(json::Object{{"number", version.number},
                                 {"type", version.type},
                                 {"value", version.value},
                                 {"description", version.description},
                                 {"allowed_pattern", version.allowed_pattern},
                                 {"tier", version.tier},
                                 {"modified", version.modified_ms},
                                 {"modified_by", version.modified_by},
                                 {"labels", std::move(labels)}});
}

Result<Parameter> parse_parameter(std::string name, std::string_view record) {
  STATOR_TRY(const auto json, json::parse_object(record));
  const auto latest = json::find_int(json, "latest");
  const auto* tags = json::find(json, "tags");
  if (!latest || tags == nullptr || !tags->is_object()) {
    return internal("ssm: damaged parameter record");
  }
  Parameter parameter{std::move(name), *latest};
  for (const auto& [key, value] : tags->get_object()) {
    if (value.is_string()) parameter.tags[std::string(key)] = json::view(value.get_string());
  }
  return parameter;
}

Result<Version> parse_version(std::string_view record) {
  STATOR_TRY(const auto json, json::parse_object(record));
  const auto number = json::find_int(json, "number");
  const auto type = json::find_string(json, "type");
  const auto value = json::find_string(json, "value");
  const auto modified = json::find_int(json, "modified");
  const auto* labels = json::find(json, "labels");
  if (!number || !type || !value || !modified || labels == nullptr || !labels->is_array()) {
    return internal("ssm: damaged record of a version");
  }
  Version version{*number, *type, *value};
  version.description = json::find_string(json, "description").value_or("");
  version.allowed_pattern = json::find_string(json, "allowed_pattern").value_or("");
  version.tier = json::find_string(json, "tier").value_or("Standard");
  version.modified_ms = *modified;
  version.modified_by = json::find_string(json, "modified_by").value_or("");
  for (const auto& label : labels->get_array()) {
    if (label.is_string()) version.labels.emplace(json::view(label.get_string()));
  }
  return version;
}

}  // namespace stator::ssm
