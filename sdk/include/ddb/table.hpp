#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ddb/client.hpp"
#include "ddb/iterate.hpp"
#include "ddb/verbs.hpp"

namespace ddb {

/// One table of one model. Cheap to copy. Any thread.
///
/// Each verb is also a function that takes the table first and answers the operation as a value,
/// ddb::put(table, item), for transactions, for params() and for Client::run().
template <class T>
class Table {
 public:
  Table(Client client, std::string name) : client_(std::move(client)), name_(std::move(name)) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const Client& client() const { return client_; }
  /// The same table, with other limits or hooks for each call.
  template <class Options>
  [[nodiscard]] Table with(Options options) const {
    return Table(client_.with(std::move(options)), name_);
  }

  /// Stores the item in place of what is there, and answers it as stored: version counted up,
  /// times and ids filled in. A model with a version is only stored over the version it was read
  /// with, and with version 0 only where nothing is: else kConditionFailed. Options: if_,
  /// with_old_item, consumed.
  template <class... Options>
  [[nodiscard]] Result<T> put(T item, const Options&... options) const {
    return client_.run(ddb::put(*this, std::move(item), options...));
  }
  /// As put(), where nothing is; else kConditionFailed.
  template <class... Options>
  [[nodiscard]] Result<T> create(T item, const Options&... options) const {
    return client_.run(ddb::create(*this, std::move(item), options...));
  }
  /// As put(), and answers what was there before.
  template <class... Options>
  [[nodiscard]] Result<std::optional<T>> replace(T item, const Options&... options) const {
    return client_.run(ddb::replace(*this, std::move(item), options...));
  }

  /// The item of that key; empty when there is none. Keys, then: consistent, consumed, only<...>
  /// or as<Small>.
  template <class... Args>
  [[nodiscard]] auto get(const Args&... args) const {
    return client_.run(ddb::get(*this, args...));
  }
  /// What the table has under the item's key now. Options as get().
  template <class... Options>
  [[nodiscard]] Result<std::optional<T>> refresh(const T& item, const Options&... options) const {
    return std::apply([&](const auto&... key) { return get(key..., options...); },
                      detail::key_values(item));
  }

  /// Changes some attributes and answers the whole item as it is then. Counts the version up. An
  /// item that is not there is made, unless a condition forbids it. Keys, then actions (set, add,
  /// append, prepend, remove, take_out, set_if_missing), then: if_, with_old_item, consumed.
  template <class... Args>
  [[nodiscard]] Result<T> update(const Args&... args) const {
    return client_.run(ddb::update(*this, args...));
  }
  /// As update(), of an item that is there; else kConditionFailed.
  template <class... Args>
  [[nodiscard]] Result<T> patch(const Args&... args) const {
    return client_.run(ddb::patch(*this, args...));
  }
  /// Sets every attribute that the item has and removes those that it has not, whatever version is
  /// there; attributes that the model does not know stay. What is created and write_once is kept.
  template <class... Options>
  [[nodiscard]] Result<T> upsert(T item, const Options&... options) const {
    return client_.run(ddb::upsert(*this, std::move(item), options...));
  }
  /// Sends what changed since the item was read, over the version that was read. Nothing is sent
  /// when nothing changed.
  template <class... Options>
  [[nodiscard]] Result<T> save(const Tracked<T>& item, const Options&... options) const {
    return save(item.before(), *item, options...);
  }
  template <class... Options>
  [[nodiscard]] Result<T> save(const T& before, const T& now, const Options&... options) const {
    if (!detail::is_changed(before, now)) return now;
    return client_.run(ddb::save(*this, before, now, options...));
  }

  /// Removes the item, if it is there. Keys, then: if_, with_old_item, consumed.
  template <class... Args>
  [[nodiscard]] Result<void> erase(const Args&... args) const {
    return client_.run(ddb::erase(*this, args...));
  }
  /// Removes an item that was read, if it still has the version that was read.
  template <class... Options>
  [[nodiscard]] Result<void> erase_item(const T& item, const Options&... options) const {
    return client_.run(ddb::erase_item(*this, item, options...));
  }
  /// As erase(), and answers what was there.
  template <class... Args>
  [[nodiscard]] Result<std::optional<T>> take(const Args&... args) const {
    return client_.run(ddb::take(*this, args...));
  }

