#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "aws/call.hpp"
#include "dynamodb/expr/ast.hpp"
#include "dynamodb/prepared_request.hpp"

namespace stator::dynamodb {

/// Gathers what policies can ask about requests on items of one table: dynamodb:LeadingKeys and its
/// like, made only when some policy asks.
/// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
class RequestKeys {
 public:
  enum class Kind : std::uint8_t { kRead, kWrite };

  /// One request: by its key, its item, its keys, its key condition, or of the whole table, which
  /// has no leading keys.
  void add(const PreparedRequest& prepared, Kind kind);

  /// Attributes by their top-level names: of an item or key, a projection, a condition, an update.
  void add_names(const Map& attributes);
  void add_names(const expr::Projection& paths);
  void add_names(const expr::Node& node);
  void add_names(const expr::Update& update);
  void add_name(const std::string& name) { names_.insert(name); }
  /// The value of a partition key's attribute, of which there may be `place` others before it.
  void add_leading(std::size_t place, const Value& value);
  /// The partition key in an item or a key.
  void add_leading(const Table& table, const Map& attributes);
  /// Any other key; one that is there already gets another value, unless it has that too.
  void set(std::string_view name, std::string_view value);
  /// aws:ResourceTag/KEY for each tag of the table; nothing for null.
  void add_tags(const Table* table);

  [[nodiscard]] aws::ConditionKeys finish() &&;

 private:
  void add_key_condition(const PreparedRequest& prepared);

  /// AWS's bound on the attributes of an index's partition key.
  static constexpr std::size_t kPartitionAttributesMax = 4;
  std::array<std::set<std::string>, kPartitionAttributesMax> leading_;
  std::set<std::string> names_;
  aws::ConditionKeys others_;
};

/// A value of a key as policies see it: a number in its canonical form, a binary in base64.
[[nodiscard]] std::string key_text(const Value& value);

/// What a read is taken to ask for when it has no Select.
[[nodiscard]] std::string_view default_select(bool has_projection, bool is_on_index);

}  // namespace stator::dynamodb
