#include "iam/decisions.hpp"
#include "iam/ops/stator_ops.hpp"

namespace stator::iam::ops {
namespace {

/// The decision that an audit record carries; null when it has none.
const json::Object* decision_in(const json::Object& record) {
  const json::Value* data = json::find(record, "additionalEventData");
  if (data == nullptr || !data->is_object()) return nullptr;
  const json::Value* decision = json::find(data->get_object(), "decision");
  return decision != nullptr && decision->is_object() ? &decision->get_object() : nullptr;
}

Result<json::Object> handle(Identity& identity, const FindRecord& find_record,
                            const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"RequestId"}));
  STATOR_TRY(const std::string request_id, input.required_text("RequestId"));
  if (const auto denial = identity.decisions().find(request_id)) {
    return json::Object{{"Denial", denial->to_json()}};
  }
  // It may be older than what memory holds, or than this process.
  STATOR_TRY(const auto record, find_record(request_id));
  if (!record) {
    return Error{ErrorCode::kNotFound,
                 "stator knows no denial of request " + request_id +
                     ", and its audit log has no record of it: it may have been a success of the "
                     "data plane, which is not recorded, or too long ago",
                 "ResourceNotFoundException"};
  }
  if (const json::Object* decision = decision_in(*record)) {
    return json::Object{{"Denial", *decision}};
  }
  return json::Object{{"Record", *record}};
}

}  // namespace

aws::Operation explain(Identity& identity, FindRecord find_record) {
  return aws::Operation::json(
      "Explain", aws::ByName{},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"stator:Explain", "*"}};
      },
      [&identity, find_record = std::move(find_record)](aws::Call&, const aws::Input& input) {
        return handle(identity, find_record, input);
      });
}

}  // namespace stator::iam::ops
