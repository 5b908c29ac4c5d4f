#include "audit/redaction.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace stator::audit {
namespace {

constexpr std::string_view kHidden = "HIDDEN_DUE_TO_SECURITY_REASONS";

/// Members by their name in lower case, wherever they stand.
constexpr std::array<std::string_view, 9> kSecret{
    "secretaccesskey", "sessiontoken", "webidentitytoken", "samlassertion",    "tokencode",
    "secretkey",       "secretstring", "clientsecret",     "eventsourcetoken",
};
constexpr std::array<std::string_view, 9> kLeftOut{
    "zipfile",   "templatebody",   "variables",     "parametervalue", "logevents",
    "bodybytes", "decodedmessage", "resolvedvalue", "payload",
};
/// Maps whose keys are the client's own words.
constexpr std::array<std::string_view, 4> kMaps{"tags", "stagevariables", "requestparameters",
                                                "responseparameters"};

template <std::size_t size>
bool holds(const std::array<std::string_view, size>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

/// "FunctionName" to "functionName"; "AWSAccountId" keeps its capitals' meaning as "aWSAccountId".
std::string small_first(std::string_view name) {
  std::string result(name);
  if (!result.empty()) {
    result[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(result[0])));
  }
  return result;
}

json::Value redacted_value(const json::Value& value, bool keeps_names);

json::Object redacted_members(const json::Object& members, bool keeps_names) {
  json::Object result;
  for (const auto& member : members) {
    const std::string_view name(member.key().data(), member.key().size());
    const std::string key = lower(name);
    if (holds(kLeftOut, key)) continue;
    const std::string shown = keeps_names ? std::string(name) : small_first(name);
    // A parameter's (SSM), which may be secure; a tag's value stands beside a Key.
    const bool is_named_value = key == "value" && members.contains("Name");
    if (holds(kSecret, key) || is_named_value || key.find("password") != std::string::npos) {
      result[shown] = json::Value(std::string(kHidden));
    } else {
      result[shown] = redacted_value(member.value(), holds(kMaps, key));
    }
  }
  return result;
}

json::Value redacted_value(const json::Value& value, bool keeps_names) {
  if (value.is_object()) return redacted_members(value.get_object(), keeps_names);
  if (!value.is_array()) return value;
  json::Array items;
  for (const json::Value& item : value.get_array()) {
    items.push_back(redacted_value(item, keeps_names && !item.is_object()));
  }
  return items;
}

}  // namespace

json::Object redacted(const json::Object& members) {
  return redacted_members(members, false);
}

}  // namespace stator::audit
