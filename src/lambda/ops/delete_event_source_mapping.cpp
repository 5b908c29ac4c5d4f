#include "lambda/ops/event_source_support.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {

aws::Operation delete_event_source_mapping(sources::EventSources& sources) {
  return aws::Operation::json(
      "DeleteEventSourceMapping",
      aws::ByPath{
          .method = "DELETE", .path = "/2015-03-31/event-source-mappings/{UUID}", .status = 202},
      needs_mapping(sources, "lambda:DeleteEventSourceMapping"),
      [&sources](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto mapping, find_mapping(sources, call, input));
        const std::string result = sources.status(*mapping).processing_result;
        STATOR_TRY(const auto removed, sources.remove(*mapping));
        return sources::render(*removed, {"Deleting", result});
      });
}

}  // namespace stator::lambda::ops
