#include "dynamodb/tables.hpp"

#include <set>

#include "base/check.hpp"
#include "base/ids.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/item_codec.hpp"
#include "storage/key.hpp"

namespace stator::dynamodb {

namespace {

using storage::Family;

constexpr std::uint64_t kQuicklyCounted = 20'000;
constexpr std::chrono::seconds kRecountSoon{30};
constexpr std::chrono::hours kRecountLate{6};

/// The highest table id ever given out lies here, so that none is given out twice.
std::string last_id_key() {
  return storage::path_key({"", "", "dynamodb", "last-table-id"});
}

std::string record_key(const Table& table) {
  return storage::path_key({table.account, table.region, "dynamodb", "table", table.name});
}

}  // namespace

Tables::Tables(storage::Store& store, const Clock& clock, Random& random)
    : store_(store), clock_(clock), random_(random) {
  load();
  sweep();
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
    catalogue_[std::move(name)] = std::make_shared<const Table>(std::move(*table));
  }
  if (const auto status = records->status(); !status) {
    throw ConfigError("cannot read the tables: " + status.error().message);
  }
}

void Tables::sweep() {
  // A write that was under way while its table was deleted lands after the range was erased. Its
  // table id is never used again, so it is invisible; here it goes.
  std::set<std::string> living;
  for (const auto& [name, table] : catalogue_) living.insert(table_prefix(table->id));
  storage::Batch batch;
  const auto items = store_.iterate(Family::kItems, {});
  for (items->seek_first(); items->valid();) {
    const std::string prefix(items->key().substr(0, 8));
    const std::string next = after_prefix(prefix);
    if (!living.contains(prefix)) batch.erase_range(Family::kItems, prefix, next);
    if (next.empty()) break;
    items->seek(next);
  }
  if (batch.empty()) return;
  const auto written = store_.write(std::move(batch));
  if (!written) throw ConfigError("cannot tidy the tables: " + written.error().message);
}

Tables::Handle Tables::find(const TableRef& ref) const {
  const std::shared_lock lock(mutex_);
  const auto found = catalogue_.find(NameView(ref.account, ref.region, ref.name));
  return found == catalogue_.end() ? nullptr : found->second;
}

Result<void> Tables::write_record(const Table& table, storage::Batch batch) {
  batch.put(Family::kMeta, record_key(table), json::dump(to_record(table)));
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  auto handle = std::make_shared<const Table>(table);
  const std::unique_lock lock(mutex_);
  catalogue_[Name(table.account, table.region, table.name)] = std::move(handle);
  return {};
}

Result<Tables::Handle> Tables::create(Table table) {
  const std::scoped_lock control(control_);
  const TableRef ref{table.account, table.region, table.name};
  if (find(ref)) return table_in_use(table.name);
  table.id = last_id_ + 1;
  table.table_id = uuid4(random_);
  table.created = clock_.wall();
  storage::Batch batch;
  batch.put(Family::kMeta, last_id_key(), std::to_string(table.id));
  STATOR_TRY_VOID(write_record(table, std::move(batch)));
  last_id_ = table.id;
  return find(ref);
}

Result<Tables::Handle> Tables::remove(const TableRef& ref) {
  const std::scoped_lock control(control_);
  Handle table = find(ref);
  if (!table) return table_not_found(ref.name);
  if (table->has_deletion_protection) {
    return validation(
        "Resource cannot be deleted as it is currently protected against deletion. "
        "Disable deletion protection first.");
  }
  storage::Batch batch;
  batch.erase(Family::kMeta, record_key(*table));
  const storage::Range items = table_range(table->id);
  batch.erase_range(Family::kItems, items.begin, items.end);
  STATOR_TRY_VOID(store_.write(std::move(batch)));
  const std::unique_lock lock(mutex_);
  catalogue_.erase(Name(ref.account, ref.region, ref.name));
  counted_.erase(table->id);
  return table;
}

Result<void> Tables::update(const TableRef& ref,
                            const std::function<Result<void>(Table&)>& change) {
  const std::scoped_lock control(control_);
  const Handle table = find(ref);
  if (!table) return resource_not_found();
  Table changed = *table;
  STATOR_TRY_VOID(change(changed));
  return write_record(changed, {});
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

Result<Statistics> Tables::statistics(const Table& table) {
  {
    const std::shared_lock lock(mutex_);
    const auto found = counted_.find(table.id);
    if (found != counted_.end() && clock_.steady() < found->second.expires) {
      return found->second.statistics;
    }
  }
  Statistics statistics;
  const auto items = store_.iterate(Family::kItems, table_range(table.id));
  for (items->seek_first(); items->valid(); items->next()) {
    ++statistics.item_count;
    statistics.size_bytes += EncodedItem(items->value()).size_bytes();
  }
  STATOR_TRY_VOID(items->status());
  const bool was_quick = statistics.item_count <= kQuicklyCounted;
  const SteadyTime expires =
      clock_.steady() + (was_quick ? std::chrono::seconds(kRecountSoon) : kRecountLate);
  const std::unique_lock lock(mutex_);
  if (catalogue_.contains(NameView(table.account, table.region, table.name))) {
    counted_[table.id] = {statistics, expires};
  }
  return statistics;
}

}  // namespace stator::dynamodb
