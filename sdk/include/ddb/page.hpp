#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "ddb/cursor.hpp"
#include "ddb/operations.hpp"

/// Query and Scan: their requests and their pages.
namespace ddb {

/// Some of a table's items, and where the next ones begin. A page may be empty and still not be
/// the last: only a missing cursor says that.
template <class Item>
struct Page {
  std::vector<Item> items;
  std::optional<std::string> cursor;  ///< url-safe; opaque
  std::uint64_t count = 0;            ///< of items that passed the filter
  std::uint64_t scanned_count = 0;    ///< of items looked at
};

/// A partition named by what its key is made of, and the part of it that begins alike:
/// partition("u1"), partition("u1").starting(2026).
template <class Hash, class Start = std::tuple<>>
struct Partition {
  Hash hash;
  Start start;

  template <class... More>
  [[nodiscard]] auto starting(More... values) const {
    return Partition<Hash, std::tuple<More...>>{hash, std::tuple<More...>(std::move(values)...)};
  }
};
template <class... Values>
[[nodiscard]] auto partition(Values... values) {
  return Partition<std::tuple<Values...>>{std::tuple<Values...>(std::move(values)...), {}};
}

namespace detail {

template <class P>
inline constexpr bool is_partition = false;
template <class Hash, class Start>
inline constexpr bool is_partition<Partition<Hash, Start>> = true;

/// What a Query or Scan reads: the table, or one of its indexes.
template <class T>
struct TableSource {
  static constexpr std::string_view index{};
  static constexpr bool can_be_consistent = true;
  static constexpr bool has_all = true;
  using Keys = typename Model<T>::Keys;
};
template <class Index>
struct IndexSource {
  static constexpr std::string_view index = Index::name;
  static constexpr bool can_be_consistent = Index::is_local;
  static constexpr bool has_all = Index::has_all;
  using Keys = typename Index::Keys;
};

template <class... Values, class... Tags>
consteval bool are_values_of(std::tuple<Values...>*, Types<Tags...>) {
  if constexpr (sizeof...(Values) > sizeof...(Tags)) {
    return false;
  } else {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return (FitsIn<Values, typename Nth<Types<Tags...>, I>::type::Value> && ...);
    }
    (std::index_sequence_for<Values...>{});
  }
}

/// The prefix of a range key, out of its first values.
template <class K, class Values>
std::string key_prefix(const Values& values, JsonWriter& json) {
  if constexpr (K::is_template) {
    KeyFormatter key(K::format);
    std::apply([&](const auto&... value) { (key.add(value), ...); }, values);
    if (!key.problem().empty()) json.fail(key.problem());
    return key.text();
  } else {
    return std::string(std::get<0>(values));
  }
}

template <class Source, class Hash, class Start>
void write_partition(Request& request, const Partition<Hash, Start>& wanted, std::string& out) {
  using Keys = typename Source::Keys;
  using Tags = decltype(arguments_of(typename Keys::Hashes{}));
  static_assert(
      are_values_of(static_cast<Hash*>(nullptr), Tags{}) && std::tuple_size_v<Hash> == Tags::size,
      "ddb: partition() takes what the hash key is made of");
  each(typename Keys::Hashes{}, [&]<class K>() {
    if (!out.empty()) out += " AND ";
    request.placeholders.name(out, K::name);
    out += " = ";
    JsonWriter json;
    json.begin_object();
    write_key_attribute<K>(json, [&]<class Tag>() -> decltype(auto) {
      return std::get<index_among<Tag>(Tags{})>(wanted.hash);
    });
    json.end_object();
    request.fail(json.problem());
    typename K::Value value{};
    JsonReader reader(json.text());
    reader.object([&](std::string_view) { return decode(reader, value); });
    request.placeholders.value(out, value);
  });
  if constexpr (std::tuple_size_v<Start> != 0) {
    static_assert(Keys::Ranges::size == 1, "ddb: starting() needs one range key");
    using K = typename Nth<typename Keys::Ranges, 0>::type;
    static_assert(are_values_of(static_cast<Start*>(nullptr), typename K::Arguments{}) &&
                      std::same_as<typename K::Value, std::string>,
                  "ddb: starting() takes the first of what a range key of text is made of");
    out += " AND begins_with(";
    request.placeholders.name(out, K::name);
    out += ", ";
    request.placeholders.value(out, key_prefix<K>(wanted.start, request.json));
    out += ')';
  }
}

template <class T, class Source, class O>
Result<void> write_page_option(Request& request, std::string& filter, const O& option) {
  if constexpr (std::same_as<O, Consistent>) {
    static_assert(Source::can_be_consistent, "ddb: a global index cannot be read consistently");
    request.json.raw_member("ConsistentRead", "true");
  } else if constexpr (std::same_as<O, Descending>) {
    request.json.raw_member("ScanIndexForward", "false");
  } else if constexpr (std::same_as<O, Limit>) {
    request.json.raw_member("Limit", stator::sdk::number_text(option.count));
  } else if constexpr (std::same_as<O, From>) {
    if (!option.cursor.empty()) {
      return write_start_key<T, typename Source::Keys>(request.json, option.cursor);
    }
  } else if constexpr (std::same_as<O, Segment>) {
    request.json.raw_member("Segment", stator::sdk::number_text(option.index));
    request.json.raw_member("TotalSegments", stator::sdk::number_text(option.count));
  } else if constexpr (std::same_as<O, Consumed>) {
    request.report_units(option.units);
  } else if constexpr (is_filter<O>) {
    static_assert(std::same_as<typename decltype(option.condition)::Model, T>,
                  "ddb: the filter is about another model");
    if (!filter.empty()) filter += " AND ";
    option.condition.write(request.placeholders, filter);
  }
  return {};
}

/// A model with a discriminator only reads its own items.
template <class T>
void write_kind_filter(Request& request, std::string& filter) {
  each(DiscriminatorsOf<T>{}, [&]<class Part>() {
    if (!filter.empty()) filter += " AND ";
    request.placeholders.name(filter, DiscriminatorOf<Part>::name);
    filter += " IN (";
    bool first = true;
    for (const std::string_view kind : DiscriminatorOf<Part>::values) {
      if (!first) filter += ", ";
      first = false;
      request.placeholders.value(filter, std::string(kind));
    }
    filter += ')';
  });
}

template <class T, class Source, class... Options>
RequestText page_text(Request& request, bool count, bool own_kind, const Options&... options) {
  using P = Projection<T, Options...>;
  if (!Source::index.empty()) request.json.member("IndexName", Source::index);
  std::string filter;
  Result<void> written;
  ((written = written ? write_page_option<T, Source>(request, filter, options) : written), ...);
  if (!written) return {written.error(), {}, nullptr};
  if (own_kind) write_kind_filter<T>(request, filter);
  if (!filter.empty()) request.json.member("FilterExpression", filter);
  if (count) {
    request.json.member("Select", "COUNT");
  } else {
    P::write(request);
  }
  return request.text();
}

template <class T, class Source, class... Options>
RequestText scan_text(std::string_view table, bool count, const Options&... options) {
  Request request(table);
  return page_text<T, Source>(request, count, true, options...);
}

template <class Source, class Key>
void write_key_of_query(Request& request, const Key& key) {
  std::string text;
  if constexpr (is_partition<Key>) {
    write_partition<Source>(request, key, text);
  } else {
    write_key_condition(key, request.placeholders, text);
  }
  request.json.member("KeyConditionExpression", text);
}

template <class T, class Source, class Key, class... Options>
RequestText query_text(std::string_view table, bool count, const Key& key,
                       const Options&... options) {
  Request request(table);
  write_key_of_query<Source>(request, key);
  return page_text<T, Source>(request, count, true, options...);
}

/// An answer of Query or Scan; `read_one` reads an item into the list, or passes over it.
template <class Item, class ReadOne>
Result<Page<Item>> read_pages(std::string_view body, const ReadOne& read_one) {
  Page<Item> page;
  JsonReader json(body);
  const auto number = [&](std::uint64_t& out) {
    std::string_view digits;
    return json.read_number(digits) &&
           (stator::sdk::parse_digits(digits, out) || json.expected("a count"));
  };
  json.object([&](std::string_view name) {
    if (name == "Items") return json.array([&] { return read_one(json, page.items); });
    if (name == "Count") return number(page.count);
    if (name == "ScannedCount") return number(page.scanned_count);
    std::string_view slice;
    if (!json.skip(&slice)) return false;
    if (name == "LastEvaluatedKey") page.cursor = cursor_of(slice);
    return true;
  });
  if (!json.finish()) return bad_item(json);
  return page;
}

template <class Key, class T, class Source>
consteval bool can_query() {
  if constexpr (is_partition<Key>) {
    return true;
  } else if constexpr (AnyCondition<Key>) {
    return std::same_as<typename Key::Model, T> && is_key_condition<Key, typename Source::Keys>();
  } else {
    return false;
  }
}

/// Query and Scan as values.
template <class T, class P, bool IsQuery>
struct PageOperation : Operation<T, Page<typename P::Item>> {
  using Item = typename P::Item;
  static constexpr std::string_view action = IsQuery ? "Query" : "Scan", in_transaction{};
  using Operation<T, Page<Item>>::Operation;
  Result<Page<Item>> read(std::string_view answer) const {
    return read_pages<Item>(answer, [](JsonReader& json, std::vector<Item>& items) {
      return P::read(json, items.emplace_back());
    });
  }
};

}  // namespace detail

template <class T, class P = detail::Whole<T>>
using Query = detail::PageOperation<T, P, true>;
template <class T, class P = detail::Whole<T>>
using Scan = detail::PageOperation<T, P, false>;

}  // namespace ddb
