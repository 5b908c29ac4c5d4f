#include "dynamodb/partiql/next_token.hpp"

#include <vector>

#include "base/bytes.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/json_reader.hpp"
#include "dynamodb/json_writer.hpp"
#include "dynamodb/key_codec.hpp"

namespace stator::dynamodb::partiql {

namespace {

/// A token is base64 of: version | hash of the statement (8 bytes) | hash of what follows (8) |
/// read (4) | the key as JSON. The hashes guard against mistakes, not against malice: the key
/// is checked again like any start key, so a made-up token reads nothing that its statement may
/// not read.
constexpr char kVersion = 1;
constexpr std::size_t kHeaderBytes = 1 + 8 + 8 + 4;

template <class T>
void append_number(std::string& out, T value) {
  for (std::size_t i = sizeof(T); i-- > 0;) {
    out.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
  }
}

template <class T>
T number_at(std::string_view bytes, std::size_t at) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>((value << 8) | static_cast<unsigned char>(bytes[at + i]));
  }
  return value;
}

std::uint64_t hash_of(const StatementIdentity& identity) {
  std::string bytes;
  append_number<std::uint64_t>(bytes, identity.place);
  append_number<std::uint64_t>(bytes, identity.text.size());
  bytes.append(identity.text);
  for (const Value& parameter : identity.parameters) append_json(bytes, parameter);
  return partition_hash(bytes);
}

Error invalid_token() {
  return validation("Invalid NextToken");
}

}  // namespace

std::string write_next_token(const StatementIdentity& identity, std::size_t read,
                             std::string_view key_json) {
  std::string body;
  append_number<std::uint32_t>(body, static_cast<std::uint32_t>(read));
  body.append(key_json);
  std::string bytes(1, kVersion);
  append_number<std::uint64_t>(bytes, hash_of(identity));
  append_number<std::uint64_t>(bytes, partition_hash(body));
  return base64_encode(bytes + body);
}

Result<Continuation> read_next_token(const StatementIdentity& identity, std::string_view token) {
  const auto bytes = base64_decode(token);
  if (!bytes || bytes->size() < kHeaderBytes || bytes->front() != kVersion) return invalid_token();
  const std::string_view body = std::string_view(*bytes).substr(17);
  if (number_at<std::uint64_t>(*bytes, 1) != hash_of(identity) ||
      number_at<std::uint64_t>(*bytes, 9) != partition_hash(body)) {
    return invalid_token();
  }
  Continuation continuation{number_at<std::uint32_t>(body, 0)};
  const std::string_view key_json = body.substr(4);
  if (key_json.empty()) return continuation;
  const auto document = parse_document(key_json);
  if (!document) return invalid_token();
  ValueReader reader;
  for (const auto field : *document) {
    auto value = reader.value(field.value);
    if (!value || reader.fault()) return invalid_token();
    continuation.key.set(std::string(field.key), std::move(*value));
  }
  return continuation;
}

}  // namespace stator::dynamodb::partiql
