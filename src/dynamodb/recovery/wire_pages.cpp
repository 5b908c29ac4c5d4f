#include "dynamodb/recovery/wire_pages.hpp"

#include "dynamodb/errors.hpp"
#include "dynamodb/item_codec.hpp"
#include "dynamodb/json_reader.hpp"
#include "json/json.hpp"

namespace stator::dynamodb::recovery {

Result<ScanPage> read_scan_page(std::string_view answer) {
  STATOR_TRY(const auto document, parse_document(answer));
  ScanPage page;
  simdjson::dom::array items;
  if (document["Items"].get(items) != simdjson::SUCCESS) {
    return validation("an answer of Scan without Items");
  }
  ValueReader reader;
  for (const JsonElement item : items) {
    STATOR_TRY(auto read, reader.map(item));
    if (reader.fault()) return std::move(*reader.fault());
    page.items.push_back(std::move(read));
  }
  JsonElement key;
  if (document["LastEvaluatedKey"].get(key) == simdjson::SUCCESS) {
    page.last_key = simdjson::minify(key);
  }
  return page;
}

std::string put_batch(std::string_view table, const std::vector<Item>& items) {
  std::string body = "{\"RequestItems\":{" + json::quote(table) + ":[";
  for (const Item& item : items) {
    if (body.back() != '[') body.push_back(',');
    body.append("{\"PutRequest\":{\"Item\":");
    const std::string encoded = encode_item(item);
    EncodedItem(encoded).append_json(body);
    body.append("}}");
  }
  return body.append("]}}");
}

Result<std::string> next_batch(std::string_view answer) {
  STATOR_TRY(const auto document, parse_document(answer));
  JsonObject left;
  if (document["UnprocessedItems"].get(left) != simdjson::SUCCESS || left.size() == 0) {
    return std::string();
  }
  return "{\"RequestItems\":" + simdjson::minify(left) + "}";
}

}  // namespace stator::dynamodb::recovery
