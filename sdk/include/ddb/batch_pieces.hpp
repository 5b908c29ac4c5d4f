#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ddb/table.hpp"

/// The pieces of a batch: what is sent, what is left over, what comes of it.
namespace ddb {

/// What the service takes at once.
inline constexpr std::size_t kBatchWriteMax = 25;
inline constexpr std::size_t kBatchGetMax = 100;

/// A key as a value: the members that it is made of, in their order.
template <class T>
using Key = decltype(detail::key_values(std::declval<T>()));

/// What a batch came to. Test it; value() throws what went wrong.
class BatchReport {
 public:
  /// Whether everything was done.
  explicit operator bool() const { return left_.empty() && !error_; }
  /// Which of the things asked for were not done, or may not have been: their places in the order
  /// they were given, over all arguments. Ask for those again.
  [[nodiscard]] const std::vector<std::size_t>& left() const { return left_; }
  /// Why, unless the service was merely too busy for all rounds.
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  void value() const {
    if (error_) raise(*error_);
    if (!left_.empty()) {
      raise(detail::error_of(ErrorCode::kThrottled,
                             std::to_string(left_.size()) + " of the batch were left over"));
    }
  }

  std::vector<std::size_t> left_;
  std::optional<Error> error_;
};

namespace detail {

/// The key of a batch's entry as a text that is the same however the service spells it.
inline bool read_identity(JsonReader& json, std::map<std::string, std::string>& key,
                          const std::vector<std::string_view>& names) {
  return json.object([&](std::string_view name) {
    Value value;
    if (!decode(json, value)) return false;
    if (std::find(names.begin(), names.end(), name) == names.end()) return true;
    std::string text = value.json;
    if (const auto number = value.as<Number>(); number) {
      text = "N" + stator::sdk::canonical(number->digits);
    } else if (const auto string = value.as<std::string>(); string) {
      text = "S" + *string;
    }
    key[std::string(name)] = text;
    return true;
  });
}
inline std::string identity_text(std::string_view table,
                                 const std::map<std::string, std::string>& key) {
  JsonWriter json;
  json.begin_array();
  json.string(table);
  for (const auto& [name, value] : key) json.string(value);
  json.end_array();
  return json.take();
}
inline std::string identity_of(std::string_view table, std::string_view attributes,
                               const std::vector<std::string_view>& names) {
  std::map<std::string, std::string> key;
  JsonReader json(attributes);
  read_identity(json, key, names);
  return identity_text(table, key);
}

template <class T>
std::vector<std::string_view> key_names() {
  std::vector<std::string_view> names;
  each(typename Model<T>::Keys::All{}, [&]<class K>() { names.push_back(K::name); });
  return names;
}

/// One thing to do, and how its item is known again in what is left over.
struct BatchEntry {
  std::string table;
  std::string json;  ///< {"PutRequest": ...}, or a key
  std::string identity;
  std::size_t place = 0;
};

/// Gathers entries; of several for one item the last one counts, since the service takes one.
class BatchEntries {
 public:
  void add(BatchEntry entry) {
    entry.place = count_++;
    const auto [at, is_new] = index_.try_emplace(entry.identity, entries_.size());
    if (is_new) {
      entries_.push_back(std::move(entry));
    } else {
      entries_[at->second] = std::move(entry);
    }
  }
  void add_names(const std::string& table, std::vector<std::string_view> names) {
    names_[table] = std::move(names);
  }

  std::vector<BatchEntry> entries_;
  std::map<std::string, std::vector<std::string_view>> names_;  ///< key attributes by table
  std::optional<Error> problem_;

