#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ddb/ddb.hpp"

namespace shop {

struct Address {
  std::string city{};
  int zip = 0;
  friend bool operator==(const Address&, const Address&) = default;
};

struct Order {
  std::string customer{};
  std::int64_t number = 0;
  ddb::Number total{};
  std::optional<std::string> note{};
  std::vector<std::string> lines{};
  Address to{};
  std::set<std::string> tags{};
  std::set<int> sizes{};
  std::map<std::string, bool> flags{};
  std::optional<Address> from{};
  ddb::Binary seal{};
  double weight = 0;
  std::int64_t revision = 0;
  std::string made{};
  std::string changed{};
  friend bool operator==(const Order&, const Order&) = default;
};

/// The simplest model there is.
struct Counter {
  std::string id{};
  int count = 0;
  friend bool operator==(const Counter&, const Counter&) = default;
};

/// A model with an index of several key attributes.
struct Trip {
  std::string id{};
  std::string country{}, city{};
  int day = 0, hour = 0;
  friend bool operator==(const Trip&, const Trip&) = default;
};

}  // namespace shop

template <>
inline constexpr auto ddb::schema<shop::Order> = table<"orders">(
    hash<&shop::Order::customer>, range<&shop::Order::number>, version<&shop::Order::revision>,
    name<&shop::Order::note, "n">, created<&shop::Order::made>, updated<&shop::Order::changed>,
    gsi<"by_total", &shop::Order::customer, &shop::Order::total>,
    gsi<"by_note", &shop::Order::note, keys_only>, lsi<"by_made", &shop::Order::made>);
template <>
inline constexpr auto ddb::schema<shop::Trip> = table<"trips">(
    hash<&shop::Trip::id>, gsi<"by_place", hash<&shop::Trip::country>, hash<&shop::Trip::city>,
                               range<&shop::Trip::day>, range<&shop::Trip::hour>>);
template <>
inline constexpr auto ddb::schema<shop::Counter> = table<"counters">(hash<&shop::Counter::id>);

namespace shop {

constexpr auto customer = ddb::col<&Order::customer>;
constexpr auto number = ddb::col<&Order::number>;
constexpr auto total = ddb::col<&Order::total>;
constexpr auto note = ddb::col<&Order::note>;
constexpr auto lines = ddb::col<&Order::lines>;
constexpr auto zip = ddb::col<&Order::to, &Address::zip>;
constexpr auto tags = ddb::col<&Order::tags>;
constexpr auto revision = ddb::col<&Order::revision>;
constexpr auto trip_country = ddb::col<&Trip::country>;
constexpr auto trip_city = ddb::col<&Trip::city>;
constexpr auto trip_day = ddb::col<&Trip::day>;
constexpr auto trip_hour = ddb::col<&Trip::hour>;
constexpr auto counter_id = ddb::col<&Counter::id>;
constexpr auto count = ddb::col<&Counter::count>;

}  // namespace shop
