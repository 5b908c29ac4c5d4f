#include "base/ids.hpp"
#include "base/random.hpp"
#include "cli/commands.hpp"
#include "storage/data_snapshots.hpp"

namespace stator::cli {
namespace {

Result<void> copy_snapshot(const BranchOptions& options, const std::string& name) {
  return storage::DataSnapshots(options.source.data).branch(name, options.serve.target.data);
}

/// By a snapshot that the server makes for it, and that goes when the branch has its own.
Result<void> copy_what_is_there(const BranchOptions& options) {
  STATOR_TRY(Connection connection, connect(options.source));
  const SystemClock clock;
  AwsClient client(std::move(connection), clock);
  SystemRandom random;
  const std::string name = "for-a-branch-" + random_text(random, kLowerAlnum, 8);
  STATOR_TRY_VOID(client.target("stator", "Stator.CreateSnapshot", {{"Name", name}}));
  const auto copied = copy_snapshot(options, name);
  const auto gone = client.target("stator", "Stator.DeleteSnapshot", {{"Name", name}});
  STATOR_TRY_VOID(copied);
  if (!gone) return gone.error();
  return {};
}

}  // namespace

int snapshot_branch(const BranchOptions& options) {
  const auto copied = options.snapshot.empty() ? copy_what_is_there(options)
                                               : copy_snapshot(options, options.snapshot);
  if (!copied) return fail(copied.error());
  return serve(options.serve);
}

}  // namespace stator::cli
