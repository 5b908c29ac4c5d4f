// Requests with the parameters that came before expressions: any body is read or refused in the
// words of AWS, what was read has become the trees that expressions make, and those can be used on
// an item.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dynamodb/expr/evaluate.hpp"
#include "dynamodb/expr/key_condition.hpp"
#include "dynamodb/expr/projection.hpp"
#include "dynamodb/expr/update.hpp"
#include "dynamodb/item_codec.hpp"
#include "dynamodb/legacy.hpp"

namespace {

using namespace stator::dynamodb;

Item sample() {
  Item item;
  item.set("id", Value("k"));
  item.set("a", Number::from_integer(7));
  item.set("l", List{{Value("z"), NumberSet{{Number::from_integer(3)}}}});
  item.set("s", StringSet{{"p", "q"}});
  return item;
}

bool is_refusal(const stator::Error& error) {
  return !error.message.empty() &&
         (error.aws_type == "ValidationException" || error.aws_type == "SerializationException");
}

void use(const PreparedRequest& prepared, const Item& item, const EncodedItem& encoded) {
  for (const auto* condition : {&prepared.condition, &prepared.filter}) {
    if (!*condition) continue;
    static_cast<void>(expr::holds(**condition, encoded));
    static_cast<void>(expr::holds(**condition, EncodedItem()));
  }
  if (prepared.key_condition) {
    if (const auto terms = expr::key_terms(*prepared.key_condition); !terms) {
      if (!is_refusal(terms.error())) std::abort();
    }
  }
  if (prepared.update) {
    if (const auto after = expr::apply(*prepared.update, item); !after) {
      if (!is_refusal(after.error())) std::abort();
    }
    static_cast<void>(expr::apply(*prepared.update, Item()));
  }
  if (prepared.projection) {
    std::string out;
    static_cast<void>(expr::ProjectionTree(*prepared.projection).append_json(encoded, out));
  }
}

void check(const PreparedRequest& prepared) {
  if (!prepared.request.legacy) return;
  const LegacyParameters& legacy = *prepared.request.legacy;
  const auto has_some = [](const auto& conditions) { return conditions && !conditions->empty(); };
  if (has_some(legacy.expected) && !prepared.condition) std::abort();
  if (has_some(legacy.query_filter) && !prepared.filter) std::abort();
  if (has_some(legacy.scan_filter) && !prepared.filter) std::abort();
  if (has_some(legacy.key_conditions) && !prepared.key_condition) std::abort();
  if (has_some(legacy.attribute_updates) && !prepared.update) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const RequestShape shapes[] = {
      shape_of(model_of("GetItem")),    shape_of(model_of("PutItem")),
      shape_of(model_of("DeleteItem")), shape_of(model_of("UpdateItem")),
      shape_of(model_of("Query")),      shape_of(model_of("Scan"))};
  const Item item = sample();
  const std::string bytes = encode_item(item);
  const EncodedItem encoded(bytes);
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const RequestShape& shape : shapes) {
    const auto prepared = prepare(body, shape);
    if (!prepared) {
      if (!is_refusal(prepared.error())) std::abort();
      continue;
    }
    check(**prepared);
    use(**prepared, item, encoded);
  }
  return 0;
}
