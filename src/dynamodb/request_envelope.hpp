#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dynamodb/json_reader.hpp"
#include "dynamodb/rules.hpp"

namespace stator::dynamodb {

/// A request on many items: its list or map of them, as it came, and the members around it.
struct Envelope {
  JsonObject document;
  /// RequestItems, TransactItems, Statements or TransactStatements. Views the document.
  std::optional<JsonElement> items = {};
  std::optional<std::string> client_request_token = {};
  std::optional<std::string> return_consumed_capacity = {};
  std::optional<std::string> return_item_collection_metrics = {};
};

/// Reads a body whose members `rules` name: SerializationException for types, ValidationException
/// for a member without a rule. Constraints are not judged. What it views lives until this thread
/// reads its next document.
[[nodiscard]] Result<Envelope> read_envelope(std::string_view body, std::span<const Rule> rules);

}  // namespace stator::dynamodb
