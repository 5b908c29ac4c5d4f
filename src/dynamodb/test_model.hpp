#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"

/// A table as one would write it down on paper, and random operations on it: what the engine is
/// compared with.
namespace stator::dynamodb::testing {

/// Attribute values as the text of their JSON: {"N":"5"}.
using ModelItem = std::map<std::string, std::string>;

/// {"id":{"S":"a"},...}
[[nodiscard]] std::string to_json(const ModelItem& item);

/// One operation: what is sent, and what it does to the model.
struct ModelStep {
  std::string operation;
  std::string body;
  std::string answer;  ///< what the engine must answer
};

/// The table "model": a string key "id", a number key "sk", attributes "n" (a number), "s" (a
/// string), "g" (a string that indexes may use) and "l" (a list).
class Model {
 public:
  explicit Model(std::uint64_t seed) : random_(seed) {}

  /// Makes up an operation, applies it to the model, and says what the engine must answer.
  ModelStep step();

  using Key = std::pair<std::string, int>;
  using Items = std::map<Key, ModelItem>;
  [[nodiscard]] const Items& items() const { return items_; }

 private:
  ModelStep put();
  ModelStep update();
  ModelStep erase();
  ModelStep get();
  ModelStep query();

  [[nodiscard]] Key any_key();
  [[nodiscard]] bool chance(std::uint64_t one_in) { return random_.below(one_in) == 0; }
  [[nodiscard]] int number(std::uint64_t bound) { return static_cast<int>(random_.below(bound)); }

  SeededRandom random_;
  Items items_;
};

}  // namespace stator::dynamodb::testing
