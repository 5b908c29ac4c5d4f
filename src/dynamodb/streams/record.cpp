#include "dynamodb/streams/record.hpp"

#include <array>
#include <charconv>

#include "base/bytes.hpp"
#include "base/check.hpp"
#include "crypto/crypto.hpp"
#include "dynamodb/json_writer.hpp"
#include "dynamodb/key_codec.hpp"

namespace stator::dynamodb::streams {

namespace {

using storage::Family;
using View = StreamSettings::View;

constexpr unsigned char kVersion = 1;
constexpr std::size_t kIdBytes = 8;
constexpr std::size_t kKeyBytes = 16;
constexpr std::size_t kSequenceDigits = 21;
constexpr std::array<std::string_view, 3> kEvents = {"INSERT", "MODIFY", "REMOVE"};
constexpr std::array<std::string_view, 4> kViews = {"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE",
                                                    "NEW_AND_OLD_IMAGES"};

// The second byte of a record: its event, and a bit for each thing that it may have.
constexpr unsigned kEventMask = 0x03;
constexpr unsigned kByTimeToLive = 0x04;
constexpr unsigned kHasOldImage = 0x08;
constexpr unsigned kHasNewImage = 0x10;

void append_big_endian(std::string& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(static_cast<unsigned char>(value >> shift)));
  }
}

std::uint64_t read_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::string keys_of(const Table& table, const EncodedItem& item) {
  Item keys;
  const auto take = [&](const std::string& name) {
    const auto value = item.find(name);
    STATOR_CHECK(value.has_value());
    keys.set(name, value->decode());
  };
  take(table.partition.name);
  if (table.sort) take(table.sort->name);
  return encode_item(keys);
}

Event event_of(const ItemChange& change) {
  if (change.now.kind == NewItem::Kind::kErase) return Event::kRemove;
  return change.old_bytes ? Event::kModify : Event::kInsert;
}

std::size_t size_of(const std::optional<std::string>& image) {
  return image ? EncodedItem(*image).size_bytes() : 0;
}

void append_item(JsonList& list, std::string& out, std::string_view name,
                 const std::optional<std::string>& bytes) {
  if (!bytes) return;
  list.next_member(name);
  EncodedItem(*bytes).append_json(out);
}

