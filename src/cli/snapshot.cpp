#include <algorithm>
#include <iostream>

#include "base/time_format.hpp"
#include "cli/commands.hpp"
#include "storage/data_directory.hpp"
#include "storage/data_snapshots.hpp"

namespace stator::cli {
namespace {

/// "2026-01-02T03-04-05Z": a time that may be a file's name.
std::string name_of(WallTime time) {
  std::string text = iso8601(time);
  for (char& c : text) {
    if (c == ':') c = '-';
  }
  return text;
}

Result<json::Object> ask(const Target& target, const std::string& operation, json::Object input) {
  STATOR_TRY(Connection connection, connect(target));
  const SystemClock clock;
  AwsClient client(std::move(connection), clock);
  return client.target("stator", "Stator." + operation, input);
}

int report(const Result<void>& outcome, const std::string& done) {
  if (!outcome) return fail(outcome.error());
  std::cout << done << std::endl;
  return 0;
}

/// Offline: the directory is nobody else's meanwhile.
Result<std::string> restore(const SnapshotOptions& options) {
  const storage::DataDirectory directory(options.target.data);
  storage::DataSnapshots snapshots(directory.path());
  STATOR_TRY(const auto all, snapshots.list());
  const bool is_there = std::any_of(
      all.begin(), all.end(), [&](const auto& snapshot) { return snapshot.name == options.name; });
  if (!is_there) {
    return not_found("there is no snapshot " + options.name + " of " + directory.path().string());
  }
  const WallTime now = SystemClock().wall();
  const std::string kept = "before-restore-" + name_of(now);
  {
    const auto store = storage::open_store(directory.path(), storage::Durability::kFsync);
    STATOR_TRY_VOID(snapshots.create(kept, *store, now));
  }
  STATOR_TRY_VOID(snapshots.restore(options.name));
  return kept;
}

}  // namespace

int snapshot_create(const SnapshotOptions& options) {
  const std::string name = options.name.empty() ? name_of(SystemClock().wall()) : options.name;
  const auto made = ask(options.target, "CreateSnapshot", {{"Name", name}});
  if (!made) return fail(made.error());
  std::cout << "snapshot " << name << " is made" << std::endl;
  return 0;
}

int snapshot_list(const SnapshotOptions& options) {
  const auto answer = ask(options.target, "ListSnapshots", {});
  if (!answer) return fail(answer.error());
  const json::Value* list = json::find(*answer, "Snapshots");
  if (list == nullptr || !list->is_array()) return fail(internal("the answer has no snapshots"));
  for (const json::Value& snapshot : list->get_array()) {
    if (!snapshot.is_object()) continue;
    const WallTime made = from_epoch_ms(json::find_int(snapshot.get_object(), "Made").value_or(0));
    std::cout << iso8601(made) << "  "
              << json::find_string(snapshot.get_object(), "Name").value_or("") << "\n";
  }
  std::cout << std::flush;
  return 0;
}

int snapshot_delete(const SnapshotOptions& options) {
  const auto gone = ask(options.target, "DeleteSnapshot", {{"Name", options.name}});
  return report(gone ? Result<void>() : gone.error(), "snapshot " + options.name + " is gone");
}

int snapshot_restore(const SnapshotOptions& options) {
  const auto kept = restore(options);
  if (!kept) return fail(kept.error());
  std::cout << options.target.data.string() << " is as it was in snapshot " << options.name
            << "; what it was until now is snapshot " << *kept << std::endl;
  return 0;
}

}  // namespace stator::cli
