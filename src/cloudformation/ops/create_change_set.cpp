#include "aws/arn.hpp"
#include "base/ids.hpp"
#include "cloudformation/change_set_changes.hpp"
#include "cloudformation/errors.hpp"
#include "cloudformation/ops/ops.hpp"
#include "cloudformation/ops/shared.hpp"
#include "cloudformation/ops/stack_options.hpp"
#include "cloudformation/sam/expand.hpp"
#include "cloudformation/yaml_loader.hpp"

namespace stator::cloudformation::ops {
namespace {

/// Clients look for these words to tell "nothing to do" from a failure.
constexpr const char* kNoChanges =
    "The submitted information didn't contain changes. Submit different information to create a "
    "change set.";
constexpr const char* kNoUpdates = "No updates are to be performed.";

Result<ChangeSet> read_change_set_input(const aws::Call& call, const aws::Input& input,
                                        Random& random) {
  ChangeSet set;
  STATOR_TRY(set.name, entity_name(input, "ChangeSetName"));
  STATOR_TRY(const auto type, input.text("ChangeSetType"));
  if (type && *type != "CREATE" && *type != "UPDATE") {
    if (*type == "IMPORT") return unsupported("stator does not support ChangeSetType IMPORT");
    return validation_error("ChangeSetType must be CREATE or UPDATE");
  }
  set.makes_stack = type == "CREATE";
  STATOR_TRY(const auto description, input.text("Description"));
  STATOR_TRY(const auto token, input.text("ClientToken"));
  STATOR_TRY(const auto on_failure, input.text("OnStackFailure"));
  set.description = description.value_or("");
  set.client_token = token.value_or("");
  set.on_stack_failure = on_failure.value_or("");
  if (on_failure && *on_failure != "DO_NOTHING" && *on_failure != "ROLLBACK" &&
      *on_failure != "DELETE") {
    return validation_error("OnStackFailure must be DO_NOTHING, ROLLBACK or DELETE");
  }
  if (set.on_stack_failure == "DELETE" && !set.makes_stack) {
    return validation_error("OnStackFailure DELETE is for change sets of type CREATE");
  }
  set.created = call.now;
  set.id = aws::make_arn("cloudformation", call.region, call.account,
                         "changeSet/" + set.name + "/" + uuid4(random));
  return set;
}

void take_revision(Revision revision, ChangeSet& set) {
  set.template_body = std::move(revision.template_body);
  set.parameters = std::move(revision.parameters);
  set.hidden_parameters = std::move(revision.hidden_parameters);
  set.resolved_parameters = std::move(revision.resolved_parameters);
  set.capabilities = std::move(revision.capabilities);
  set.tags = std::move(revision.tags);
}

/// Whether there is a stack for the change set, as its type demands. A stack that has yet to be
/// made is made, in review, once the request is known to be sound.
Result<void> check_stack(Stacks& stacks, const aws::Call& call, const ChangeSet& set,
                         const StackRequest& request) {
  const auto found = stacks.records().load(call.account, call.region, request.name);
  const bool is_there = found && !found->deleted;
  if (set.makes_stack) {
    if (is_there && found->status != kInReview) {
      return validation_error("Stack [" + found->identity.name +
                              "] already exists and cannot be created again with the changeSet [" +
                              set.name + "].");
    }
    if (is_there) return {};
    STATOR_TRY_VOID(stacks.preview(call, request));
    STATOR_TRY_VOID(stacks.review(call, request.name));
    return {};
  }
  if (!is_there) return validation_error("Stack [" + request.name + "] does not exist");
  if (found->status == kInReview) {
    return validation_error("Stack:" + found->identity.id +
                            " is in REVIEW_IN_PROGRESS state and can not be updated.");
  }
  return {};
}

json::Object ids_of(const ChangeSet& set) {
  return {{"Id", set.id}, {"StackId", set.stack.id}};
}

/// The change set that a client which repeats itself has made already.
std::optional<ChangeSet> repeated(Stacks& stacks, const aws::Call& call, const ChangeSet& set,
                                  const std::string& stack_name) {
  if (set.client_token.empty()) return std::nullopt;
  const auto stack = stacks.records().load(call.account, call.region, stack_name);
  if (!stack) return std::nullopt;
  auto made = stacks.change_sets().load(*stack, set.name);
  if (!made || made->client_token != set.client_token) return std::nullopt;
  return std::move(*made);
}

Result<json::Object> handle(Stacks& stacks, const aws::Call& call, const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only(
      {"StackName", "ChangeSetName", "ChangeSetType", "TemplateBody", "TemplateURL",
       "UsePreviousTemplate", "Parameters", "Capabilities", "Tags", "Description", "ClientToken",
       "OnStackFailure", "IncludeNestedStacks", "ImportExistingResources", "DeploymentConfig",
       "RoleARN", "NotificationARNs"}));
  // CDK asks to import what exists already; nothing is, and making it says so by name.
  STATOR_TRY_VOID(input.boolean("ImportExistingResources"));
  STATOR_TRY_VOID(input.boolean("IncludeNestedStacks"));
  STATOR_TRY(ChangeSet set, read_change_set_input(call, input, stacks.random()));
  STATOR_TRY(StackRequest request, read_stack_request(input));
  STATOR_TRY_VOID(read_stack_options(input, request));
  set.role_arn = request.role_arn;
  // A stack whose update failed can be changed when its failures are to stay; whoever executes says
  // whether they are.
  request.is_rollback_disabled = set.on_stack_failure != "ROLLBACK";
  STATOR_TRY(request.name, set.makes_stack ? stack_name(input) : input.required_text("StackName"));
  if (const auto made = repeated(stacks, call, set, request.name)) return ids_of(*made);
  STATOR_TRY_VOID(read_template_choice(stacks, call, input, request));
  if (set.makes_stack && request.uses_previous_template) {
    return validation_error("You cannot specify usePreviousTemplate for a stack to be created.");
  }
  STATOR_TRY_VOID(check_stack(stacks, call, set, request));
  STATOR_TRY(Preview preview, stacks.preview(call, std::move(request)));
  set.stack = preview.record.identity;
  set.stack_uuid = preview.record.uuid;
  set.stack_events = preview.record.event_count;
  set.changes = describe_changes(preview.plan, preview.record, preview.revision.tags);
  if (preview.is_unchanged) {
    const auto loaded = load_template(preview.revision.template_body);
    set.reason = loaded && sam::is_wanted(*loaded) ? kNoUpdates : kNoChanges;
  }
  take_revision(std::move(preview.revision), set);
  STATOR_TRY_VOID(stacks.change_sets().add(set, preview.record.change_set_id));
  return ids_of(set);
}

}  // namespace

aws::Operation create_change_set(Stacks& stacks) {
  return aws::Operation::json(
      "CreateChangeSet", aws::ByName{}, needs_stack("CreateChangeSet"),
      [&stacks](aws::Call& call, const aws::Input& input) { return handle(stacks, call, input); });
}

}  // namespace stator::cloudformation::ops
