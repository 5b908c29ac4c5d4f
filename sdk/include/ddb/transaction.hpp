#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "ddb/table.hpp"

/// Writes and reads that happen together or not at all.
namespace ddb {

/// At most so many operations are one transaction.
inline constexpr std::size_t kTransactionMax = 100;

template <class O>
concept WriteOperation = std::derived_from<O, RequestText> && requires {
  typename O::Model;
  O::in_transaction;
} && !O::in_transaction.empty() && O::in_transaction != "Get";

/// A transaction that is put together while the program runs. Operations keep their order, so that
/// Error::reasons[i] is about the i-th that was added.
///   Transaction all;
///   for (const auto& line : lines) all.add(ddb::update(stock, line.id, add(left, -line.count)));
///   auto done = all.send(client);
class Transaction {
 public:
  template <WriteOperation O>
  Transaction& add(const O& operation) {
    parts_.push_back(operation.body
                         ? "{\"" + std::string(O::in_transaction) + "\":" + *operation.body + "}"
                         : std::string());
    if (!operation.body && !problem_) problem_ = operation.body.error();
    return *this;
  }
  /// The same token for the same transaction within ten minutes: it happens once, however often it
  /// is sent. Without one each send() makes its own, which covers its retries.
  Transaction& token(std::string text) { return token_ = std::move(text), *this; }

  [[nodiscard]] std::size_t size() const { return parts_.size(); }

  /// The JSON that is sent.
  [[nodiscard]] Result<std::string> params() const {
    if (problem_) return *problem_;
    if (parts_.empty() || parts_.size() > kTransactionMax) {
      return detail::invalid("a transaction has 1 to 100 operations, this one " +
                             std::to_string(parts_.size()));
    }
    JsonWriter json;
    json.begin_object();
    json.key("TransactItems");
    json.begin_array();
    for (const std::string& part : parts_) json.raw(part);
    json.end_array();
    json.member("ClientRequestToken", token_.empty() ? make_uuid4() : token_);
    json.end_object();
    return json.take();
  }

  /// kCancelled, with `reasons`, when any operation's condition fails or something is in the way;
  /// then nothing was written.
  [[nodiscard]] Result<void> send(const Client& client) const {
    const auto body = params();
    if (!body) return body.error();
    const auto answer = client.call("TransactWriteItems", *body);
    if (!answer) return answer.error();
    return {};
  }

 private:
  std::vector<std::string> parts_;
  std::string token_;
  std::optional<Error> problem_;
};

/// All of these or none: transact(client, ddb::put(users, user), ddb::update(stock, "s1",
/// add(left, -1), if_(left > 0)), ddb::check(shops, "x", if_(exists(shop)))).
template <WriteOperation... Operations>
[[nodiscard]] Result<void> transact(const Client& client, const Operations&... operations) {
  static_assert(sizeof...(Operations) >= 1 && sizeof...(Operations) <= kTransactionMax,
                "ddb: a transaction has 1 to 100 operations");
  Transaction all;
  (all.add(operations), ...);
  return all.send(client);
}

namespace detail {

template <class O>
inline constexpr bool is_get = false;
template <class T, class P>
inline constexpr bool is_get<Get<T, P>> = true;

template <class... Gets>
Result<std::string> transact_get_body(const Gets&... gets) {
  std::optional<Error> problem;
  JsonWriter json;
  json.begin_object();
  json.key("TransactItems");
  json.begin_array();
  (
      [&] {
        if (!gets.body) problem = gets.body.error();
        json.raw("{\"Get\":" + (gets.body ? *gets.body : std::string("{}")) + "}");
      }(),
      ...);
  json.end_array();
  json.end_object();
  if (problem) return *problem;
  return json.take();
}

}  // namespace detail

/// Items as they were at one moment, in the order asked for: a std::tuple of std::optionals.
template <class... Gets>
requires(detail::is_get<Gets>&&...)
    [[nodiscard]] Result<std::tuple<typename Gets::Answer...>> transact_get(const Client& client,
                                                                            const Gets&... gets) {
  static_assert(sizeof...(Gets) >= 1 && sizeof...(Gets) <= kTransactionMax,
                "ddb: a transaction has 1 to 100 operations");
  const auto body = detail::transact_get_body(gets...);
  if (!body) return body.error();
  const auto answer = client.call("TransactGetItems", *body);
  if (!answer) return answer.error();

  std::vector<std::string> items;
  JsonReader json(*answer);
  json.object([&](std::string_view name) {
    if (name != "Responses") return json.skip();
    return json.array([&] {
      std::string_view slice;
      if (!json.skip(&slice)) return false;
      items.emplace_back(slice);
      return true;
    });
  });
  if (!json.finish()) return detail::bad_item(json);
  if (items.size() != sizeof...(Gets)) {
    return detail::error_of(ErrorCode::kBadReply,
                            "TransactGetItems answered " + std::to_string(items.size()) + " items");
  }
  std::tuple<typename Gets::Answer...> found;
  std::optional<Error> problem;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (
        [&] {
          auto one = gets.read(items[I]);
          one ? void(std::get<I>(found) = std::move(*one)) : void(problem = one.error());
        }(),
        ...);
  }
  (std::index_sequence_for<Gets...>{});
  if (problem) return *problem;
  return found;
}

}  // namespace ddb
