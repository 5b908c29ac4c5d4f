#include "lambda/ops/event_source_support.hpp"
#include "lambda/ops/ops.hpp"

namespace stator::lambda::ops {

aws::Operation get_event_source_mapping(sources::EventSources& sources) {
  return aws::Operation::json(
      "GetEventSourceMapping",
      aws::ByPath{.method = "GET", .path = "/2015-03-31/event-source-mappings/{UUID}"},
      needs_mapping(sources, "lambda:GetEventSourceMapping"),
      [&sources](aws::Call& call, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY(const auto mapping, find_mapping(sources, call, input));
        return sources::render(*mapping, sources.status(*mapping));
      });
}

}  // namespace stator::lambda::ops
