#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "ddb/table.hpp"

/// Several models in one table: a partition read at once, each item as what it is.
namespace ddb {

namespace detail {

/// Whether the item at hand is of model T: by its discriminator, else by the form of its keys. The
/// reader stays where it is.
template <class T>
bool looks_like(const JsonReader& json) {
  if constexpr (DiscriminatorsOf<T>::size != 0) {
    return is_of_kind<T>(json);
  } else {
    JsonReader ahead = json;
    std::size_t found = 0;
    const bool read = ahead.object([&](std::string_view name) {
      bool good = true;
      bool is_key = false;
      each(typename Model<T>::Keys::All{}, [&]<class K>() {
        if (is_key || K::name != name) return;
        is_key = true;
        typename K::Value value{};
        good = decode(ahead, value);
        if constexpr (K::is_template) good = good && fits_format(value, K::format);
      });
      if (!is_key) return ahead.skip();
      ++found;
      return good;
    });
    return read && found == Model<T>::Keys::All::size;
  }
}

/// Reads one item into the variant; an item of none of the models is passed over.
template <class... Models>
bool read_one_of(JsonReader& json, std::vector<std::variant<Models...>>& items) {
  bool good = true;
  bool known = false;
  const auto attempt = [&]<class T>() {
    if (known || !looks_like<T>(json)) return;
    known = true;
    T item{};
    good = decode_attributes(json, item);
    items.emplace_back(std::in_place_type<T>, std::move(item));
  };
  (attempt.template operator()<Models>(), ...);
  return known ? good : json.skip();
}

template <class A, class B>
consteval bool have_same_keys() {
  using Left = typename Model<A>::Keys;
  using Right = typename Model<B>::Keys;
  if (Left::All::size != Right::All::size) return false;
  bool same = true;
  each(typename Left::All{}, [&]<class K>() { same = same && Right::has(K::name); });
  return same;
}

}  // namespace detail

/// The models that share a table. Cheap to copy. Any thread.
///   Collection<User, Order> app(client, "app");
///   auto page = app.query(ddb::partition("u1"));  // of std::variant<User, Order>
/// Which one an item is, its discriminator says, else the form of its keys: the first model in the
/// list that fits. Items of other models are passed over.
template <class First, class... Rest>
class Collection {
 public:
  using Item = std::variant<First, Rest...>;
  static_assert((detail::have_same_keys<First, Rest>() && ...),
                "ddb: the models of a collection have the same key attributes");

  explicit Collection(Client client)
      : Collection(std::move(client), std::string(detail::SchemaOf<First>::table_name)) {}
  Collection(Client client, std::string name) : first_(std::move(client), std::move(name)) {}

  template <class T>
  [[nodiscard]] Table<T> table() const {
    return Table<T>(first_.client(), first_.name());
  }

  /// One page of a partition. Options: limit, from, descending, consistent, consumed, and a filter
  /// on the first model.
  template <class Key, class... Options>
  [[nodiscard]] Result<Page<Item>> query(const Key& key, const Options&... options) const {
    return page<detail::TableSource<First>>(key, options...);
  }
  template <Literal Index, class Key, class... Options>
  [[nodiscard]] Result<Page<Item>> query_index(const Key& key, const Options&... options) const {
    return page<decltype(detail::source_of<First, Index>())>(key, options...);
  }
  /// All of them: see Items.
  template <class Key, class... Options>
  [[nodiscard]] Items<Item> query_all(const Key& key, Options... options) const {
    auto fetch = [all = *this, key, options...](const std::string& cursor, double& units) {
      return all.query(key, options..., from(cursor), consumed(units));
    };
    return Items<Item>(std::move(fetch), detail::at_most_of(options...),
                       detail::rate_of(options...));
  }

 private:
  template <class Source, class Key, class... Options>
  Result<Page<Item>> page(const Key& key, const Options&... options) const {
    static_assert(((detail::QueryOption<Options> || detail::AllOption<Options>)&&...) &&
                      (!detail::is_projection<Options> && ...),
                  "ddb: a collection's query() takes limit, from, descending, filter and "
                  "consistent");
    static_assert(detail::can_query<Key, First, Source>(),
                  "ddb: query() needs partition(values), or 'hash == value' of the first model "
                  "optionally && one condition on the range key");
    // The first model's discriminator is no filter here.
    detail::Request request(first_.name());
    detail::write_key_of_query<Source>(request, key);
    const auto text = detail::page_text<First, Source>(request, false, false, options...);
    const auto body = text.params();
    if (!body) return body.error();
    const auto answer = first_.client().call("Query", *body);
    if (!answer) return answer.error();
    if (text.units != nullptr) *text.units += detail::units_in(*answer);
    return detail::read_pages<Item>(*answer, [](JsonReader& json, std::vector<Item>& items) {
      return detail::read_one_of(json, items);
    });
  }

  Table<First> first_;
};

}  // namespace ddb
