#include "dynamodb/streams/iterator.hpp"

#include <array>

#include "base/bytes.hpp"
#include "base/check.hpp"
#include "crypto/crypto.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/key_codec.hpp"
#include "storage/key.hpp"

namespace stator::dynamodb::streams {

namespace {

using storage::Family;

constexpr std::string_view kSeparator = "|1|";
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kMarkBytes = 16;
/// A byte for the kind of position, its number and the time of issue.
constexpr std::size_t kFixedBytes = 17;

std::string key_key() {
  return storage::path_key({"", "", "dynamodb", "stream-iterator-key"});
}

std::uint64_t read_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::string read_or_make_key(storage::Store& store, Random& random) {
  const auto found = store.get(Family::kMeta, key_key());
  if (!found)
    throw ConfigError("cannot read the key of stream iterators: " + found.error().message);
  if (*found) return **found;
  std::array<std::byte, kKeyBytes> bytes{};
  random.fill(bytes);
  std::string key(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  storage::Batch batch;
  batch.put(Family::kMeta, key_key(), key);
  if (const auto written = store.write(std::move(batch)); !written) {
    throw ConfigError("cannot keep the key of stream iterators: " + written.error().message);
  }
  return key;
}

Error invalid_iterator() {
  return validation("Invalid ShardIterator");
}

}  // namespace

IteratorSeal::IteratorSeal(storage::Store& store, Random& random)
    : key_(read_or_make_key(store, random)) {}

std::string IteratorSeal::mark(std::string_view arn, std::string_view payload) const {
  std::string bytes(arn);
  bytes.append(kSeparator).append(payload);
  return crypto::hmac_sha256(key_, bytes).substr(0, kMarkBytes);
}

std::string IteratorSeal::seal(const ShardIterator& iterator) const {
  std::string payload;
  payload.push_back(iterator.position.is_horizon ? 1 : 0);
  // A table's prefix is a number as eight bytes, the highest first.
  payload.append(table_prefix(iterator.position.number));
  payload.append(table_prefix(static_cast<std::uint64_t>(epoch_ms(iterator.issued))));
  payload.append(iterator.shard_id);
  std::string text = iterator.stream_arn;
  text.append(kSeparator);
  return text.append(base64_encode(payload + mark(iterator.stream_arn, payload)));
}

Result<ShardIterator> IteratorSeal::open(std::string_view text) const {
  const auto at = text.find(kSeparator);
  if (at == std::string_view::npos) return invalid_iterator();
  const std::string_view arn = text.substr(0, at);
  const auto bytes = base64_decode(text.substr(at + kSeparator.size()));
  if (!bytes || bytes->size() < kFixedBytes + kMarkBytes) return invalid_iterator();
  const std::string_view payload(bytes->data(), bytes->size() - kMarkBytes);
  if (!equal_constant_time(mark(arn, payload), bytes->substr(payload.size()))) {
    return invalid_iterator();
  }
  ShardIterator iterator;
  iterator.stream_arn = arn;
  iterator.position = {read_big_endian(payload.substr(1, 8)), payload[0] == 1};
  iterator.issued = from_epoch_ms(static_cast<std::int64_t>(read_big_endian(payload.substr(9, 8))));
  iterator.shard_id = payload.substr(kFixedBytes);
  return iterator;
}

Result<void> check_age(const ShardIterator& iterator, WallTime now) {
  if (now - iterator.issued <= kIteratorLife) return {};
  return Error{ErrorCode::kInvalid,
               "The shard iterator has expired and can no longer be used to retrieve stream "
               "records. A shard iterator expires 15 minutes after it is retrieved using the "
               "GetShardIterator action.",
               "ExpiredIteratorException"};
}

}  // namespace stator::dynamodb::streams