void append_change(std::string& out, const Record& record, const Table& table) {
  JsonList change(out, '{', '}');
  change.next_member("ApproximateCreationDateTime");
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html:
  // rounded down to the second.
  out.append(std::to_string(epoch_ms(record.created) / 1'000));
  append_item(change, out, "Keys", record.keys);
  append_item(change, out, "NewImage", record.new_image);
  append_item(change, out, "OldImage", record.old_image);
  change.next_member("SequenceNumber");
  append_json_string(out, sequence_number(record.number));
  change.next_member("SizeBytes");
  out.append(std::to_string(record.size_bytes()));
  change.next_member("StreamViewType");
  append_json_string(out, to_string(table.stream->view));
}

}  // namespace

std::size_t Record::size_bytes() const {
  return size_of(keys) + size_of(old_image) + size_of(new_image);
}

void add_record(const ItemChange& change, const Occasion& occasion, storage::Batch& batch) {
  const Table& table = *change.table;
  if (!table.stream || !table.stream->is_enabled) return;
  const View view = table.stream->view;
  const bool has_new = change.now.kind == NewItem::Kind::kPut;
  Record record{occasion.number, event_of(change), occasion.cause, occasion.now, {}};
  record.keys = keys_of(table, EncodedItem(has_new ? change.now.bytes : *change.old_bytes));
  if (change.old_bytes && (view == View::kOldImage || view == View::kNewAndOldImages)) {
    record.old_image = change.old_bytes;
  }
  if (has_new && (view == View::kNewImage || view == View::kNewAndOldImages)) {
    record.new_image = change.now.bytes;
  }
  batch.put(Family::kStreams, record_key(table.stream->id, record.number), encode_record(record));
}

std::string record_key(TableId stream, std::uint64_t number) {
  std::string key;
  key.reserve(kKeyBytes);
  append_big_endian(key, stream);
  append_big_endian(key, number);
  return key;
}

std::string encode_record(const Record& record) {
  unsigned flags = static_cast<unsigned>(record.event);
  if (record.cause == Cause::kTimeToLive) flags |= kByTimeToLive;
  if (record.old_image) flags |= kHasOldImage;
  if (record.new_image) flags |= kHasNewImage;
  std::string out;
  out.reserve(24 + record.keys.size() + (record.old_image ? record.old_image->size() : 0) +
              (record.new_image ? record.new_image->size() : 0));
  out.push_back(static_cast<char>(kVersion));
  out.push_back(static_cast<char>(flags));
  append_big_endian(out, static_cast<std::uint64_t>(epoch_ms(record.created)));
  append_sized(out, record.keys);
  if (record.old_image) append_sized(out, *record.old_image);
  if (record.new_image) append_sized(out, *record.new_image);
  return out;
}

Record decode_record(std::string_view key, std::string_view value) {
  STATOR_CHECK(key.size() == kKeyBytes);
  Cursor cursor(value);
  STATOR_CHECK(static_cast<unsigned char>(cursor.bytes(1)[0]) == kVersion);
  const auto flags = static_cast<unsigned char>(cursor.bytes(1)[0]);
  STATOR_CHECK((flags & kEventMask) < kEvents.size());
  Record record;
  record.number = read_big_endian(key.substr(kIdBytes));
  record.event = static_cast<Event>(flags & kEventMask);
  record.cause = (flags & kByTimeToLive) ? Cause::kTimeToLive : Cause::kRequest;
  record.created = from_epoch_ms(static_cast<std::int64_t>(read_big_endian(cursor.bytes(8))));
  record.keys = cursor.sized();
  if (flags & kHasOldImage) record.old_image = cursor.sized();
  if (flags & kHasNewImage) record.new_image = cursor.sized();
  return record;
}

Result<std::uint64_t> last_record_number(const storage::Store& store, TableId stream) {
  const auto records = store.iterate(Family::kStreams, table_range(stream));
  records->seek_last();
  STATOR_TRY_VOID(records->status());
  if (!records->valid()) return std::uint64_t{0};
  return read_big_endian(records->key().substr(kIdBytes));
}

std::string sequence_number(std::uint64_t number) {
  // A leading 1 and 20 digits, which hold every number.
  const std::string digits = std::to_string(number);
  return "1" + std::string(kSequenceDigits - 1 - digits.size(), '0') + digits;
}

std::optional<std::uint64_t> number_from(std::string_view sequence_number) {
  if (sequence_number.size() != kSequenceDigits || sequence_number[0] != '1') return std::nullopt;
  std::uint64_t number = 0;
  const char* end = sequence_number.data() + sequence_number.size();
  const auto [at, error] = std::from_chars(sequence_number.data() + 1, end, number);
  if (error != std::errc() || at != end) return std::nullopt;
  return number;
}

namespace {

/// What GetRecords and events of functions have in common.
void append_head(JsonList& list, std::string& out, const Record& record, const Table& table) {
  list.next_member("eventID");
  const std::string key = record_key(table.stream->id, record.number);
  append_json_string(out, hex_encode(crypto::md5(table.table_id + key)));
  list.next_member("eventName");
  append_json_string(out, kEvents[static_cast<std::size_t>(record.event)]);
  list.next_member("eventVersion");
  append_json_string(out, "1.1");
  list.next_member("eventSource");
  append_json_string(out, "aws:dynamodb");
  list.next_member("awsRegion");
  append_json_string(out, table.region);
  list.next_member("dynamodb");
  append_change(out, record, table);
}

}  // namespace

void append_json(std::string& out, const Record& record, const Table& table) {
  JsonList list(out, '{', '}');
  append_head(list, out, record, table);
  if (record.cause != Cause::kTimeToLive) return;
  list.next_member("userIdentity");
  out.append(R"({"PrincipalId":"dynamodb.amazonaws.com","Type":"Service"})");
}

void append_event_json(std::string& out, const Record& record, const Table& table) {
  JsonList list(out, '{', '}');
  append_head(list, out, record, table);
  list.next_member("eventSourceARN");
  append_json_string(out, table.stream_arn());
  if (record.cause != Cause::kTimeToLive) return;
  list.next_member("userIdentity");
  out.append(R"({"principalId":"dynamodb.amazonaws.com","type":"Service"})");
}

std::string_view to_string(StreamSettings::View view) {
  return kViews[static_cast<std::size_t>(view)];
}

}  // namespace stator::dynamodb::streams
