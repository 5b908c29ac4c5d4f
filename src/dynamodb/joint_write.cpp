#include "dynamodb/joint_write.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "dynamodb/capacity.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/expr/evaluate.hpp"

namespace stator::dynamodb {

namespace {

using storage::Family;
using Name = std::tuple<std::string_view, std::string_view, std::string_view>;

Name name_of(const TableRef& ref) {
  return {ref.account, ref.region, ref.name};
}

EncodedItem old_item(const ItemChange& change) {
  return change.old_bytes ? EncodedItem(*change.old_bytes) : EncodedItem();
}

}  // namespace

Result<JointWrite> JointWrite::open(Tables& tables, aws::Call& call, std::vector<Part> parts) {
  JointWrite write(tables, call);
  write.parts_ = std::move(parts);
  std::map<Name, std::size_t> places;
  for (const Part& part : write.parts_) places.emplace(name_of(part.table), 0);
  for (auto& [name, place] : places) {
    const auto& [account, region, table] = name;
    auto access =
        tables.write_access({std::string(account), std::string(region), std::string(table)});
    if (access.is_empty()) return resource_not_found();
    STATOR_TRY_VOID(tables.throttle().admit_write(access.table()));
    place = write.accesses_.size();
    write.accesses_.push_back(std::move(access));
  }
  write.changes_.reserve(write.parts_.size());
  for (const Part& part : write.parts_) {
    const WriteAccess& access = write.accesses_[places.at(name_of(part.table))];
    write.changes_.push_back({&access.table(), &access.state(), {}, {}, {}});
  }
  return write;
}

Result<void> JointWrite::check(std::size_t index) {
  STATOR_TRY(changes_[index].key, check_action(table(index), action(index)));
  return {};
}

bool JointWrite::has_duplicates() const {
  std::set<std::string_view> keys;
  return !std::all_of(changes_.begin(), changes_.end(), [&](const ItemChange& change) {
    return change.key.empty() || keys.insert(change.key).second;
  });
}

void JointWrite::lock(std::optional<std::string> also) {
  std::vector<std::string> keys;
  keys.reserve(changes_.size() + 1);
  for (const ItemChange& change : changes_) keys.push_back(change.key);
  if (also) keys.push_back(std::move(*also));
  latches_ = tables_->latches().lock_all(keys);
}

Result<void> JointWrite::read(std::size_t index, bool wants_old) {
  ItemChange& change = changes_[index];
  const WriteAction& action = parts_[index].action;
  if (!wants_old && !action.condition && !change.table->needs_old_items() &&
      action.kind == WriteAction::Kind::kPut) {
    return {};
  }
  STATOR_TRY(change.old_bytes, tables_->store().get(Family::kItems, change.key));
  reveal(tables_->store().last_write_of(Family::kItems, change.key));
  return {};
}

bool JointWrite::holds(std::size_t index) const {
  const WriteAction& action = parts_[index].action;
  return !action.condition || expr::holds(*action.condition, old_item(changes_[index]));
}

Result<void> JointWrite::decide(std::size_t index) {
  ItemChange& change = changes_[index];
  STATOR_TRY(change.now, dynamodb::decide(*change.table, parts_[index].action, old_item(change),
                                          change.old_bytes.has_value()));
  return {};
}

Result<WrittenItems> JointWrite::commit(storage::Batch extra, double cost_factor) {
  STATOR_TRY(const auto sequence, dynamodb::commit(tables_->store(), changes_, call_->now,
                                                   Cause::kRequest, std::move(extra)));
  if (sequence) call_->durable_after = *sequence;
  Throttle& throttle = tables_->throttle();
  for (const ItemChange& change : changes_) {
    if (!throttle.applies(*change.table)) continue;
    ConsumedCapacity consumed = write_capacity(change);
    consumed.multiply(cost_factor);
    throttle.charge_write(*change.table, consumed);
  }
  return release();
}

WrittenItems JointWrite::release() {
  WrittenItems written;
  for (const WriteAccess& access : accesses_) written.tables.push_back(access.handle());
  written.changes = std::move(changes_);
  latches_.clear();
  accesses_.clear();
  return written;
}

void JointWrite::reveal(storage::Sequence sequence) {
  call_->durable_after = std::max(call_->durable_after.value_or(0), sequence);
}

}  // namespace stator::dynamodb
