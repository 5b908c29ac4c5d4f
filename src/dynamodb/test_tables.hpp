#pragma once

#include <sstream>
#include <string>

#include "json/json.hpp"

/// Pieces of CreateTable and UpdateTable requests, from short texts.
namespace stator::dynamodb::testing {

/// "pk sk x:N" as AttributeDefinitions; a type that is left out is S.
inline json::Array definitions(const std::string& text) {
  json::Array array;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const auto colon = word.find(':');
    const std::string type = colon == std::string::npos ? "S" : word.substr(colon + 1);
    array.push_back(
        json::Object{{"AttributeName", word.substr(0, colon)}, {"AttributeType", type}});
  }
  return array;
}

/// "a b | c d" as a KeySchema: HASH elements before the bar, RANGE elements after it.
inline json::Array keys(const std::string& text) {
  json::Array array;
  std::istringstream words(text);
  std::string type = "HASH";
  for (std::string word; words >> word;) {
    if (word == "|") {
      type = "RANGE";
    } else {
      array.push_back(json::Object{{"AttributeName", word}, {"KeyType", type}});
    }
  }
  return array;
}

/// An index; `projection` is ALL, KEYS_ONLY or the names of what is included.
inline json::Object index(const std::string& name, const std::string& key_text,
                          const std::string& projection = "ALL") {
  json::Object object{{"ProjectionType", projection}};
  if (projection != "ALL" && projection != "KEYS_ONLY") {
    json::Array names;
    std::istringstream words(projection);
    for (std::string word; words >> word;) names.push_back(json::Value(word));
    object = {{"ProjectionType", "INCLUDE"}, {"NonKeyAttributes", std::move(names)}};
  }
  return {{"IndexName", name}, {"KeySchema", keys(key_text)}, {"Projection", std::move(object)}};
}

inline json::Object units(std::int64_t read, std::int64_t write) {
  return {{"ReadCapacityUnits", read}, {"WriteCapacityUnits", write}};
}

/// An on-demand table named "items", to which members may be added.
inline json::Object table(const std::string& definition_text, const std::string& key_text) {
  return {{"TableName", "items"},
          {"BillingMode", "PAY_PER_REQUEST"},
          {"AttributeDefinitions", definitions(definition_text)},
          {"KeySchema", keys(key_text)}};
}

/// `object` with one more member.
inline json::Object with(json::Object object, const char* name, json::Value value) {
  object[name] = std::move(value);
  return object;
}

}  // namespace stator::dynamodb::testing
