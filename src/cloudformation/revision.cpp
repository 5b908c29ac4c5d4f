#include "cloudformation/revision.hpp"

#include "cloudformation/stack_record.hpp"

namespace stator::cloudformation {

void apply(Revision revision, StackRecord& record) {
  record.template_body = std::move(revision.template_body);
  record.description = std::move(revision.description);
  record.parameters = std::move(revision.parameters);
  record.hidden_parameters = std::move(revision.hidden_parameters);
  record.resolved_parameters = std::move(revision.resolved_parameters);
  record.capabilities = std::move(revision.capabilities);
  record.tags = std::move(revision.tags);
  record.imports = std::move(revision.imports);
  record.policy = std::move(revision.policy);
  record.notification_arns = std::move(revision.notification_arns);
}

Revision revision_of(const StackRecord& record) {
  return {record.template_body,
          record.description,
          record.parameters,
          record.hidden_parameters,
          record.resolved_parameters,
          record.capabilities,
          record.tags,
          record.imports,
          record.policy,
          record.notification_arns};
}

}  // namespace stator::cloudformation
