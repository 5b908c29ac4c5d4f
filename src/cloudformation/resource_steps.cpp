#include "cloudformation/resource_steps.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "cloudformation/errors.hpp"
#include "cloudformation/graph.hpp"

namespace stator::cloudformation {
namespace {

/// Refuses what a step would still do when its change is halted or the server stops.
class GatedClient final : public ApiClient {
 public:
  GatedClient(std::unique_ptr<ApiClient> inner, std::function<Result<void>()> gate)
      : inner_(std::move(inner)), gate_(std::move(gate)) {}

  Result<json::Object> call(std::string_view service, std::string_view operation,
                            json::Object input) override {
    STATOR_TRY_VOID(gate_());
    return inner_->call(service, operation, std::move(input));
  }

 private:
  std::unique_ptr<ApiClient> inner_;
  std::function<Result<void>()> gate_;
};

bool settles(const std::string& type) {
  return find_resource_type(type)->settle != nullptr;
}

std::vector<std::string> dependency_list(const Declaration& declaration) {
  const auto ids = dependencies(declaration);
  return {ids.begin(), ids.end()};
}

}  // namespace

std::string reason_of(const Error& error) {
  return error.aws_type.empty() ? error.message : error.message + " (" + error.aws_type + ")";
}

/// One call of a type's handler: its context, and what became of the records that it makes.
struct ResourceSteps::Visit {
  Visit(ResourceSteps& steps, const ResourceRecord& resource)
      : client(steps.parts_.client(), gate(steps, resource)),
        context{.api = client,
                .random = steps.parts_.random,
                .sleep = steps.parts_.sleep,
                .stack_name = steps.parts_.ledger.identity().name,
                .region = steps.parts_.ledger.identity().region,
                .logical_id = resource.logical_id,
                .exists = nullptr,
                .account = steps.parts_.ledger.identity().account,
                .stack_id = steps.parts_.ledger.identity().id,
                .type = resource.type,
                .stack_tags = steps.parts_.tags.after,
                .stack_tags_before = steps.parts_.tags.before,
                .is_stopping = [&steps] { return steps.parts_.is_stopping.load(); },
                .nested = steps.parts_.nested} {
    const std::uint64_t number = resource.number;
    context.responses = steps.parts_.responses;
    context.exists = [this, &steps, number](const Existing& existing) -> Result<void> {
      steps.note_place(*this, number, existing);
      return kept;
    };
  }

  static std::function<Result<void>()> gate(const ResourceSteps& steps,
                                            const ResourceRecord& resource) {
    const bool is_new = resource.status.starts_with("CREATE");
    return [&steps, is_new]() -> Result<void> {
      STATOR_TRY_VOID(steps.check_running());
      if (steps.direction_ == Direction::kBackward) return {};
      steps.parts_.watch();
      if (steps.parts_.ledger.halted() == Halt::kNone) return {};
      return Error{ErrorCode::kUnavailable,
                   is_new ? "Resource creation cancelled" : "Resource update cancelled"};
    };
  }

