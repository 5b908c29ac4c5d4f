#include "cloudformation/resources/resources.hpp"

/// AWS::CDK::Metadata, which CDK puts into templates for AWS's own statistics: nothing is made.
namespace stator::cloudformation::resources {

ResourceType cdk_metadata() {
  return {
      .name = "AWS::CDK::Metadata",
      .properties = {{"Analytics", false, OnChange::kInPlace}},
      .attributes = {},
      .create =
          [](ResourceContext& context, const json::Object& properties) {
            return context.exists({context.generate_name(128), {}, properties});
          },
      .remove = [](ResourceContext&, const Existing&) { return Result<void>(); },
      .update =
          [](ResourceContext& context, const Existing& metadata, const json::Object& properties) {
            return context.exists({metadata.physical_id, {}, properties});
          }};
}

}  // namespace stator::cloudformation::resources
