#pragma once

#include "snapshots/snapshots.hpp"

/// Input and output: a snapshot is {"Name": text, "Made": milliseconds since 1970}.
namespace stator::snapshots::ops {

/// {"Name"} to {"Snapshot"}.
[[nodiscard]] aws::Operation create_snapshot(Snapshots& snapshots);
/// {"Name"} to {}.
[[nodiscard]] aws::Operation delete_snapshot(Snapshots& snapshots);
/// {} to {"Snapshots"}, the oldest first.
[[nodiscard]] aws::Operation list_snapshots(Snapshots& snapshots);

[[nodiscard]] json::Object to_json(const storage::DataSnapshot& snapshot);
/// Only the owner of everything may take everything away or bring it back.
[[nodiscard]] aws::Operation::JsonNeeds needs(std::string action);

}  // namespace stator::snapshots::ops
