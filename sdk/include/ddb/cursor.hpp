#pragma once

#include <string>
#include <string_view>

#include "ddb/request.hpp"

/// Cursors: the key that a page ended with, as a text that may stand in a URL.
namespace ddb::detail {

/// The attributes of a cursor: the table's key, and the index's where one is read.
template <class T, class Keys>
using CursorKeys = decltype(distinct(typename Model<T>::Keys::All{} + typename Keys::All{}));

inline std::string cursor_of(std::string_view key_json) {
  std::string text((key_json.size() + 2) / 3 * 4, '\0');
  text.resize(
      stator1_base64_encode(stator::sdk::borrow(key_json), STATOR1_BASE64_URL, text.data()));
  return text;
}

/// Only the key's attributes are taken over from a cursor, each in its own type, so that a made-up
/// cursor can do no more than start elsewhere.
template <class T, class Keys>
Result<void> write_start_key(JsonWriter& json, const std::string& cursor) {
  using All = CursorKeys<T, Keys>;
  const Error bad = error_of(ErrorCode::kBadCursor, "the cursor is not one of this table's");
  std::string text(cursor.size(), '\0');
  const std::size_t size =
      stator1_base64_decode(stator::sdk::borrow(cursor), STATOR1_BASE64_URL, text.data());
  if (size == static_cast<std::size_t>(-1)) return bad;
  text.resize(size);

  std::array<std::string, All::size> values;
  std::size_t found = 0;
  JsonReader reader(text);
  const bool good = reader.object([&](std::string_view attribute) {
    bool read = false;
    std::size_t at = 0;
    each(All{}, [&]<class K>() {
      const std::size_t index = at++;
      if (K::name != attribute || !values[index].empty()) return;
      typename K::Value value{};
      if (!decode(reader, value)) return;
      values[index] = Value::of(value).json;
      read = true;
    });
    found += read ? 1 : 0;
    return read || reader.fail("is no key");
  });
  if (!good || !reader.finish() || found != All::size) return bad;
  json.key("ExclusiveStartKey");
  json.begin_object();
  std::size_t at = 0;
  each(All{}, [&]<class K>() { json.raw_member(K::name, values[at++]); });
  json.end_object();
  return {};
}

/// The cursor after one item, as if a page had ended with it.
template <class T, class Keys>
std::string cursor_after(const T& item) {
  JsonWriter json;
  json.begin_object();
  each(CursorKeys<T, Keys>{}, [&]<class K>() {
    if (!has_members<K>(item)) return;
    write_key_attribute<K>(
        json, [&]<class Tag>() -> decltype(auto) { return plain_member<Tag::member>(item); });
  });
  json.end_object();
  return cursor_of(json.text());
}

}  // namespace ddb::detail
