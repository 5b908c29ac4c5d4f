#include "dynamodb/item_codec.hpp"

#include "base/check.hpp"
#include "dynamodb/json_writer.hpp"

namespace stator::dynamodb {

namespace {

constexpr unsigned char kVersion = 1;

/// Seven bits a byte, the lowest first, the high bit on all but the last.
void put_length(std::string& out, std::size_t length) {
  while (length >= 0x80) {
    out.push_back(static_cast<char>(0x80 | (length & 0x7f)));
    length >>= 7;
  }
  out.push_back(static_cast<char>(length));
}

void put_sized(std::string& out, std::string_view bytes) {
  put_length(out, bytes.size());
  out.append(bytes);
}

void put_value(std::string& out, const Value& value);

/// Writes `write`'s output behind its length.
template <class Write>
void put_block(std::string& out, Write write) {
  std::string block;
  write(block);
  put_sized(out, block);
}

void put_entries(std::string& out, const Map& map) {
  for (const auto& [name, value] : map) {
    put_sized(out, name);
    put_value(out, value);
  }
}

struct PayloadWriter {
  std::string& out;

  void operator()(const std::string& text) const { put_sized(out, text); }
  void operator()(const Binary& binary) const { put_sized(out, binary.bytes); }
  void operator()(const Number& number) const {
    // At most 22 bytes, so the length is one byte and can be filled in afterwards.
    const std::size_t at = out.size();
    out.push_back(0);
    number.append_sortable(out);
    out[at] = static_cast<char>(out.size() - at - 1);
  }
  void operator()(bool value) const { put_sized(out, value ? "\1" : std::string_view("\0", 1)); }
  void operator()(Null) const { put_length(out, 0); }
  template <class T>
  void operator()(const SetOf<T>& set) const {
    put_block(out, [&](std::string& block) {
      for (const T& member : set.members) PayloadWriter{block}(member);
    });
  }
  void operator()(const List& list) const {
    put_block(out, [&](std::string& block) {
      for (const Value& element : list.elements) put_value(block, element);
    });
  }
  void operator()(const Map& map) const {
    put_block(out, [&](std::string& block) { put_entries(block, map); });
  }
};

/// Every value is its type, its length and that many bytes: an unknown value can be stepped over.
void put_value(std::string& out, const Value& value) {
  out.push_back(static_cast<char>(value.type()));
  std::visit(PayloadWriter{out}, value.data());
}

Number number_from(std::string_view bytes) {
  const auto number = Number::from_sortable(bytes);
  STATOR_CHECK(number.has_value());
  return *number;
}

template <class T, class Make>
SetOf<T> set_from(std::string_view payload, Make make) {
  SetOf<T> set;
  for (Cursor cursor(payload); !cursor.at_end();) set.members.push_back(make(cursor.sized()));
  return set;
}

Map map_from(const EncodedValue& encoded) {
  Map map;
  encoded.for_each_member([&](std::string_view name, const EncodedValue& value) {
    map.append(std::string(name), value.decode());
  });
  return map;
}

std::optional<EncodedValue> find_in(std::string_view payload, std::string_view name) {
  for (Cursor cursor(payload); !cursor.at_end();) {
    const std::string_view found = cursor.sized();
    const EncodedValue value = cursor.value();
    if (found == name) return value;
    if (found > name) break;
  }
  return std::nullopt;
}

}  // namespace

void append_sized(std::string& out, std::string_view bytes) {
  put_sized(out, bytes);
}

std::size_t Cursor::length() {
  std::size_t length = 0;
  for (unsigned shift = 0;; shift += 7) {
    STATOR_CHECK(at_ < bytes_.size() && shift < 35);
    const auto byte = static_cast<unsigned char>(bytes_[at_++]);
    length |= static_cast<std::size_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return length;
  }
}

std::string_view Cursor::bytes(std::size_t count) {
  STATOR_CHECK(count <= bytes_.size() - at_);
  const std::string_view taken = bytes_.substr(at_, count);
  at_ += count;
  return taken;
}

EncodedValue Cursor::value() {
  const auto type = static_cast<unsigned char>(bytes(1)[0]);
  STATOR_CHECK(type < kTypeCount);
  return {static_cast<Type>(type), sized()};
}

std::string encode_item(const Item& item) {
  const std::size_t size = size_bytes(item);
  std::string out;
  out.reserve(size + item.size() * 4 + 8);
  out.push_back(static_cast<char>(kVersion));
  put_length(out, size);
  put_entries(out, item);
  return out;
}

Value EncodedValue::decode() const {
  switch (type_) {
    case Type::kS:
      return std::string(payload_);
    case Type::kN:
      return number_from(payload_);
    case Type::kB:
      return Binary{std::string(payload_)};
    case Type::kBool:
      STATOR_CHECK(payload_.size() == 1);
      return payload_[0] != 0;
    case Type::kNull:
      return Null{};
    case Type::kSs:
      return set_from<std::string>(payload_, [](std::string_view b) { return std::string(b); });
    case Type::kNs:
      return set_from<Number>(payload_, number_from);
    case Type::kBs:
      return set_from<Binary>(payload_, [](std::string_view b) { return Binary{std::string(b)}; });
    case Type::kL: {
      List list;
      for_each_element([&](const EncodedValue& e) { list.elements.push_back(e.decode()); });
      return list;
    }
    case Type::kM:
      return map_from(*this);
  }
  STATOR_CHECK(!"unreachable");
  return {};
}

std::optional<EncodedValue> EncodedValue::member(std::string_view name) const {
  return type_ == Type::kM ? find_in(payload_, name) : std::nullopt;
}

std::optional<EncodedValue> EncodedValue::element(std::size_t index) const {
  if (type_ != Type::kL) return std::nullopt;
  for (Cursor cursor(payload_); !cursor.at_end(); --index) {
    const EncodedValue value = cursor.value();
    if (index == 0) return value;
  }
  return std::nullopt;
}

void EncodedValue::append_json(std::string& out) const {
  out.append("{\"").append(to_string(type_)).append("\":");
  const auto quoted = [](std::string& to, std::string_view b) { append_json_string(to, b); };
  const auto number = [](std::string& to, std::string_view b) {
    to.push_back('"');
    number_from(b).append_to(to);
    to.push_back('"');
  };
  const auto base64 = [](std::string& to, std::string_view b) { append_json_base64(to, b); };
  const auto set = [&](auto write_member) {
    JsonList list(out, '[', ']');
    for (Cursor cursor(payload_); !cursor.at_end();) {
      list.next();
      write_member(out, cursor.sized());
    }
  };
  switch (type_) {
    case Type::kS:
      quoted(out, payload_);
      break;
    case Type::kN:
      number(out, payload_);
      break;
    case Type::kB:
      base64(out, payload_);
      break;
    case Type::kBool:
      STATOR_CHECK(payload_.size() == 1);
      out.append(payload_[0] != 0 ? "true" : "false");
      break;
    case Type::kNull:
      out.append("true");
      break;
    case Type::kSs:
      set(quoted);
      break;
    case Type::kNs:
      set(number);
      break;
    case Type::kBs:
      set(base64);
      break;
    case Type::kL: {
      JsonList list(out, '[', ']');
      for_each_element([&](const EncodedValue& element) {
        list.next();
        element.append_json(out);
      });
      break;
    }
    case Type::kM: {
      JsonList list(out, '{', '}');
      for_each_member([&](std::string_view name, const EncodedValue& value) {
        list.next_member(name);
        value.append_json(out);
      });
      break;
    }
  }
  out.push_back('}');
}

EncodedItem::EncodedItem(std::string_view bytes) {
  STATOR_CHECK(!bytes.empty() && static_cast<unsigned char>(bytes[0]) == kVersion);
  Cursor cursor(bytes.substr(1));
  size_bytes_ = cursor.length();
  attributes_ = cursor.rest();
}

std::optional<EncodedValue> EncodedItem::find(std::string_view name) const {
  return find_in(attributes_, name);
}

Item EncodedItem::decode() const {
  return map_from(as_map());
}

void EncodedItem::append_json(std::string& out) const {
  JsonList list(out, '{', '}');
  as_map().for_each_member([&](std::string_view name, const EncodedValue& value) {
    list.next_member(name);
    value.append_json(out);
  });
}

}  // namespace stator::dynamodb
