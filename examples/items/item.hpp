#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "ddb/ddb.hpp"
#include "lambda/lambda.hpp"

/// One thing in the list, as it is stored and as clients see it.
struct Item {
  std::string id{};
  std::string name{};
  std::optional<std::string> description{};
  std::optional<ddb::Number> price{};
  std::optional<std::set<std::string>> tags{};
  std::int64_t version = 0;  ///< how many times it was written
  std::string created_at{};
  std::string updated_at{};
};

template <>
inline constexpr auto ddb::schema<Item> = table<"items">(hash<&Item::id>, version<&Item::version>,
                                                         created<&Item::created_at>,
                                                         updated<&Item::updated_at>);

inline constexpr auto id = ddb::col<&Item::id>;
inline constexpr auto name = ddb::col<&Item::name>;
inline constexpr auto description = ddb::col<&Item::description>;
inline constexpr auto price = ddb::col<&Item::price>;
inline constexpr auto tags = ddb::col<&Item::tags>;
inline constexpr auto version = ddb::col<&Item::version>;

using Items = ddb::Table<Item>;

/// What is wrong with the members that a client gives, naming the first; empty when nothing is.
/// `Input` is an Item, or a part of one.
template <class Input>
std::string problem_of(const Input& input) {
  if (input.name.empty() || input.name.size() > 200) return "name: must be 1 to 200 bytes long";
  if (input.description && input.description->size() > 2000) {
    return "description: must be at most 2000 bytes long";
  }
  if (input.price && (input.price->digits.size() > 20 ||
                      input.price->digits.find_first_not_of("0123456789.") != std::string::npos)) {
    return "price: must be a number from 0, at most 20 digits long and without exponent";
  }
  if (input.tags && input.tags->size() > 20) return "tags: must be at most 20";
  for (const std::string& tag : input.tags.value_or(std::set<std::string>())) {
    if (tag.empty() || tag.size() > 50) return "tags: each must be 1 to 50 bytes long";
  }
  return {};
}

/// 1 to 100 of A-Z a-z 0-9 - _ so that an id is a path segment without escapes. No item has
/// another.
inline bool is_id(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  return !text.empty() && text.size() <= 100 && std::all_of(text.begin(), text.end(), allowed);
}

inline lambda::HttpResponse no_such_item(std::string_view wanted) {
  return lambda::message(404, "there is no item " + std::string(wanted));
}

/// The table failed us: the log says why, the client learns only that it may try again.
inline lambda::HttpResponse table_failed(const ddb::Error& error) {
  lambda::log_error("the table failed", {{"type", error.type}, {"error", error.message}});
  return lambda::message(503, "the table cannot be reached; try again");
}

/// Serves one endpoint for as long as the process lives, with the table that the template names.
template <class Endpoint>
int serve(Endpoint endpoint) {
  return lambda::start([endpoint] {
    const Items items = ddb::Client().table<Item>(lambda::env("TABLE_NAME"));
    return [=](const lambda::HttpRequest& request) { return endpoint(request, items); };
  });
}
