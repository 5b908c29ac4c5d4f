#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ddb/page.hpp"
#include "ddb/request.hpp"

namespace ddb {

/// Empty and zero mean: from the environment, as the AWS SDKs read it, else the default.
struct ClientOptions {
  std::string endpoint;  ///< AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL, else the region's
  std::string region;    ///< AWS_REGION, AWS_DEFAULT_REGION
  std::string access_key_id, secret_access_key, session_token;
  std::uint32_t attempts_max = 0;        ///< AWS_MAX_ATTEMPTS, else 4
  std::uint32_t connect_timeout_ms = 0;  ///< 3000
  std::uint32_t attempt_timeout_ms = 0;  ///< 10000
};

template <class T>
class Table;

/// A connection to DynamoDB, or to what speaks its language. Cheap to copy; copies share their
/// connections. Any thread.
class Client {
 public:
  explicit Client(const ClientOptions& options = {}) {
    using stator::sdk::borrow;
    const stator1_client_options given{sizeof given,
                                       borrow(options.endpoint),
                                       borrow(options.region),
                                       borrow(options.access_key_id),
                                       borrow(options.secret_access_key),
                                       borrow(options.session_token),
                                       options.attempts_max,
                                       options.connect_timeout_ms,
                                       options.attempt_timeout_ms};
    handle_ = {stator1_client_new(&given), stator1_client_free};
  }

  /// The model's table, under the schema's name or the one given.
  template <class T>
  [[nodiscard]] Table<T> table() const {
    return Table<T>(*this, std::string(detail::SchemaOf<T>::table_name));
  }
  template <class T>
  [[nodiscard]] Table<T> table(std::string name) const {
    return Table<T>(*this, std::move(name));
  }

  /// Any operation, with its own JSON: the answer's body, or an Error.
  [[nodiscard]] Result<std::string> call(std::string_view operation, std::string_view body) const {
    using stator::sdk::borrow;
    std::optional<Result<std::string>> result;
    stator1_client_call(handle_.get(), borrow(operation), borrow(body), &take_reply, &result);
    return std::move(*result);
  }

 private:
  static void take_reply(const stator1_reply* reply, void* user) {
    using stator::sdk::view_of;
    auto& result = *static_cast<std::optional<Result<std::string>>*>(user);
    std::string body(view_of(reply->body));
    if (reply->code == STATOR1_OK) {
      result.emplace(std::move(body));
      return;
    }
    Error error{static_cast<ErrorCode>(reply->code), std::string(view_of(reply->message)),
                std::string(view_of(reply->type)), std::string(view_of(reply->request_id)),
                reply->code == STATOR1_CONDITION_FAILED ? std::move(body) : std::string()};
    result.emplace(std::move(error));
  }

  std::shared_ptr<stator1_client> handle_;  // shared with the tables made of it
};

/// One table of one model. Cheap to copy. Any thread.
template <class T>
class Table {
 public:
  Table(Client client, std::string name) : client_(std::move(client)), name_(std::move(name)) {}

  [[nodiscard]] const std::string& name() const { return name_; }

  /// Stores the item in place of what is there, and answers it as stored: version counted up,
  /// times filled in. A model with a version is only stored over the version it was read with, and
  /// with version 0 only where nothing is: else kConditionFailed. Options: if_, with_old_item.
  template <class... Options>
  [[nodiscard]] Result<T> put(T item, const Options&... options) const {
    static_assert((detail::WriteOption<Options> && ...),
                  "ddb: put() takes an item, then if_(condition) and with_old_item");
    auto body = detail::put_request(name_, item, now(), options...);
    if (!body) return body.error();
    auto answer = client_.call("PutItem", *body);
    if (!answer) return answer.error();
    return item;
  }

  /// The item of that key; empty when there is none. Keys, then: consistent.
  template <class... Args>
  [[nodiscard]] Result<std::optional<T>> get(const Args&... args) const {
    static_assert(
        has_key<Args...>(),
        "ddb: get() needs exactly the primary key of the model (hash, or hash and range)");
    static_assert(((!AnyOption<Args> || detail::ReadOption<Args>)&&...),
                  "ddb: get() takes keys, then consistent");
    auto body = detail::get_request<T>(name_, args...);
    if (!body) return body.error();
    auto answer = client_.call("GetItem", *body);
    if (!answer) return answer.error();
    return detail::read_item<T>(*answer, "Item");
  }