 private:
  std::size_t count_ = 0;
  std::map<std::string, std::size_t> index_;
};

/// A part of a batch: what to send, and the operation's words for it.
struct BatchCall {
  std::string_view operation;  ///< BatchWriteItem or BatchGetItem
  std::string_view left_over;  ///< UnprocessedItems or UnprocessedKeys
};

inline std::string join_entries(const std::vector<const BatchEntry*>& entries,
                                const std::map<std::string, std::string>& options, bool is_get) {
  std::map<std::string, std::vector<const BatchEntry*>> by_table;
  for (const BatchEntry* entry : entries) by_table[entry->table].push_back(entry);
  JsonWriter json;
  json.begin_object();
  for (const auto& [table, list] : by_table) {
    json.key(table);
    if (is_get) {
      json.begin_object();
      json.key("Keys");
    }
    json.begin_array();
    for (const BatchEntry* entry : list) json.raw(entry->json);
    json.end_array();
    if (!is_get) continue;
    if (const auto more = options.find(table); more != options.end()) json.raw_rest(more->second);
    json.end_object();
  }
  json.end_object();
  return json.take();
}

/// The identities in UnprocessedItems or UnprocessedKeys; false when one cannot be read.
inline bool read_left_over(std::string_view text, const BatchEntries& all, bool is_get,
                           std::vector<std::string>& identities) {
  JsonReader json(text);
  json.object([&](std::string_view name) {
    const std::string table(name);
    const auto names = all.names_.find(table);
    if (names == all.names_.end()) return json.fail("is a table that was not asked for");
    const auto one = [&] {
      std::map<std::string, std::string> key;
      if (!read_identity(json, key, names->second)) return false;
      identities.push_back(identity_text(table, key));
      return true;
    };
    if (is_get) {
      return json.object(
          [&](std::string_view part) { return part == "Keys" ? json.array(one) : json.skip(); });
    }
    return json.array([&] {
      return json.object(
          [&](std::string_view) { return json.object([&](std::string_view) { return one(); }); });
    });
  });
  return json.finish();
}

/// Sends one piece until nothing of it is left over, or its rounds are over. `take` reads an
/// answer.
template <class Take>
std::optional<Error> send_piece(const Client& client, const BatchCall& call,
                                const BatchEntries& all, std::vector<const BatchEntry*>& piece,
                                const std::map<std::string, std::string>& options,
                                const Take& take) {
  const bool is_get = call.operation == "BatchGetItem";
  for (std::uint32_t round = 1;; ++round) {
    const auto answer = client.call(
        call.operation, R"({"RequestItems":)" + join_entries(piece, options, is_get) + "}");
    if (!answer) return answer.error();
    std::string left = "{}";
    JsonReader json(*answer);
    const bool good = json.object([&](std::string_view name) {
      if (name != call.left_over) return take(json, name);
      std::string_view slice;
      return json.skip(&slice) && (left = slice, true);
    });
    if (!good || !json.finish()) return bad_item(json);
    std::vector<std::string> identities;
    std::vector<const BatchEntry*> rest;
    bool known = read_left_over(left, all, is_get, identities);
    for (const std::string& identity : identities) {
      const auto at = std::find_if(piece.begin(), piece.end(), [&](const BatchEntry* entry) {
        return entry->identity == identity;
      });
      known = known && at != piece.end();
      if (at != piece.end()) rest.push_back(*at);
    }
    if (!known) return error_of(ErrorCode::kBadReply, "what is left over was not asked for");
    piece = std::move(rest);
    if (piece.empty() || round >= client.batch_rounds_max()) return std::nullopt;
    stator1_sleep_ms(stator1_backoff_ms(round));
  }
}

template <class Take>
BatchReport send_batch(const Client& client, const BatchCall& call, const BatchEntries& all,
                       const std::map<std::string, std::string>& options, const Take& take) {
  BatchReport report;
  report.error_ = all.problem_;
  const std::size_t most = call.operation == "BatchGetItem" ? kBatchGetMax : kBatchWriteMax;
  for (std::size_t at = 0; at < all.entries_.size(); at += most) {
    std::vector<const BatchEntry*> piece;
    for (std::size_t i = at; i < std::min(at + most, all.entries_.size()); ++i) {
      piece.push_back(&all.entries_[i]);
    }
    // After an error nothing more is sent: what is wrong with one piece is wrong with the next.
    if (!report.error_) report.error_ = send_piece(client, call, all, piece, options, take);
    for (const BatchEntry* entry : piece) report.left_.push_back(entry->place);
  }
  std::sort(report.left_.begin(), report.left_.end());
  return report;
}

}  // namespace detail

}  // namespace ddb
