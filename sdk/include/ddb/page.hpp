#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ddb/request.hpp"

/// Query and Scan: their requests, their pages and the cursors between them.
namespace ddb {

/// Some of a table's items, and where the next ones begin. A page may be empty and still not be
/// the last: only a missing cursor says that.
template <class T>
struct Page {
  std::vector<T> items;
  std::optional<std::string> cursor;  ///< url-safe; opaque
};

namespace detail {

/// A cursor is the key that a page ended with. Only that key's attributes are taken over from it,
/// each in its own type, so that a made-up cursor can do no more than start elsewhere.
template <class T>
Result<void> write_start_key(JsonWriter& json, const std::string& cursor) {
  const Error bad{ErrorCode::kBadCursor, "the cursor is not one of this table's", {}, {}, {}};
  std::string text(cursor.size(), '\0');
  const std::size_t size =
      stator1_base64_decode(stator::sdk::borrow(cursor), STATOR1_BASE64_URL, text.data());
  if (size == static_cast<std::size_t>(-1)) return bad;
  text.resize(size);

  T key{};
  std::size_t found = 0;
  JsonReader reader(text);
  const bool good = reader.object([&](std::string_view attribute) {
    bool read = false;
    Model<T>::template each<Model<T>::key_members>([&]<auto Member>() {
      if (attribute_name<Member>() == attribute) read = decode(reader, key.*Member);
    });
    found += read ? 1 : 0;
    return read || reader.fail("is no key");
  });
  if (!good || !reader.finish() || found != Model<T>::key_size) return bad;
  json.key("ExclusiveStartKey");
  json.begin_object();
  Model<T>::template each<Model<T>::key_members>([&]<auto Member>() {
    json.key(attribute_name<Member>());
    encode(json, key.*Member);
  });
  json.end_object();
  return {};
}

template <class T, class O>
Result<void> write_page_option(Request& request, const O& option) {
  if constexpr (std::same_as<O, Consistent>) {
    request.json.raw_member("ConsistentRead", "true");
  } else if constexpr (std::same_as<O, Descending>) {
    request.json.raw_member("ScanIndexForward", "false");
  } else if constexpr (std::same_as<O, Limit>) {
    request.json.raw_member("Limit", stator::sdk::number_text(option.count));
  } else if constexpr (std::same_as<O, From>) {
    if (!option.cursor.empty()) return write_start_key<T>(request.json, option.cursor);
  } else {
    std::string text;
    option.condition.write(request.placeholders, text);
    request.json.member("FilterExpression", text);
  }
  return {};
}

template <class T, class... Options>
Result<std::string> finish_page_request(Request& request, const Options&... options) {
  Result<void> written;
  ((written = written ? write_page_option<T>(request, options) : written), ...);
  if (!written) return written.error();
  return request.finish();
}

template <class T, class... Options>
Result<std::string> scan_request(std::string_view table, const Options&... options) {
  Request request(table);
  return finish_page_request<T>(request, options...);
}

template <class T, class Key, class... Options>
Result<std::string> query_request(std::string_view table, const Key& key,
                                  const Options&... options) {
  Request request(table);
  std::string text;
  key.write(request.placeholders, text);
  // The outer parentheses of "(hash AND range)" are not allowed here.
  if (text.starts_with('(')) text = text.substr(1, text.size() - 2);
  request.json.member("KeyConditionExpression", text);
  return finish_page_request<T>(request, options...);
}

inline std::string cursor_of(std::string_view key_json) {
  std::string text((key_json.size() + 2) / 3 * 4, '\0');
  text.resize(
      stator1_base64_encode(stator::sdk::borrow(key_json), STATOR1_BASE64_URL, text.data()));
  return text;
}

template <class T>
Result<Page<T>> read_page(std::string_view body) {
  Page<T> page;
  JsonReader json(body);
  json.object([&](std::string_view name) {
    if (name == "Items") {
      return json.array([&] { return decode_attributes(json, page.items.emplace_back()); });
    }
    std::string_view slice;
    if (!json.skip(&slice)) return false;
    if (name == "LastEvaluatedKey") page.cursor = cursor_of(slice);
    return true;
  });
  if (!json.finish()) return bad_item(json);
  return page;
}

}  // namespace detail

}  // namespace ddb