  /// Changes some attributes and answers the whole item as it is then. Counts the version up. An
  /// item that is not there is made, unless a condition forbids it. Keys, then actions (set,
  /// set_if_missing, add, append, remove, take_out), then: if_, with_old_item.
  template <class... Args>
  [[nodiscard]] Result<T> update(const Args&... args) const {
    static_assert(
        has_key<Args...>(),
        "ddb: update() needs exactly the primary key of the model (hash, or hash and range)");
    static_assert((AnyAction<Args> || ...), "ddb: update() needs at least one action");
    static_assert(((!AnyOption<Args> || detail::WriteOption<Args>)&&...),
                  "ddb: update() takes keys and actions, then if_(condition) and with_old_item");
    auto body = detail::update_request<T>(name_, now(), args...);
    if (!body) return body.error();
    auto answer = client_.call("UpdateItem", *body);
    if (!answer) return answer.error();
    auto item = detail::read_item<T>(*answer, "Attributes");
    if (!item) return item.error();
    if (!*item) return Error{ErrorCode::kBadReply, "UpdateItem answered no item", {}, {}, {}};
    return std::move(**item);
  }

  /// Removes the item, if it is there. Keys, then: if_, with_old_item.
  template <class... Args>
  [[nodiscard]] Result<void> erase(const Args&... args) const {
    static_assert(
        has_key<Args...>(),
        "ddb: erase() needs exactly the primary key of the model (hash, or hash and range)");
    static_assert(((!AnyOption<Args> || detail::WriteOption<Args>)&&...),
                  "ddb: erase() takes keys, then if_(condition) and with_old_item");
    auto body = detail::erase_request<T>(name_, args...);
    if (!body) return body.error();
    auto answer = client_.call("DeleteItem", *body);
    if (!answer) return answer.error();
    return {};
  }

  /// One page of a partition, in order of the sort key. Options: limit, from, descending, filter,
  /// consistent.
  template <AnyCondition Key, class... Options>
  [[nodiscard]] Result<Page<T>> query(const Key& key, const Options&... options) const {
    static_assert(detail::is_key_condition<Key, T>,
                  "ddb: query() needs 'hash == value' optionally && one condition on the range "
                  "key");
    static_assert((detail::QueryOption<Options> && ...),
                  "ddb: query() takes limit, from, descending, filter and consistent");
    return page("Query", detail::query_request<T>(name_, key, options...));
  }

  /// One page of the whole table, in no order that means anything. Options: limit, from, filter,
  /// consistent.
  template <class... Options>
  [[nodiscard]] Result<Page<T>> scan(const Options&... options) const {
    static_assert((detail::ScanOption<Options> && ...),
                  "ddb: scan() takes limit, from, filter and consistent");
    return page("Scan", detail::scan_request<T>(name_, options...));
  }

 private:
  template <class... Args>
  static consteval bool has_key() {
    constexpr std::size_t kKeys = detail::leading_keys<Args...>;
    if constexpr (kKeys != Model<T>::key_size) {
      return false;
    } else {
      return []<std::size_t... I>(std::index_sequence<I...>) {
        return detail::is_full_key<T, std::tuple_element_t<I, std::tuple<Args...>>...>;
      }
      (std::make_index_sequence<kKeys>{});
    }
  }

  [[nodiscard]] Result<Page<T>> page(std::string_view operation,
                                     const Result<std::string>& body) const {
    if (!body) return body.error();
    auto answer = client_.call(operation, *body);
    if (!answer) return answer.error();
    return detail::read_page<T>(*answer);
  }

  static std::string now() {
    std::array<char, 24> text;
    stator1_format_time(stator1_now_ms(), text.data());
    return {text.data(), text.size()};
  }

  Client client_;
  std::string name_;
};

}  // namespace ddb
