#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "ddb/batch_pieces.hpp"

/// Any number of writes, or of reads, of any models: sent in pieces that the service takes, those
/// that it leaves over again after a while, and at last handed back.
namespace ddb {

/// Puts in a batch overwrite whatever is there; a model with a version needs this word for it.
struct Unchecked {};
inline constexpr Unchecked unchecked{};

/// Items to store, for batch_write().
template <class T>
struct Puts {
  std::string table;
  std::vector<T> items;

  void add_to(detail::BatchEntries& all) {
    const auto names = detail::key_names<T>();
    all.add_names(table, names);
    for (T& item : items) {
      detail::stamp(item, detail::Moment::now());
      JsonWriter json;
      detail::write_item(json, item);
      if (json.has_replaced()) json.fail("a text is not UTF-8; use ddb::Binary for bytes");
      if (!json.problem().empty() && !all.problem_) all.problem_ = detail::invalid(json.problem());
      all.add({table, R"({"PutRequest":{"Item":)" + json.text() + "}}",
               detail::identity_of(table, json.text(), names)});
    }
  }
};
template <class T>
[[nodiscard]] Puts<T> puts(const Table<T>& table, std::vector<T> items) {
  static_assert(!Model<T>::has_version,
                "ddb: a batch does not check versions; say ddb::unchecked, or use transact()");
  return {table.name(), std::move(items)};
}
template <class T>
[[nodiscard]] Puts<T> puts(const Table<T>& table, std::vector<T> items, Unchecked) {
  return {table.name(), std::move(items)};
}

namespace detail {

template <class T>
void add_keys(BatchEntries& all, const std::string& table, const std::vector<Key<T>>& keys,
              std::string_view before, std::string_view after) {
  const auto names = key_names<T>();
  all.add_names(table, names);
  for (const Key<T>& key : keys) {
    JsonWriter json;
    write_key<T>(json, key);
    if (json.has_replaced()) json.fail("a text is not UTF-8; use ddb::Binary for bytes");
    if (!json.problem().empty() && !all.problem_) all.problem_ = invalid(json.problem());
    all.add({table, std::string(before) + json.text() + std::string(after),
             identity_of(table, json.text(), names)});
  }
}

}  // namespace detail

/// Keys to remove, for batch_write().
template <class T>
struct Erases {
  std::string table;
  std::vector<Key<T>> keys;

  void add_to(detail::BatchEntries& all) {
    detail::add_keys<T>(all, table, keys, R"({"DeleteRequest":{"Key":)", "}}");
  }
};
template <class T>
[[nodiscard]] Erases<T> erases(const Table<T>& table,
                               std::vector<std::type_identity_t<Key<T>>> keys) {
  return {table.name(), std::move(keys)};
}

/// Puts and erases of any models and number: batch_write(client, ddb::puts(orders, list),
/// ddb::erases(users, {{"u1"}, {"u2"}})). Of several for one item the last counts. Not atomic.
template <class... Writes>
[[nodiscard]] BatchReport batch_write(const Client& client, Writes... writes) {
  detail::BatchEntries all;
  (writes.add_to(all), ...);
  return detail::send_batch(client, {"BatchWriteItem", "UnprocessedItems"}, all, {},
                            [](JsonReader& json, std::string_view) { return json.skip(); });
}

/// Keys to read, for batch_get().
template <class T, class P = detail::Whole<T>>
struct Gets {
  using Item = typename P::Item;
  std::string table;
  std::vector<Key<T>> keys;
  std::string options;  ///< members of the table's part of the request

  using Projection = P;
  void add_to(detail::BatchEntries& all) const { detail::add_keys<T>(all, table, keys, "", ""); }
};
template <class T, class... Options>
[[nodiscard]] auto gets(const Table<T>& table, std::vector<std::type_identity_t<Key<T>>> keys,
                        const Options&...) {
  static_assert(((std::same_as<Options, Consistent> || detail::is_projection<Options>)&&...),
                "ddb: gets() takes keys, then consistent, only<...> or as<...>");
  using P = detail::Projection<T, Options...>;
  detail::Request request("");
  P::write(request);
  if ((std::same_as<Options, Consistent> || ...)) {
    request.json.raw_member("ConsistentRead", "true");
  }
  std::string text = request.finish().value();
  // Of {"TableName":"", ...} only what follows is of use.
  text = text.substr(std::string_view(R"({"TableName":"")").size());
  text.pop_back();
  return Gets<T, P>{table.name(), std::move(keys), std::move(text)};
}

/// What a batch found, in no order that means anything. What has no item is absent.
template <class... Items>
struct BatchFound {
  std::tuple<std::vector<Items>...> items;  ///< one list for each argument
  BatchReport report;

  template <std::size_t I = 0>
  [[nodiscard]] auto& of() {
    return std::get<I>(items);
  }
};

/// Items of any models and number: batch_get(client, ddb::gets(orders, {{"c", 1}, {"c", 2}}),
/// ddb::gets(users, {{"u1"}})). The same key twice is read once. Each argument is another table.
template <class... G>
[[nodiscard]] auto batch_get(const Client& client, const G&... wanted) {
  BatchFound<typename G::Item...> found;
  detail::BatchEntries all;
  std::map<std::string, std::string> options;
  (
      [&] {
        if (options.count(wanted.table) != 0) {
          all.problem_ = detail::invalid("batch_get() takes each table once: " + wanted.table);
        }
        options[wanted.table] = wanted.options;
        wanted.add_to(all);
      }(),
      ...);
  const auto take_items = [&](JsonReader& json, std::string_view name) {
    if (name != "Responses") return json.skip();
    return json.object([&](std::string_view table) {
      bool good = true;
      bool known = false;
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        (
            [&] {
              if (known || wanted.table != table) return;
              known = true;
              auto& list = std::get<I>(found.items);
              good = json.array([&] { return G::Projection::read(json, list.emplace_back()); });
            }(),
            ...);
      }
      (std::index_sequence_for<G...>{});
      return known ? good : json.skip();
    });
  };
  found.report =
      detail::send_batch(client, {"BatchGetItem", "UnprocessedKeys"}, all, options, take_items);
  return found;
}

}  // namespace ddb
