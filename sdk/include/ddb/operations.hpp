#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "ddb/changes.hpp"
#include "ddb/projection.hpp"
#include "ddb/update.hpp"

/// Operations on one item as values: what is sent, and what becomes of the answer. Tables run them,
/// transactions gather them, params() shows them.
namespace ddb {

namespace detail {

/// What an operation is: the API's name for it, its name inside a transaction (empty: it has
/// none), and the type of what it answers.
template <class T, class A>
struct Operation : RequestText {
  using Model = T;
  using Answer = A;

  explicit Operation(RequestText text) : RequestText(std::move(text)) {}
};

template <class O>
void write_write_option(Request& request, const O& option) {
  if constexpr (is_if<O>) {
    request.require(option.condition);
  } else if constexpr (std::same_as<O, Consumed>) {
    request.report_units(option.units);
  } else {
    request.json.member("ReturnValuesOnConditionCheckFailure", "ALL_OLD");
  }
}
template <class... Args>
void write_write_options(Request& request, const Args&... args) {
  each_option([&](const auto& option) { write_write_option(request, option); }, args...);
}

}  // namespace detail

/// Answers the item as it was stored, or with `Old` what was there before.
template <class T, bool Old = false>
struct Put : detail::Operation<T, std::conditional_t<Old, std::optional<T>, T>> {
  static constexpr std::string_view action = "PutItem", in_transaction = "Put";
  T item;

