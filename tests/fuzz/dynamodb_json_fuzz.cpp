// DynamoDB JSON: any body is read or refused; an item that is read survives its way through the
// store's encoding.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dynamodb/item_codec.hpp"
#include "dynamodb/item_request.hpp"
#include "dynamodb/json_writer.hpp"

namespace {

using namespace stator::dynamodb;

constexpr MemberSet kMembers = {
    Member::kTableName,
    Member::kItem,
    Member::kKey,
    Member::kExclusiveStartKey,
    Member::kLimit,
    Member::kExpressionAttributeNames,
    Member::kConsistentRead,
    Member::kExpressionAttributeValues,
    Member::kReturnValues,
    Member::kConditionExpression,
};

void check(const ReadMap& read) {
  if (read.fault) return;
  const std::string bytes = encode_item(read.map);
  const EncodedItem encoded(bytes);
  if (encoded.decode() != read.map) std::abort();
  std::string from_bytes;
  std::string from_tree;
  encoded.append_json(from_bytes);
  append_json(from_tree, read.map);
  if (from_bytes != from_tree || encoded.size_bytes() != size_bytes(read.map)) std::abort();
  // What we write, we read back as the same item.
  const auto again = read_item_request("{\"Item\":" + from_tree + "}", kMembers);
  if (!again || again->item->fault || again->item->map != read.map) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto request = read_item_request(body, kMembers);
  if (!request) return 0;
  for (const auto* map : {&request->item, &request->key}) {
    if (*map) check(**map);
  }
  return 0;
}
