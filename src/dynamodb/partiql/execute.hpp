#pragma once

#include <deque>
#include <memory>
#include <string>

#include "dynamodb/partiql/columns.hpp"
#include "dynamodb/partiql/condition.hpp"
#include "dynamodb/partiql/request.hpp"
#include "dynamodb/tables.hpp"
#include "dynamodb/write_item.hpp"

/// Statements carried out one at a time. Each function takes a request whose statement was read.
namespace stator::dynamodb::partiql {

/// The table that a statement names, and the index of it. ResourceNotFoundException, or AWS's error
/// for an index that is not there or has several attributes of a kind; then what else the statement
/// is refused for.
struct Place {
  std::shared_ptr<const Table> table;
  const Index* index = nullptr;

  [[nodiscard]] TableId id() const { return index ? index->id : table->id; }
};
[[nodiscard]] Result<Place> find_place(const Tables& tables, const aws::Call& call,
                                       const Statement& statement);

/// The answer of ExecuteStatement to a SELECT.
[[nodiscard]] Result<std::string> execute_select(Tables& tables, aws::Call& call,
                                                 const Request& request);

/// A SELECT of one item by its key.
struct SingleRead {
  std::shared_ptr<const Table> table;
  Map key;
  Columns columns;
};
/// Nothing when the statement reads anything else than one item of a table by its whole key. A key
/// of another type than the table's is an error only when `checks_types`.
[[nodiscard]] Result<std::optional<SingleRead>> single_read(const Place& place,
                                                            const StatementRequest& request,
                                                            bool checks_types);

/// An INSERT, UPDATE, DELETE or EXISTS as the engine's write. Not movable: the action views it.
class PlannedWrite {
 public:
  PlannedWrite() = default;
  PlannedWrite(const PlannedWrite&) = delete;

  /// Everything that can be judged without the item. In a transaction, whether a key is whole is
  /// left to check_action(), since AWS answers it by a reason of the cancelled transaction.
  [[nodiscard]] Result<void> plan(const Table& table, const StatementRequest& request,
                                  bool is_in_transaction);
  [[nodiscard]] const WriteAction& action() const { return action_; }
  [[nodiscard]] bool is_insert() const { return action_.kind == WriteAction::Kind::kPut; }
  [[nodiscard]] bool returns_old() const { return returning_ && !returning_->is_new; }
  /// The attributes that RETURNING asks for, as the text of an object; "" for none.
  [[nodiscard]] std::string returned(const WrittenItem& written) const;

 private:
  [[nodiscard]] Result<void> plan_insert(const Table& table, const StatementRequest& request,
                                         bool is_in_transaction);
  [[nodiscard]] Result<void> plan_key(const Table& table, const StatementRequest& request,
                                      bool is_in_transaction);

  std::deque<Value> values_;
  Map item_;
  Map key_;
  std::optional<expr::Node> where_;
  std::optional<expr::Node> rest_;  ///< what the clause says beside the key
  std::optional<expr::Node> condition_;
  std::optional<expr::Update> update_;
  std::optional<Returning> returning_;
  WriteAction action_;
};

/// A write that was carried out, and what RETURNING asks of it.
struct WriteOutcome {
  WrittenItem written;
  std::string returned_json;
};
/// What an INSERT says when its item is there: DuplicateItemException.
[[nodiscard]] Error duplicate_item();
/// `needs_old`: for what the write costs.
[[nodiscard]] Result<WriteOutcome> run_write(Tables& tables, aws::Call& call,
                                             const StatementRequest& request,
                                             const PlannedWrite& write, bool needs_old);

}  // namespace stator::dynamodb::partiql