  /// One page of a partition, in order of the sort key. Options: limit, from, descending, filter,
  /// consistent, consumed, only<...> or as<Small>.
  template <class Key, class... Options>
  [[nodiscard]] auto query(const Key& key, const Options&... options) const {
    return client_.run(ddb::query(*this, key, options...));
  }
  /// The same of an index. An index without all attributes is read with only<...> or as<Small>.
  template <Literal Index, class Key, class... Options>
  [[nodiscard]] auto query_index(const Key& key, const Options&... options) const {
    return client_.run(ddb::query_index<Index>(*this, key, options...));
  }
  /// One page of the whole table, in no order that means anything. Options: limit, from, filter,
  /// consistent, consumed, segment, only<...> or as<Small>.
  template <class... Options>
  [[nodiscard]] auto scan(const Options&... options) const {
    return client_.run(ddb::scan(*this, options...));
  }
  template <Literal Index, class... Options>
  [[nodiscard]] auto scan_index(const Options&... options) const {
    return client_.run(ddb::scan_index<Index>(*this, options...));
  }

  /// All items, page after page: see Items. Besides a page's options: at_most, rate.
  template <class Key, class... Options>
  [[nodiscard]] auto query_all(const Key& key, Options... options) const {
    return all(
        [key](const Table& table, const auto&... more) { return ddb::query(table, key, more...); },
        std::move(options)...);
  }
  template <Literal Index, class Key, class... Options>
  [[nodiscard]] auto query_index_all(const Key& key, Options... options) const {
    return all([key](const Table& table,
                     const auto&... more) { return ddb::query_index<Index>(table, key, more...); },
               std::move(options)...);
  }
  template <class... Options>
  [[nodiscard]] auto scan_all(Options... options) const {
    return all([](const Table& table, const auto&... more) { return ddb::scan(table, more...); },
               std::move(options)...);
  }
  template <Literal Index, class... Options>
  [[nodiscard]] auto scan_index_all(Options... options) const {
    return all([](const Table& table,
                  const auto&... more) { return ddb::scan_index<Index>(table, more...); },
               std::move(options)...);
  }

  /// How many items a query, or a scan, finds, over all its pages.
  template <class... Options>
  [[nodiscard]] Result<std::uint64_t> count(const Options&... options) const {
    return count_of<detail::TableSource<T>>(options...);
  }
  template <Literal Index, class... Options>
  [[nodiscard]] Result<std::uint64_t> count_index(const Options&... options) const {
    return count_of<detail::IndexSource<detail::IndexNamed<T, Index>>>(options...);
  }

  /// A cursor that continues after this item, for who stops in the middle of a page.
  [[nodiscard]] std::string cursor_after(const T& item) const {
    return detail::cursor_after<T, typename Model<T>::Keys>(item);
  }

 private:
  template <class Make, class... Options>
  auto all(Make make, Options... options) const {
    static_assert(!(std::same_as<Options, Consumed> || ...),
                  "ddb: consumed() is for one page; use rate() here");
    using Page = typename decltype(make(*this, options...))::Answer;
    using Item = typename decltype(Page::items)::value_type;
    auto fetch = [table = *this, make = std::move(make), options...](const std::string& cursor,
                                                                     double& units) {
      const auto next = from(cursor);
      if (detail::rate_of(options...) > 0) {
        return table.client_.run(make(table, options..., next, consumed(units)));
      }
      return table.client_.run(make(table, options..., next));
    };
    return Items<Item>(std::move(fetch), detail::at_most_of(options...),
                       detail::rate_of(options...));
  }

  template <class Source, class... Options>
  Result<std::uint64_t> count_of(const Options&... options) const {
    std::uint64_t count = 0;
    std::string cursor;
    do {
      auto page = client_.run(detail::count_operation<T, Source>(name_, options..., from(cursor)));
      if (!page) return page.error();
      count += page->count;
      cursor = page->cursor.value_or("");
    } while (!cursor.empty());
    return count;
  }

  Client client_;
  std::string name_;
};

}  // namespace ddb
