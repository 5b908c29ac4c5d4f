#include "dynamodb/tables.hpp"

#include <algorithm>
#include <set>

#include "base/check.hpp"
#include "base/ids.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/housekeeping.hpp"
#include "dynamodb/recovery/backup_record.hpp"
#include "dynamodb/streams/lifecycle.hpp"
#include "dynamodb/table_record.hpp"
#include "dynamodb/transaction_token.hpp"
#include "storage/key.hpp"

namespace stator::dynamodb {

namespace {

using storage::Family;

/// The highest table id ever given out lies here, so that none is given out twice.
std::string last_id_key() {
  return storage::path_key({"", "", "dynamodb", "last-table-id"});
}

std::string record_key(const Table& table) {
  return storage::path_key({table.account, table.region, "dynamodb", "table", table.name});
}

}  // namespace

Tables::Tables(storage::Store& store, const Clock& clock, Random& random)
    : Tables(store, clock, random, Options()) {}

Tables::Tables(storage::Store& store, const Clock& clock, Random& random, const Options& options)
    : store_(store),
      clock_(clock),
      random_(random),
      throttle_(clock, options.is_capacity_enforced),
      background_(clock) {
  load();
  sweep();
  keep_house(*this);
}

std::shared_ptr<TableState> Tables::make_state() const {
  auto state = std::make_shared<TableState>();
  state->bell = &stream_bell_;
  return state;
}

void Tables::load() {
  const auto last = store_.get(Family::kMeta, last_id_key());
  if (!last) throw ConfigError("cannot read the tables: " + last.error().message);
  if (*last) last_id_ = std::stoull(**last);

  const auto records = store_.iterate(Family::kMeta, {});
  for (records->seek_first(); records->valid(); records->next()) {
    const auto parts = storage::split_path_key(records->key());
    if (!parts || parts->size() != 5 || (*parts)[2] != "dynamodb" || (*parts)[3] != "table")
      continue;
    const auto object = json::parse_object(records->value());
    auto table = object ? from_record(*object) : Result<Table>(object.error());
    if (!table) {
      throw ConfigError("the record of table " + (*parts)[4] +
                        " cannot be read: " + table.error().message);
    }
    Name name(table->account, table->region, table->name);
    auto state = make_state();
    state->table = std::make_shared<const Table>(std::move(*table));
    catalogue_[std::move(name)] = {state->table, state};
  }
  if (const auto status = records->status(); !status) {
    throw ConfigError("cannot read the tables: " + status.error().message);
  }
}

void Tables::sweep() {
  // A write that was under way while its table was deleted lands after the range was erased. Its
  // table id is never used again, so it is invisible; here it goes.
  std::set<std::string> tables = recovery::backup_prefixes(store_);
  tables.insert(table_prefix(kTokenPlace));
  std::set<std::string> indexes;
  std::set<std::string> expiries;
  std::set<std::string> streams = streams::retired_prefixes(store_);
  std::set<std::string> recorded;
  for (const auto& [name, entry] : catalogue_) {
    tables.insert(table_prefix(entry.table->id));
    if (entry.table->recovery) recorded.insert(table_prefix(entry.table->id));
    for (const Index& index : entry.table->indexes) indexes.insert(table_prefix(index.id));
    if (entry.table->ttl) expiries.insert(table_prefix(entry.table->ttl->id));
    if (entry.table->stream) streams.insert(table_prefix(entry.table->stream->id));
  }
  storage::Batch batch;
  sweep_family(Family::kItems, tables, batch);
  sweep_family(Family::kIndex, indexes, batch);
  sweep_family(Family::kTtl, expiries, batch);
  sweep_family(Family::kStreams, streams, batch);
  sweep_family(Family::kHistory, recorded, batch);
  if (batch.empty()) return;
  const auto written = store_.write(std::move(batch));
  if (!written) throw ConfigError("cannot tidy the tables: " + written.error().message);
}

void Tables::sweep_family(Family family, const std::set<std::string>& living,
                          storage::Batch& batch) {
  const auto entries = store_.iterate(family, {});
  for (entries->seek_first(); entries->valid();) {
    const std::string prefix(entries->key().substr(0, 8));
    const std::string next = after_prefix(prefix);
    if (!living.contains(prefix)) batch.erase_range(family, prefix, next);
    if (next.empty()) break;
    entries->seek(next);
  }
}

Tables::Handle Tables::find(const TableRef& ref) const {
  Handle table = find_any(ref);
  return table && table->status == Table::Status::kActive ? table : nullptr;
}

Tables::Handle Tables::find_any(const TableRef& ref) const {
  const std::shared_lock lock(mutex_);
  const auto found = catalogue_.find(NameView(ref.account, ref.region, ref.name));
  return found == catalogue_.end() ? nullptr : found->second.table;
}

std::shared_ptr<TableState> Tables::state_of(const TableRef& ref) const {
  const std::shared_lock lock(mutex_);
  const auto found = catalogue_.find(NameView(ref.account, ref.region, ref.name));
  return found == catalogue_.end() ? nullptr : found->second.state;
}

WriteAccess Tables::write_access(const TableRef& ref) const {
  std::shared_ptr<TableState> state;
  {
    const std::shared_lock lock(mutex_);
    const auto found = catalogue_.find(NameView(ref.account, ref.region, ref.name));
    if (found == catalogue_.end()) return {};
    if (found->second.table->status == Table::Status::kCreating) return {};
    state = found->second.state;
  }
  return WriteAccess(std::move(state));
}

std::vector<Tables::Handle> Tables::all() const {
  const std::shared_lock lock(mutex_);
  std::vector<Handle> result;
  for (const auto& [name, entry] : catalogue_) result.push_back(entry.table);
  return result;
}

Result<TableId> Tables::next_id() {
  const std::scoped_lock lock(ids_);
  storage::Batch batch;
  batch.put(Family::kMeta, last_id_key(), std::to_string(last_id_ + 1));
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  return ++last_id_;
}

Result<Tables::Handle> Tables::put(std::shared_ptr<TableState> state, Table table,
                                   storage::Batch batch) {
  auto handle = std::make_shared<const Table>(std::move(table));
  batch.put(Family::kMeta, record_key(*handle), json::dump(to_record(*handle)));
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  state->table = handle;
  const std::unique_lock lock(mutex_);
  catalogue_[Name(handle->account, handle->region, handle->name)] = {handle, std::move(state)};
  return handle;
}

Result<Tables::Handle> Tables::create(Table table) {
  const std::scoped_lock control(control_);
  if (find_any({table.account, table.region, table.name})) return table_in_use(table.name);
  STATOR_TRY(table.id, next_id());
  for (Index& index : table.indexes) {
    STATOR_TRY(index.id, next_id());
  }
  table.table_id = uuid4(random_);
  table.created = clock_.wall();
  STATOR_TRY_VOID(streams::settle_stream(*this, {}, table));
  return put(make_state(), std::move(table));
}

Result<Tables::Handle> Tables::activate(const TableRef& ref, storage::Batch extra) {
  const std::scoped_lock control(control_);
  auto state = state_of(ref);
  const Handle table = find_any(ref);
  if (!table) return table_not_found(ref.name);
  const std::unique_lock alone(state->schema);
  Table changed = *table;
  changed.status = Table::Status::kActive;
  // What was counted while it was being filled says nothing any more.
  counter_.forget(table->id);
  return put(std::move(state), std::move(changed), std::move(extra));
}

Result<Tables::Handle> Tables::remove(const TableRef& ref, Removal removal) {
  const std::scoped_lock control(control_);
  const auto state = state_of(ref);
  const Handle table = find_any(ref);
  if (!table) return table_not_found(ref.name);
  if (table->status == Table::Status::kCreating && !removal.is_of_unfinished) {
    return resource_in_use("Table is being created: " + ref.name);
  }
  if (table->has_deletion_protection) {
    return validation(
        "Resource cannot be deleted as it is currently protected against deletion. "
        "Disable deletion protection first.");
  }
  const auto is_in_work = [](const Index& index) { return index.status != Index::Status::kActive; };
  if (std::any_of(table->indexes.begin(), table->indexes.end(), is_in_work)) {
    return resource_in_use(
        "Cannot delete table while indexes are being created, updated, or "
        "deleted.");
  }
  const std::unique_lock alone(state->schema);
  storage::Batch batch = std::move(removal.extra);
  batch.erase(Family::kMeta, record_key(*table));
  const auto erase = [&](Family family, const storage::Range& range) {
    batch.erase_range(family, range.begin, range.end);
  };
  if (!removal.keeps_items) erase(Family::kItems, table_range(table->id));
  erase(Family::kHistory, table_range(table->id));
  for (const Index& index : table->indexes) erase(Family::kIndex, table_range(index.id));
  if (table->ttl) erase(Family::kTtl, table_range(table->ttl->id));
  STATOR_TRY_VOID(streams::retire(store_, *table, clock_.wall(), batch));
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  state->table = nullptr;
  const std::unique_lock lock(mutex_);
  catalogue_.erase(Name(ref.account, ref.region, ref.name));
  counter_.forget(table->id);
  throttle_.forget(table->id);
  for (const Index& index : table->indexes) throttle_.forget(index.id);
  return table;
}

Result<Tables::Handle> Tables::update(const TableRef& ref,
                                      const std::function<Result<void>(Table&)>& change) {
  const std::scoped_lock control(control_);
  auto state = state_of(ref);
  const Handle table = find_any(ref);
  if (!table) return resource_not_found();
  const std::unique_lock alone(state->schema);
  if (table->status == Table::Status::kCreating)
    return resource_in_use("Table is being created: " + ref.name);
  Table changed = *table;
  STATOR_TRY_VOID(change(changed));
  STATOR_TRY_VOID(streams::settle_stream(*this, table->stream, changed));
  storage::Batch batch;
  if (table->stream && (!changed.stream || changed.stream->id != table->stream->id)) {
    STATOR_TRY_VOID(streams::retire(store_, *table, clock_.wall(), batch));
  }
  return put(state, std::move(changed), std::move(batch));
}

std::vector<std::string> Tables::names(const TableRef& after, std::size_t limit) const {
  const std::shared_lock lock(mutex_);
  std::vector<std::string> result;
  auto at = catalogue_.upper_bound(NameView(after.account, after.region, after.name));
  for (; at != catalogue_.end() && result.size() < limit; ++at) {
    const auto& [account, region, name] = at->first;
    if (account != after.account || region != after.region) break;
    result.push_back(name);
  }
  return result;
}

}  // namespace stator::dynamodb
