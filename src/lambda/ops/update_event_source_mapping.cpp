#include "lambda/ops/event_source_support.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/sources/request.hpp"

namespace stator::lambda::ops {
namespace {

Result<json::Object> handle(sources::EventSources& sources, const aws::Call& call,
                            const aws::Input& input) {
  STATOR_TRY_VOID(allow_mapping_members(input, {"UUID"}));
  STATOR_TRY(const auto mapping, find_mapping(sources, call, input));
  bool was_enabled = false;
  const auto change = [&](sources::Mapping& changed) -> Result<void> {
    was_enabled = changed.settings.is_enabled;
    changed.last_modified = call.now;
    return sources::read_settings(call, input, changed.settings);
  };
  STATOR_TRY(const auto made, sources.change(*mapping, change));
  const bool is_enabled = made->settings.is_enabled;
  const std::string state = is_enabled == was_enabled ? "Updating"
                            : is_enabled              ? "Enabling"
                                                      : "Disabling";
  return sources::render(*made, {state, sources.status(*made).processing_result});
}

}  // namespace

aws::Operation update_event_source_mapping(sources::EventSources& sources) {
  return aws::Operation::json(
      "UpdateEventSourceMapping",
      aws::ByPath{
          .method = "PUT", .path = "/2015-03-31/event-source-mappings/{UUID}", .status = 202},
      needs_mapping(sources, "lambda:UpdateEventSourceMapping"),
      [&sources](aws::Call& call, const aws::Input& input) {
        return handle(sources, call, input);
      });
}

}  // namespace stator::lambda::ops
