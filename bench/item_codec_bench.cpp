#include <benchmark/benchmark.h>

#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "ddb/ddb.hpp"
#include "json/json.hpp"

/// An item between DynamoDB's JSON and a struct: by the kit's mapper, and by hand with the JSON
/// library. The mapper is the faster of each pair, or something is wrong with it.
namespace {

struct Line {
  std::string article{};
  int count = 0;
};
struct Order {
  std::string customer{};
  std::int64_t number = 0;
  ddb::Number total{};
  std::optional<std::string> note{};
  std::vector<Line> lines{};
  std::set<std::string> tags{};
  std::map<std::string, bool> flags{};
};

Order sample() {
  Order order{.customer = "customer-0123456789", .number = 4711, .total = ddb::Number("1234.5678")};
  order.note = std::string(200, 'n') + " \"quoted\"";
  for (int i = 0; i < 10; ++i) order.lines.push_back({"article-" + std::to_string(i), i});
  order.tags = {"blue", "fragile", "a-tag-that-is-somewhat-longer"};
  order.flags = {{"paid", true}, {"sent", false}};
  return order;
}

std::string sample_json() {
  ddb::JsonWriter json;
  ddb::encode_attributes(json, sample());
  return json.take();
}

void decode_by_mapper(benchmark::State& state) {
  const std::string text = sample_json();
  for (auto _ : state) {
    Order order;
    ddb::JsonReader json(text);
    if (!ddb::decode_attributes(json, order) || !json.finish()) throw std::logic_error("decode");
    benchmark::DoNotOptimize(order);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}
BENCHMARK(decode_by_mapper);

std::string text_in(const stator::json::Object& item, std::string_view name,
                    std::string_view type) {
  const auto* const value = stator::json::find(item, name);
  if (value == nullptr || !value->is_object()) throw std::logic_error("attribute");
  return stator::json::find_string(value->get_object(), type).value();
}
const stator::json::Value& inside(const stator::json::Object& item, std::string_view name,
                                  std::string_view type) {
  return *stator::json::find(stator::json::find(item, name)->as_object(), type);
}

Order read_by_hand(const stator::json::Object& item) {
  Order order;
  order.customer = text_in(item, "customer", "S");
  order.number = std::stoll(text_in(item, "number", "N"));
  order.total = ddb::Number(text_in(item, "total", "N"));
  if (stator::json::find(item, "note") != nullptr) order.note = text_in(item, "note", "S");
  for (const auto& line : inside(item, "lines", "L").as_array()) {
    const auto& map = stator::json::find(line.as_object(), "M")->as_object();
    order.lines.push_back({text_in(map, "article", "S"), std::stoi(text_in(map, "count", "N"))});
  }
  for (const auto& tag : inside(item, "tags", "SS").as_array()) {
    order.tags.emplace(stator::json::view(tag.as_string()));
  }
  for (const auto& [name, flag] : inside(item, "flags", "M").as_object()) {
    order.flags.emplace(name, stator::json::find_bool(flag.as_object(), "BOOL").value());
  }
  return order;
}

void decode_by_hand(benchmark::State& state) {
  const std::string text = sample_json();
  for (auto _ : state) {
    auto item = stator::json::parse_object(text);
    if (!item) throw std::logic_error("parse");
    benchmark::DoNotOptimize(read_by_hand(*item));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}
BENCHMARK(decode_by_hand);

void encode_by_mapper(benchmark::State& state) {
  const Order order = sample();
  for (auto _ : state) {
    ddb::JsonWriter json;
    ddb::encode_attributes(json, order);
    benchmark::DoNotOptimize(json.take());
  }
}
BENCHMARK(encode_by_mapper);

void encode_by_hand(benchmark::State& state) {
  using stator::json::Array;
  using stator::json::Object;
  const Order order = sample();
  for (auto _ : state) {
    Array lines;
    for (const Line& line : order.lines) {
      lines.push_back(Object{{"M", Object{{"article", Object{{"S", line.article}}},
                                          {"count", Object{{"N", std::to_string(line.count)}}}}}});
    }
    Object flags;
    for (const auto& [name, flag] : order.flags) flags[name] = Object{{"BOOL", flag}};
    const Object item{{"customer", Object{{"S", order.customer}}},
                      {"number", Object{{"N", std::to_string(order.number)}}},
                      {"total", Object{{"N", order.total.digits}}},
                      {"note", Object{{"S", *order.note}}},
                      {"lines", Object{{"L", std::move(lines)}}},
                      {"tags", Object{{"SS", Array(order.tags.begin(), order.tags.end())}}},
                      {"flags", Object{{"M", std::move(flags)}}}};
    benchmark::DoNotOptimize(stator::json::dump(item));
  }
}
BENCHMARK(encode_by_hand);

}  // namespace
