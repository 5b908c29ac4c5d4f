#include "snapshots/ops/ops.hpp"

namespace stator::snapshots::ops {

aws::Operation delete_snapshot(Snapshots& snapshots) {
  return aws::Operation::json(
      "DeleteSnapshot", aws::ByName{}, needs("stator:DeleteSnapshot"),
      [&snapshots](aws::Call&, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"Name"}));
        STATOR_TRY(const std::string name, input.required_text("Name"));
        STATOR_TRY_VOID(snapshots.remove(name));
        return json::Object();
      });
}

}  // namespace stator::snapshots::ops
