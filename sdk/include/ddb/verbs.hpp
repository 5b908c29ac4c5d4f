#pragma once

#include <utility>

#include "ddb/page.hpp"

/// The verbs as functions that answer operations: ddb::put(table, item). Table's members are the
/// same, sent at once; what each does stands there. They answer `auto`, so that the compiler looks
/// into them, and finds mistakes, where they are called.
namespace ddb {

template <class T>
class Table;

namespace detail {

template <class T>
auto key_values(const T& item) {
  return std::apply([&](auto... member) { return std::tuple(item.*member...); },
                    Model<T>::key_members);
}

/// Whether an update would set or remove anything.
template <class T>
bool is_changed(const T& before, const T& now) {
  Request request("");
  UpdateText update;
  write_changes(request, update, now, &before);
  return !update.text().empty();
}

// Count queries: the first argument may be a key condition or a partition.
template <class T, class Source, class... Options>
auto count_operation(std::string_view table, const Options&... options) {
  static_assert(((ScanOption<Options>)&&...),
                "ddb: count() takes a key condition, then filter, consistent and segment");
  return Scan<T>(scan_text<T, Source>(table, true, options...));
}
template <class T, class Source, class Key, class... Options>
requires(AnyCondition<Key> || is_partition<Key>) auto count_operation(std::string_view table,
                                                                      const Key& key,
                                                                      const Options&... options) {
  static_assert(can_query<Key, T, Source>(),
                "ddb: count() needs 'hash == value' optionally && one condition on the range key");
  return Query<T>(query_text<T, Source>(table, true, key, options...));
}

template <class T, class Source, class Key, class... Options>
auto query_operation(std::string_view table, const Key& key, const Options&... options) {
  using P = Projection<T, Options...>;
  static_assert(((QueryOption<Options> || AllOption<Options>)&&...),
                "ddb: query() takes limit, from, descending, filter, consistent and projections");
  static_assert(Source::has_all || !P::is_whole,
                "ddb: the index has not all attributes; read it with only<...> or as<Small>");
  return Query<T, P>(query_text<T, Source>(table, false, key, options...));
}
template <class T, class Source, class... Options>
auto scan_operation(std::string_view table, const Options&... options) {
  using P = Projection<T, Options...>;
  static_assert(((ScanOption<Options> || AllOption<Options>)&&...),
                "ddb: scan() takes limit, from, filter, consistent, segment and projections");
  static_assert(Source::has_all || !P::is_whole,
                "ddb: the index has not all attributes; read it with only<...> or as<Small>");
  return Scan<T, P>(scan_text<T, Source>(table, false, options...));
}

template <class T, Literal Index>
consteval auto source_of() {
  using Found = IndexNamed<T, Index>;
  static_assert(!std::same_as<Found, NoIndex>, "ddb: the model has no index of that name");
  return IndexSource<Found>{};
}

}  // namespace detail

template <class T, class... Options>
[[nodiscard]] auto put(const Table<T>& table, T item, const Options&... options) {
  static_assert((detail::WriteOption<Options> && ...),
                "ddb: put() takes an item, then if_(condition) and with_old_item");
  auto text = detail::put_text(table.name(), item, detail::Moment::now(), false, false, options...);
  return Put<T>(std::move(text), std::move(item));
}
template <class T, class... Options>
[[nodiscard]] auto create(const Table<T>& table, T item, const Options&... options) {
  static_assert((detail::WriteOption<Options> && ...),
                "ddb: create() takes an item, then if_(condition) and with_old_item");
  auto text = detail::put_text(table.name(), item, detail::Moment::now(), true, false, options...);
  return Put<T>(std::move(text), std::move(item));
}
template <class T, class... Options>
[[nodiscard]] auto replace(const Table<T>& table, T item, const Options&... options) {
  static_assert((detail::WriteOption<Options> && ...),
                "ddb: replace() takes an item, then if_(condition) and with_old_item");
  auto text = detail::put_text(table.name(), item, detail::Moment::now(), false, true, options...);
  return Put<T, true>(std::move(text), std::move(item));
}

template <class T, class... Args>
[[nodiscard]] auto get(const Table<T>& table, const Args&... args) {
  static_assert(detail::has_key<T, Args...>(),
                "ddb: get() needs exactly the primary key of the model (hash, or hash and range)");
  static_assert(((!AnyOption<Args> || detail::ReadOption<Args>)&&...),
                "ddb: get() takes keys, then consistent, consumed, only<...> or as<...>");
  return detail::get_operation<T>(table.name(), args...);
}

template <class T, class... Args>
[[nodiscard]] auto update(const Table<T>& table, const Args&... args) {
  static_assert(
      detail::has_key<T, Args...>(),
      "ddb: update() needs exactly the primary key of the model (hash, or hash and range)");
  static_assert((AnyAction<Args> || ...), "ddb: update() needs at least one action");
  static_assert(((!AnyOption<Args> || detail::WriteOption<Args>)&&...),
                "ddb: update() takes keys and actions, then if_(condition) and with_old_item");
  return detail::update_operation<T>(table.name(), detail::Moment::now(), false, args...);
}
template <class T, class... Args>
[[nodiscard]] auto patch(const Table<T>& table, const Args&... args) {
  static_assert(
      detail::has_key<T, Args...>(),
      "ddb: patch() needs exactly the primary key of the model (hash, or hash and range)");
  static_assert((AnyAction<Args> || ...), "ddb: patch() needs at least one action");
  static_assert(((!AnyOption<Args> || detail::WriteOption<Args>)&&...),
                "ddb: patch() takes keys and actions, then if_(condition) and with_old_item");
  return detail::update_operation<T>(table.name(), detail::Moment::now(), true, args...);
}
template <class T, class... Options>
[[nodiscard]] auto upsert(const Table<T>& table, T item, const Options&... options) {
  static_assert((detail::WriteOption<Options> && ...),
                "ddb: upsert() takes an item, then if_(condition) and with_old_item");
  return detail::change_operation<T>(table.name(), detail::Moment::now(), std::move(item), nullptr,
                                     options...);
}
template <class T, class... Options>
[[nodiscard]] auto save(const Table<T>& table, const T& before, const T& now,
                        const Options&... options) {
  static_assert((detail::WriteOption<Options> && ...),
                "ddb: save() takes two items, then if_(condition) and with_old_item");
  return detail::change_operation<T>(table.name(), detail::Moment::now(), now, &before, options...);
}

template <class T, class... Args>
[[nodiscard]] auto erase(const Table<T>& table, const Args&... args) {
  static_assert(
      detail::has_key<T, Args...>(),
      "ddb: erase() needs exactly the primary key of the model (hash, or hash and range)");
  static_assert(((!AnyOption<Args> || detail::WriteOption<Args>)&&...),
                "ddb: erase() takes keys, then if_(condition) and with_old_item");
  return Erase<T>(detail::key_text<T>(table.name(), false, args...));
}
template <class T, class... Options>
[[nodiscard]] auto erase_item(const Table<T>& table, const T& item, const Options&... options) {
  static_assert((detail::WriteOption<Options> && ...),
                "ddb: erase_item() takes an item, then if_(condition) and with_old_item");
  return Erase<T>(detail::erase_item_text(table.name(), item, options...));
}
template <class T, class... Args>
[[nodiscard]] auto take(const Table<T>& table, const Args&... args) {
  static_assert(detail::has_key<T, Args...>(),
                "ddb: take() needs exactly the primary key of the model (hash, or hash and range)");
  static_assert(((!AnyOption<Args> || detail::WriteOption<Args>)&&...),
                "ddb: take() takes keys, then if_(condition) and with_old_item");
  return Erase<T, true>(detail::key_text<T>(table.name(), true, args...));
}

/// Of a transaction: it is only carried out if the condition holds for this item, which stays.
template <class T, class... Args>
[[nodiscard]] auto check(const Table<T>& table, const Args&... args) {
  static_assert(detail::has_key<T, Args...>() && (detail::is_if<Args> || ...),
                "ddb: check() needs exactly the primary key of the model, then if_(condition)");
  return Check<T>(detail::key_text<T>(table.name(), false, args...));
}

template <class T, class Key, class... Options>
[[nodiscard]] auto query(const Table<T>& table, const Key& key, const Options&... options) {
  using Source = detail::TableSource<T>;
  static_assert(detail::can_query<Key, T, Source>(),
                "ddb: query() needs 'hash == value' optionally && one condition on the range key");
  return detail::query_operation<T, Source>(table.name(), key, options...);
}
template <Literal Index, class T, class Key, class... Options>
[[nodiscard]] auto query_index(const Table<T>& table, const Key& key, const Options&... options) {
  using Source = decltype(detail::source_of<T, Index>());
  static_assert(detail::can_query<Key, T, Source>(),
                "ddb: query_index() needs '==' for each hash key of the index, optionally && "
                "conditions on its range keys in order, the last of which may be an inequality");
  return detail::query_operation<T, Source>(table.name(), key, options...);
}
template <class T, class... Options>
[[nodiscard]] auto scan(const Table<T>& table, const Options&... options) {
  return detail::scan_operation<T, detail::TableSource<T>>(table.name(), options...);
}
template <Literal Index, class T, class... Options>
[[nodiscard]] auto scan_index(const Table<T>& table, const Options&... options) {
  using Source = decltype(detail::source_of<T, Index>());
  return detail::scan_operation<T, Source>(table.name(), options...);
}

}  // namespace ddb