  Put(RequestText text, T stored)
      : detail::Operation<T, std::conditional_t<Old, std::optional<T>, T>>(std::move(text)),
        item(std::move(stored)) {}
  Result<std::conditional_t<Old, std::optional<T>, T>> read(std::string_view answer) {
    if constexpr (Old) {
      return detail::read_item<T>(answer, "Attributes");
    } else {
      return std::move(item);
    }
  }
};

template <class T>
struct Update : detail::Operation<T, T> {
  static constexpr std::string_view action = "UpdateItem", in_transaction = "Update";
  using detail::Operation<T, T>::Operation;
  Result<T> read(std::string_view answer) {
    auto item = detail::read_item<T>(answer, "Attributes");
    if (!item) return item.error();
    if (!*item) return detail::error_of(ErrorCode::kBadReply, "UpdateItem answered no item");
    return std::move(**item);
  }
};

template <class T, bool Old = false>
struct Erase : detail::Operation<T, std::conditional_t<Old, std::optional<T>, void>> {
  using Answer = std::conditional_t<Old, std::optional<T>, void>;
  static constexpr std::string_view action = "DeleteItem", in_transaction = "Delete";
  using detail::Operation<T, Answer>::Operation;
  Result<Answer> read(std::string_view answer) {
    if constexpr (Old) {
      return detail::read_item<T>(answer, "Attributes");
    } else {
      return {};
    }
  }
};

/// Of a transaction alone: nothing is written, but the condition must hold.
template <class T>
struct Check : detail::Operation<T, void> {
  static constexpr std::string_view in_transaction = "ConditionCheck";
  using detail::Operation<T, void>::Operation;
};

template <class T, class Projection = detail::Whole<T>>
struct Get : detail::Operation<T, std::optional<typename Projection::Item>> {
  using Item = typename Projection::Item;
  static constexpr std::string_view action = "GetItem", in_transaction = "Get";
  using detail::Operation<T, std::optional<Item>>::Operation;
  Result<std::optional<Item>> read(std::string_view answer) const {
    std::optional<Item> item;
    JsonReader json(answer);
    json.object([&](std::string_view name) {
      return name == "Item" ? Projection::read(json, item.emplace()) : json.skip();
    });
    if (!json.finish()) return detail::bad_item(json);
    return item;
  }
};

namespace detail {

template <class T, class... Options>
RequestText put_text(std::string_view table, T& stored, const Moment& now, bool must_be_new,
                     bool old, const Options&... options) {
  Request request(table);
  if (must_be_new) {
    request.require_attribute(Model<T>::HashKey::name, false);
  } else {
    require_version(request, stored);
  }
  stamp(stored, now);
  request.json.key("Item");
  write_item(request.json, stored);
  if (old) request.tail = R"(,"ReturnValues":"ALL_OLD")";
  write_write_options(request, options...);
  return request.text();
}

template <class T, class... Args>
auto get_operation(std::string_view table, const Args&... args) {
  using P = Projection<T, Args...>;
  Request request(table);
  write_key_member<T>(request.json, args...);
  P::write(request);
  each_option(
      [&](const auto& option) {
        using O = std::remove_cvref_t<decltype(option)>;
        if constexpr (std::same_as<O, Consistent>) request.tail += R"(,"ConsistentRead":true)";
        if constexpr (std::same_as<O, Consumed>) request.report_units(option.units);
      },
      args...);
  return Get<T, P>(request.text());
}

template <class T, class... Args>
RequestText key_text(std::string_view table, bool old, const Args&... args) {
  Request request(table);
  write_key_member<T>(request.json, args...);
  if (old) request.tail = R"(,"ReturnValues":"ALL_OLD")";
  write_write_options(request, args...);
  return request.text();
}

/// The key of an item that is at hand, and its version if it has one.
template <class T, class... Options>
RequestText erase_item_text(std::string_view table, const T& item, const Options&... options) {
  Request request(table);
  request.json.key("Key");
  write_key_of(request.json, item);
  require_version(request, item);
  write_write_options(request, options...);
  return request.text();
}

template <class T, class... Options>
Update<T> finish_update(Request& request, UpdateText& update, const Moment& now,
                        const Options&... options) {
  write_own_actions<T>(request, update, now);
  request.json.member("UpdateExpression", update.text());
  request.tail = R"(,"ReturnValues":"ALL_NEW")";
  write_write_options(request, options...);
  return Update<T>(request.text());
}

/// The attribute that an argument changes, where its place is known while compiling; else nothing.
template <class A>
struct ChangedBy {
  using type = Types<>;
};
template <class A>
requires(AnyAction<A>&& std::is_empty_v<decltype(A::column)>) struct ChangedBy<A> {
  using type = Types<decltype(A::column)>;
};
template <class... Columns>
consteval bool are_distinct(Types<Columns...> all) {
  return distinct(all).size == sizeof...(Columns);
}

template <class T, class... Args>
Update<T> update_operation(std::string_view table, const Moment& now, bool must_exist,
                           const Args&... args) {
  static_assert(are_distinct((Types<>{} + ... + typename ChangedBy<Args>::type{})),
                "ddb: two actions change the same attribute");
  Request request(table);
  write_key_member<T>(request.json, args...);
  if (must_exist) request.require_attribute(Model<T>::HashKey::name, true);
  UpdateText update;
  const auto write_action = [&](const auto& arg) {
    if constexpr (AnyAction<std::remove_cvref_t<decltype(arg)>>) {
      static_assert(std::same_as<typename std::remove_cvref_t<decltype(arg)>::Model, T>,
                    "ddb: an action is about another model");
      arg.write(request.placeholders, update);
    }
  };
  (write_action(args), ...);
  return finish_update<T>(request, update, now, args...);
}

/// Of the whole item; `before` null, or what it was.
template <class T, class... Options>
Update<T> change_operation(std::string_view table, const Moment& now, T item, const T* before,
                           const Options&... options) {
  Request request(table);
  request.json.key("Key");
  write_key_of(request.json, item);
  if (before != nullptr) require_version(request, *before);
  const auto fill = [&]<auto Member>() {
    fill_time<Member>(item, now, false);
  };
  if (before == nullptr) Model<T>::template each<Model<T>::created_members>(fill);
  UpdateText update;
  write_changes(request, update, item, before);
  return finish_update<T>(request, update, now, options...);
}

}  // namespace detail

}  // namespace ddb
