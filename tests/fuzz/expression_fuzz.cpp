// Expressions: any text is parsed or refused in the words of AWS, and what was parsed can be
// evaluated, applied and projected on an item.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dynamodb/expr/evaluate.hpp"
#include "dynamodb/expr/key_condition.hpp"
#include "dynamodb/expr/parser.hpp"
#include "dynamodb/expr/projection.hpp"
#include "dynamodb/expr/update.hpp"

namespace {

using namespace stator::dynamodb;

Item sample() {
  Map inner;
  inner.set("b", Value("x"));
  inner.set("l", List{{Value("y"), Number::from_integer(1)}});
  Item item;
  item.set("id", Value("k"));
  item.set("a", inner);
  item.set("b", Number::from_integer(7));
  item.set("l", List{{inner, Value("z"), NumberSet{{Number::from_integer(3)}}}});
  item.set("s", StringSet{{"p", "q"}});
  return item;
}

Map values() {
  Map map;
  map.set(":a", Value("x"));
  map.set(":n", Number::from_integer(2));
  map.set(":l", List{{Value("y")}});
  map.set(":s", StringSet{{"q"}});
  map.set(":t", Value("S"));
  return map;
}

void check(const stator::Error& error) {
  if (error.aws_type != "ValidationException" || error.message.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Item item = sample();
  const Map map = values();
  const expr::Names names = {{"#a", "a"}, {"#n", "name"}};
  const std::string bytes = encode_item(item);
  const EncodedItem encoded(bytes);

  expr::Placeholders placeholders(names, map);
  const auto condition = expr::parse_condition("ConditionExpression", text, placeholders);
  if (condition) {
    static_cast<void>(expr::holds(*condition, encoded));
    static_cast<void>(expr::holds(*condition, EncodedItem()));
    if (const auto terms = expr::key_terms(*condition); !terms) check(terms.error());
  } else {
    check(condition.error());
  }
  const auto update = expr::parse_update(text, placeholders);
  if (update) {
    const auto applied = expr::apply(*update, item);
    if (!applied) check(applied.error());
    if (applied) {
      const std::string after = encode_item(*applied);
      if (EncodedItem(after).decode() != *applied) std::abort();
    }
  } else {
    check(update.error());
  }
  const auto projection = expr::parse_projection(text, placeholders);
  if (projection) {
    std::string out;
    expr::ProjectionTree(*projection).append_json(encoded, out);
  } else {
    check(projection.error());
  }
  return 0;
}
