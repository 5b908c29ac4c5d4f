#include "base/ids.hpp"
#include "lambda/ops/event_source_support.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/sources/request.hpp"

namespace stator::lambda::ops {
namespace {

Result<json::Object> handle(sources::EventSources& sources, const aws::Call& call,
                            const aws::Input& input) {
  STATOR_TRY_VOID(allow_mapping_members(input, {"EventSourceArn", "StartingPosition"}));
  STATOR_TRY(auto mapping, sources::read_new_mapping(call, input));
  mapping.uuid = uuid4(sources.random());
  STATOR_TRY(const auto made, sources.create(std::move(mapping)));
  return sources::render(*made, {"Creating", "No records processed"});
}

}  // namespace

aws::Operation create_event_source_mapping(sources::EventSources& sources) {
  return aws::Operation::json(
      "CreateEventSourceMapping",
      aws::ByPath{.method = "POST", .path = "/2015-03-31/event-source-mappings", .status = 202},
      [](const aws::Call& call, const aws::Input& input) -> Result<aws::Needs> {
        STATOR_TRY(const auto function, read_function_arn(call, input));
        return aws::Needs{mapping_need("lambda:CreateEventSourceMapping", "*", function)};
      },
      [&sources](aws::Call& call, const aws::Input& input) {
        return handle(sources, call, input);
      });
}

}  // namespace stator::lambda::ops
