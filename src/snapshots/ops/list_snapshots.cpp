#include "snapshots/ops/ops.hpp"

namespace stator::snapshots::ops {

aws::Operation list_snapshots(Snapshots& snapshots) {
  return aws::Operation::json(
      "ListSnapshots", aws::ByName{}, needs("stator:ListSnapshots"),
      [&snapshots](aws::Call&, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({}));
        STATOR_TRY(const auto all, snapshots.list());
        json::Array list;
        for (const storage::DataSnapshot& snapshot : all) list.push_back(to_json(snapshot));
        return json::Object{{"Snapshots", std::move(list)}};
      });
}

}  // namespace stator::snapshots::ops
