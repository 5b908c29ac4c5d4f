#include "snapshots/ops/ops.hpp"

namespace stator::snapshots::ops {

json::Object to_json(const storage::DataSnapshot& snapshot) {
  return {{"Name", snapshot.name}, {"Made", epoch_ms(snapshot.made)}};
}

aws::Operation::JsonNeeds needs(std::string action) {
  return [action = std::move(action)](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
    return aws::Needs{{action, "*"}};
  };
}

aws::Operation create_snapshot(Snapshots& snapshots) {
  return aws::Operation::json(
      "CreateSnapshot", aws::ByName{}, needs("stator:CreateSnapshot"),
      [&snapshots](aws::Call&, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({"Name"}));
        STATOR_TRY(const std::string name, input.required_text("Name"));
        STATOR_TRY(const auto made, snapshots.create(name));
        return json::Object{{"Snapshot", to_json(made)}};
      });
}

}  // namespace stator::snapshots::ops
