#include "cloudformation/ops/drift_detection.hpp"

#include <algorithm>

#include "base/time_format.hpp"
#include "cloudformation/errors.hpp"
#include "cloudformation/expansion.hpp"

namespace stator::cloudformation::ops {
namespace {

/// The template from which the stack was made, to know what it hides.
Template template_of(const StackRecord& record) {
  const auto expansion =
      expand_text(record.template_body, given_parameters(record.parameters), record.identity);
  if (!expansion) return {};
  auto body = parse_template(expansion->body);
  return body ? std::move(*body) : Template();
}

}  // namespace

Result<void> check_may_detect(const StackRecord& record) {
  for (const char* status : {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE",
                             "UPDATE_ROLLBACK_FAILED", "ROLLBACK_COMPLETE"}) {
    if (record.status == status) return {};
  }
  return validation_error("Drift detection cannot be performed on stack [" + record.identity.name +
                          "] while in status " + record.status);
}

Result<void> detect(const Stacks& stacks, const aws::Call& call, const StackRecord& record,
                    const std::vector<std::string>& logical_ids, StackDrift& drift) {
  for (const std::string& id : logical_ids) {
    if (record.find(id) == nullptr) {
      return validation_error("Resource " + id + " does not exist for stack " +
                              record.identity.name);
    }
  }
  const auto client = stacks.client(call);
  const Template body = template_of(record);
  Names hidden;
  for (const json::Value& key : record.hidden_parameters) {
    if (key.is_string()) hidden.emplace(json::view(key.get_string()));
  }
  for (const ResourceRecord& resource : record.resources) {
    const bool is_wanted =
        logical_ids.empty() ||
        std::find(logical_ids.begin(), logical_ids.end(), resource.logical_id) != logical_ids.end();
    if (!is_wanted || !resource.is_made) continue;
    ResourceContext context{.api = *client,
                            .random = stacks.random(),
                            .sleep = stacks.sleep(),
                            .stack_name = record.identity.name,
                            .region = record.identity.region,
                            .logical_id = resource.logical_id,
                            .exists = [](const Existing&) -> Result<void> { return {}; },
                            .account = record.identity.account,
                            .stack_id = record.identity.id,
                            .type = resource.type,
                            .stack_tags = record.tags,
                            .stack_tags_before = record.tags};
    json::Object found = compare(context, resource, {body.find(resource.logical_id), hidden});
    found["Timestamp"] = iso8601_ms(call.now);
    drift.resources[resource.logical_id] = std::move(found);
  }
  return {};
}

}  // namespace stator::cloudformation::ops