  GatedClient client;
  ResourceContext context;
  Result<void> kept;  ///< the first record that the store refused
};

Result<void> ResourceSteps::check_running() const {
  if (!parts_.is_stopping) return {};
  return unavailable("the server is stopping");
}

std::string ResourceSteps::failed() const {
  const std::lock_guard lock(mutex_);
  return join(failed_, ", ");
}

/// What exists(): the resource is the stack's own from here on. A change in place that gives
/// another physical id has replaced the resource, and the old one is left to the cleanup.
void ResourceSteps::note_place(Visit& visit, std::uint64_t number, const Existing& existing) {
  const ResourceRecord before = parts_.ledger.resource(number);
  Result<void> kept;
  if (!before.is_made) {
    const bool is_new = before.status == "CREATE_IN_PROGRESS";
    const auto place = [&](ResourceRecord& resource) {
      resource.existing = existing;
      resource.is_made = true;
      resource.chosen_name.clear();
    };
    kept = parts_.ledger.note(number, before.status,
                              is_new ? "Resource creation Initiated" : before.reason, place);
  } else if (before.existing.physical_id != existing.physical_id) {
    kept = parts_.ledger.edit_all([&](StackRecord& record) {
      ResourceRecord old = before;
      old.number = ++record.resource_count;
      old.attempted.reset();
      // It may go back to what an earlier step left.
      std::erase_if(record.leftovers, [&](const ResourceRecord& left) {
        return left.logical_id == old.logical_id &&
               left.existing.physical_id == existing.physical_id;
      });
      record.leftovers.push_back(std::move(old));
      record.find(before.logical_id)->existing = existing;
    });
  } else {
    kept =
        parts_.ledger.edit(number, [&](ResourceRecord& resource) { resource.existing = existing; });
  }
  if (visit.kept) visit.kept = kept;
}

ResourceSteps::Outcome ResourceSteps::fail(std::uint64_t number, const std::string& kind,
                                           const Error& error) {
  STATOR_TRY_VOID(check_running());
  STATOR_TRY_VOID(
      parts_.ledger.note(number, kind + "_FAILED", reason_of(error), [](ResourceRecord& resource) {
        // It answered, so nothing bears the name.
        resource.chosen_name.clear();
      }));
  const std::lock_guard lock(mutex_);
  failed_.push_back(parts_.ledger.resource(number).logical_id);
  return false;
}

ResourceSteps::Outcome ResourceSteps::create(std::uint64_t number, const Declaration& declaration,
                                             const Scope& scope, const std::string& kind) {
  const auto properties = resolve_object(declaration.properties, scope);
  if (!properties) return fail(number, kind, properties.error());
  Visit visit(*this, parts_.ledger.resource(number));
  visit.context.chosen = [&](const std::string& name) {
    const auto kept = parts_.ledger.edit(number, [&](ResourceRecord& resource) {
      resource.chosen_name = name;
      resource.existing.properties = *properties;
    });
    if (visit.kept) visit.kept = kept;
  };
  const auto made = find_resource_type(declaration.type)->create(visit.context, *properties);
  STATOR_TRY_VOID(visit.kept);
  if (!made) return fail(number, kind, made.error());
  STATOR_TRY_VOID(parts_.ledger.note(number, kind + "_COMPLETE"));
  return true;
}

ResourceSteps::Outcome ResourceSteps::make(const Declaration& declaration, const Scope& scope) {
  STATOR_TRY_VOID(check_running());
  ResourceRecord fresh;
  fresh.logical_id = declaration.logical_id;
  fresh.type = declaration.type;
  fresh.status = "CREATE_IN_PROGRESS";
  fresh.is_retained = declaration.is_retained;
  fresh.is_retained_except_on_create = declaration.is_removed_when_creation_fails;
  fresh.depends_on = dependency_list(declaration);
  STATOR_TRY(const std::uint64_t number, parts_.ledger.add(std::move(fresh)));
  return create(number, declaration, scope, "CREATE");
}

ResourceSteps::Outcome ResourceSteps::change(const Declaration& declaration, const Scope& scope) {
  STATOR_TRY_VOID(check_running());
  const ResourceRecord before = *parts_.ledger.find(declaration.logical_id);
  const auto properties = resolve_object(declaration.properties, scope);
  STATOR_TRY_VOID(
      parts_.ledger.note(before.number, "UPDATE_IN_PROGRESS", "", [&](ResourceRecord& resource) {
        if (!properties) return;
        resource.attempted = *properties;
        resource.is_unsettled = settles(before.type);
      }));
  if (!properties) return fail(before.number, "UPDATE", properties.error());
  Visit visit(*this, parts_.ledger.resource(before.number));
  const auto changed =
      find_resource_type(before.type)->update(visit.context, before.existing, *properties);
  STATOR_TRY_VOID(visit.kept);
  if (!changed) return fail(before.number, "UPDATE", changed.error());
  STATOR_TRY_VOID(
      parts_.ledger.note(before.number, "UPDATE_COMPLETE", "", [&](ResourceRecord& resource) {
        resource.attempted.reset();
        resource.existing.properties = *properties;
        resource.depends_on = dependency_list(declaration);
      }));
  return true;
}

ResourceSteps::Outcome ResourceSteps::replace(const Declaration& declaration, const Scope& scope) {
  STATOR_TRY_VOID(check_running());
  std::uint64_t number = 0;
  STATOR_TRY_VOID(parts_.ledger.edit_all([&](StackRecord& record) {
    ResourceRecord& resource = *record.find(declaration.logical_id);
    ResourceRecord fresh = resource;
    record.leftovers.push_back(resource);
    record.leftovers.back().is_retained = declaration.is_retained_when_replaced;
    number = fresh.number = ++record.resource_count;
    // Until it exists it is shown with the old one's physical id.
    fresh.is_made = false;
    fresh.attempted.reset();
    fresh.is_retained = declaration.is_retained;
    fresh.is_retained_except_on_create = declaration.is_removed_when_creation_fails;
    fresh.depends_on = dependency_list(declaration);
    resource = std::move(fresh);
  }));
  STATOR_TRY_VOID(parts_.ledger.note(number, "UPDATE_IN_PROGRESS",
                                     "Requested update requires the creation of a new physical "
                                     "resource; hence creating one."));
  return create(number, declaration, scope, "UPDATE");
}

ResourceSteps::Outcome ResourceSteps::restore(const ResourceRecord& before) {
  STATOR_TRY_VOID(check_running());
  const ResourceRecord now = parts_.ledger.resource(before.number);
  Existing changed = now.existing;
  if (now.attempted) changed.properties = *now.attempted;
  STATOR_TRY_VOID(parts_.ledger.note(
      now.number, "UPDATE_IN_PROGRESS", "",
      [&](ResourceRecord& resource) { resource.attempted = changed.properties; }));
  Visit visit(*this, parts_.ledger.resource(now.number));
  const ResourceType& type = *find_resource_type(now.type);
  const auto restored =
      (type.undo ? type.undo : type.update)(visit.context, changed, before.existing.properties);
  STATOR_TRY_VOID(visit.kept);
  if (!restored) return fail(now.number, "UPDATE", restored.error());
  STATOR_TRY_VOID(
      parts_.ledger.note(now.number, "UPDATE_COMPLETE", "", [&](ResourceRecord& resource) {
        resource.attempted.reset();
        resource.is_unsettled = false;
        resource.existing.properties = before.existing.properties;
        resource.depends_on = before.depends_on;
      }));
  return true;
}

ResourceSteps::Outcome ResourceSteps::remove(std::uint64_t number) {
  STATOR_TRY_VOID(check_running());
  const ResourceRecord resource = parts_.ledger.resource(number);
  if (!resource.is_made) return remove_uncertain(resource);
  if (resource.is_retained) {
    STATOR_TRY_VOID(parts_.ledger.note(number, "DELETE_SKIPPED"));
    return true;
  }
  STATOR_TRY_VOID(parts_.ledger.note(number, "DELETE_IN_PROGRESS"));
  Visit visit(*this, resource);
  Existing existing = resource.existing;
  // What a change in place may have added must go, too.
  if (resource.attempted) existing.properties = *resource.attempted;
  const auto removed = find_resource_type(resource.type)->remove(visit.context, existing);
  if (!removed) return fail(number, "DELETE", removed.error());
  STATOR_TRY_VOID(parts_.ledger.note(number, "DELETE_COMPLETE", "", [](ResourceRecord& gone) {
    gone.is_made = false;
    gone.attempted.reset();
  }));
  return true;
}

ResourceSteps::Outcome ResourceSteps::settle(std::uint64_t number) {
  STATOR_TRY_VOID(check_running());
  const ResourceRecord resource = parts_.ledger.resource(number);
  if (!resource.is_unsettled) return true;
  Visit visit(*this, resource);
  const auto settled = find_resource_type(resource.type)->settle(visit.context, resource.existing);
  STATOR_TRY_VOID(visit.kept);
  STATOR_TRY_VOID(check_running());
  // One that cannot be settled is asked again after the next update.
  if (!settled) return false;
  STATOR_TRY_VOID(parts_.ledger.edit(
      number, [](ResourceRecord& settled_now) { settled_now.is_unsettled = false; }));
  return true;
}

/// A resource that a crash cut off while it was being made: the name that was chosen for it is
/// random, so whatever bears it is the stack's own.
ResourceSteps::Outcome ResourceSteps::remove_uncertain(const ResourceRecord& resource) {
  if (resource.chosen_name.empty()) return true;
  Visit visit(*this, resource);
  const Existing existing{resource.chosen_name, {}, resource.existing.properties};
  const auto removed = find_resource_type(resource.type)->remove(visit.context, existing);
  STATOR_TRY_VOID(check_running());
  if (removed) {
    STATOR_TRY_VOID(parts_.ledger.edit(resource.number,
                                       [](ResourceRecord& gone) { gone.chosen_name.clear(); }));
    return true;
  }
  // Types whose physical id is not their name do not know it: nothing can be said.
  STATOR_TRY_VOID(parts_.ledger.note(
      resource.number, "DELETE_SKIPPED",
      "Whether it was made before stator stopped cannot be told: " + reason_of(removed.error()),
      [](ResourceRecord& gone) { gone.chosen_name.clear(); }));
  return true;
}

}  // namespace stator::cloudformation
