// PartiQL: any text is parsed or refused in the words of AWS, and what was parsed can be translated
// into the engine's conditions, updates and reads.
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <string_view>

#include "dynamodb/expr/evaluate.hpp"
#include "dynamodb/expr/update.hpp"
#include "dynamodb/partiql/columns.hpp"
#include "dynamodb/partiql/key_plan.hpp"
#include "dynamodb/partiql/literal.hpp"
#include "dynamodb/partiql/parser.hpp"
#include "dynamodb/partiql/update.hpp"

namespace {

using namespace stator::dynamodb;

Item sample() {
  Map inner;
  inner.set("b", Value("x"));
  inner.set("l", List{{Value("y"), Number::from_integer(1)}});
  Item item;
  item.set("id", Value("k"));
  item.set("sk", Number::from_integer(3));
  item.set("a", inner);
  item.set("l", List{{inner, Value("z"), NumberSet{{Number::from_integer(3)}}}});
  item.set("s", StringSet{{"p", "q"}});
  return item;
}

void check(const stator::Error& error) {
  if (error.aws_type != "ValidationException" || error.message.empty()) std::abort();
}

template <class T>
bool is_good(const stator::Result<T>& result) {
  if (!result) check(result.error());
  return result.has_value();
}

void try_where(const partiql::Expression& where, const partiql::Scope& scope,
               const EncodedItem& item) {
  const auto condition = partiql::to_condition(where, scope);
  if (!is_good(condition)) return;
  static_cast<void>(expr::holds(*condition, item));
  static_cast<void>(expr::holds(*condition, EncodedItem()));
  const partiql::KeyAttributes keys{{"id", Type::kS}, KeyAttribute{"sk", Type::kN}};
  static_cast<void>(partiql::write_target(*condition, keys));
  if (!partiql::fixes_partition(*condition, keys)) return;
  const auto reads = partiql::keyed_reads(*condition, keys, true);
  if (is_good(reads)) static_cast<void>(partiql::single_key(*reads, keys));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto statement = partiql::parse_statement(text);
  if (!is_good(statement)) return 0;
  const std::vector<Value> parameters(statement->parameters, Value("k"));
  std::deque<Value> values;
  const partiql::Scope scope{parameters, values};
  const Item item = sample();
  const std::string bytes = encode_item(item);
  const EncodedItem encoded(bytes);

  if (statement->where) try_where(*statement->where, scope, encoded);
  if (const auto columns = partiql::Columns::from(statement->columns); is_good(columns)) {
    std::string out;
    columns->append_json(encoded, out);
  }
  if (const auto update = partiql::to_update(statement->assignments, scope); is_good(update)) {
    is_good(expr::apply(*update, item));
  }
  if (statement->item) {
    const auto inserted = partiql::literal_item(*statement->item, parameters);
    if (is_good(inserted)) {
      const std::string again = encode_item(*inserted);
      if (EncodedItem(again).decode() != *inserted) std::abort();
    }
  }
  return 0;
}
