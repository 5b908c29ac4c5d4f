#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "aws/operation.hpp"
#include "dynamodb/expr/ast.hpp"
#include "dynamodb/item_request.hpp"
#include "dynamodb/rules.hpp"
#include "dynamodb/table.hpp"

namespace stator::dynamodb {

class Tables;

/// What an operation on items takes, and what it checks of that by itself.
struct RequestShape {
  using Check = Result<void> (*)(const ItemRequest&);

  /// What the service model says of the request's members.
  std::span<const Rule> rules;
  /// The members that the rules name.
  MemberSet members;
  /// Rules of this operation that come after those all operations share; may be null.
  Check check = nullptr;
};

/// `rules` come from model_of(), or are those of a request inside another one.
[[nodiscard]] RequestShape shape_of(std::span<const Rule> rules,
                                    RequestShape::Check check = nullptr);

/// A request that has passed every check that needs no table. Movable: its expressions refer to
/// values that stay where they are.
struct PreparedRequest {
  ItemRequest request;
  /// As it was when the request was read, for what that needs to be allowed; null: there is none.
  std::shared_ptr<const Table> table;
  std::optional<expr::Node> condition;
  std::optional<expr::Node> filter;
  std::optional<expr::Node> key_condition;
  std::optional<expr::Update> update;
  std::optional<expr::Projection> projection;

  [[nodiscard]] const Map& key() const { return request.key->map; }
  [[nodiscard]] bool wants_capacity() const {
    return request.return_consumed_capacity && *request.return_consumed_capacity != "NONE";
  }
  /// "NONE" when not given.
  [[nodiscard]] std::string_view return_values() const {
    return request.return_values ? std::string_view(*request.return_values) : "NONE";
  }
};

/// A prepared request is large, and passes through many hands.
using PreparedPtr = std::unique_ptr<PreparedRequest>;

/// Reads and checks in AWS's order: JSON types; constraints, all together; then one rule at a time.
[[nodiscard]] Result<PreparedPtr> prepare(std::string_view body, const RequestShape& shape);

/// The last steps of prepare(), after the constraints: rules one at a time, then the expressions.
/// For a request inside another one.
[[nodiscard]] Result<void> judge(PreparedRequest& prepared, const RequestShape& shape);

/// AWS's bound on any request (413 above).
[[nodiscard]] Result<void> check_body_size(std::string_view body);

/// The raw operation `name` over prepared requests, which needs dynamodb:<name> on its table or, if
/// it reads one, on its index. `check` as in RequestShape; `handle` writes the answer's JSON.
[[nodiscard]] aws::Operation item_operation(
    const Tables& tables, std::string name, RequestShape::Check check,
    std::function<Result<std::string>(aws::Call&, const PreparedRequest&)> handle);

}  // namespace stator::dynamodb
