#include <algorithm>

#include "cloudformation/exports.hpp"
#include "cloudformation/graph.hpp"
#include "cloudformation/stack_run.hpp"

/// The ways back: undoing a creation or an update, removing a stack, and ending what a crash cut
/// off.
namespace stator::cloudformation {
namespace {

const ResourceRecord* find_number(const std::vector<ResourceRecord>& list, std::uint64_t number) {
  for (const ResourceRecord& resource : list) {
    if (resource.number == number) return &resource;
  }
  return nullptr;
}

const ResourceRecord* find_number(const StackRecord& record, std::uint64_t number) {
  const ResourceRecord* found = find_number(record.resources, number);
  return found != nullptr ? found : find_number(record.leftovers, number);
}

/// Whether the change that made it takes it along when it is rolled back, retained or not.
bool goes_with_its_change(const ResourceRecord& resource, const StackRecord& record) {
  return resource.is_retained_except_on_create || record.is_new_never_retained;
}

bool is_changed(const ResourceRecord& now, const ResourceRecord& before) {
  return now.attempted.has_value() || now.existing.properties != before.existing.properties ||
         now.existing.physical_id != before.existing.physical_id;
}

std::string failed_to(const std::string& verb, const std::string& failed) {
  return "The following resource(s) failed to " + verb + ": [" + failed + "]. ";
}

}  // namespace

Result<void> StackRun::roll_back(const ResourceIds& skipped) {
  if (ledger_.record().status == "ROLLBACK_IN_PROGRESS") return roll_back_creation();
  return roll_back_update(skipped);
}

Result<void> StackRun::roll_back_creation() {
  STATOR_TRY_VOID(ledger_.edit_all([](StackRecord& record) {
    for (ResourceRecord& resource : record.resources) {
      if (goes_with_its_change(resource, record)) resource.is_retained = false;
    }
  }));
  STATOR_TRY(const bool is_clean, remove_all({}, false));
  if (is_clean) return ledger_.set_status("ROLLBACK_COMPLETE");
  return ledger_.set_status("ROLLBACK_FAILED", failed_to("delete", failed_));
}

Result<void> StackRun::roll_back_update(const ResourceIds& skipped) {
  STATOR_TRY(const StackRecord baseline, parts_.stacks.baseline(ledger_.record()));
  STATOR_TRY(const bool is_restored, restore_all(baseline, skipped));
  if (!is_restored) {
    return ledger_.set_status("UPDATE_ROLLBACK_FAILED", failed_to("update", failed_));
  }
  STATOR_TRY_VOID(return_to(baseline));
  STATOR_TRY_VOID(parts_.stacks.drop_baseline(baseline));
  return clean_up("UPDATE_ROLLBACK_COMPLETE");
}

/// Sets every resource of the baseline that was changed back in place, what others depend on first,
/// as an update to the old template does. What replaced one of them waits for the cleanup.
Result<bool> StackRun::restore_all(const StackRecord& baseline, const ResourceIds& skipped) {
  const StackRecord record = ledger_.record();
  step_parts_.tags = {record.wanted_tags, baseline.tags};
  const bool has_other_tags = record.wanted_tags != baseline.tags;
  ResourceSteps steps(step_parts_, ResourceSteps::Direction::kBackward);
  const Task task = [&](std::size_t i) -> Result<bool> {
    const ResourceRecord& before = baseline.resources[i];
    const ResourceRecord* now = find_number(record, before.number);
    if (now == nullptr || !before.is_made) return true;
    const bool is_replaced = find_number(record.resources, before.number) == nullptr;
    const bool is_tagged =
        has_other_tags && !is_replaced && bears_stack_tags(*find_resource_type(before.type));
    if (!is_changed(*now, before) && !now->is_unsettled && !is_tagged) {
      if (is_replaced) STATOR_TRY_VOID(ledger_.note(before.number, "UPDATE_COMPLETE"));
      return true;
    }
    if (!skipped.contains(before.logical_id)) return steps.restore(before);
    STATOR_TRY_VOID(ledger_.note(before.number, "UPDATE_COMPLETE", "Resource skipped by user",
                                 [&](ResourceRecord& resource) {
                                   resource.attempted.reset();
                                   resource.existing = before.existing;
                                 }));
    return true;
  };
  STATOR_TRY(const bool is_restored,
             run_tasks(creation_needs(baseline.resources), parts_.lanes, task, false));
  failed_ = steps.failed();
  return is_restored;
}

/// The record is the baseline's again; what the update made is left to the cleanup.
Result<void> StackRun::return_to(const StackRecord& baseline) {
  return ledger_.set_status(
      "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "", [&](StackRecord& record) {
        std::vector<ResourceRecord> resources, leftovers;
        for (const ResourceRecord& before : baseline.resources) {
          const ResourceRecord* now = find_number(record, before.number);
          ResourceRecord back = now == nullptr ? before : *now;
          back.is_retained = before.is_retained;
          back.is_retained_except_on_create = before.is_retained_except_on_create;
          back.depends_on = before.depends_on;
          back.attempted.reset();
          resources.push_back(std::move(back));
        }
        for (auto* list : {&record.resources, &record.leftovers}) {
          for (ResourceRecord& resource : *list) {
            if (find_number(resources, resource.number) != nullptr) continue;
            const bool is_new = find_number(baseline.leftovers, resource.number) == nullptr;
            const bool is_added = baseline.find(resource.logical_id) == nullptr;
            if (is_new && (!is_added || goes_with_its_change(resource, record))) {
              resource.is_retained = false;
            }
            leftovers.push_back(std::move(resource));
          }
        }
        record.resources = std::move(resources);
        record.leftovers = std::move(leftovers);
        record.outputs = baseline.outputs;
        record.has_baseline = false;
        apply(revision_of(baseline), record);
      });
}

/// Removes the leftovers. One that cannot be removed stays in the record, and the next change of
/// the stack tries again.
Result<void> StackRun::clean_up(const std::string& status) {
  STATOR_TRY_VOID(remove_all({}, true));
  return ledger_.set_status(status, "", [](StackRecord& record) {
    std::erase_if(record.leftovers, [](const ResourceRecord& left) {
      return left.is_retained || (!left.is_made && left.chosen_name.empty());
    });
  });
}

Result<void> StackRun::remove(const ResourceIds& retained) {
  {
    const std::lock_guard lock(parts_.exports);
    const auto is_free = check_exports(parts_.stacks, ledger_.record(), {});
    if (!is_free && is_free.error().code != ErrorCode::kInvalid) return is_free;
    if (!is_free) return ledger_.set_status("DELETE_FAILED", is_free.error().message);
  }
  STATOR_TRY(const bool is_clean, remove_all(retained, false));
  if (!is_clean) return ledger_.set_status("DELETE_FAILED", failed_to("delete", failed_));
  STATOR_TRY_VOID(ledger_.set_status("DELETE_COMPLETE", "", [this](StackRecord& record) {
    record.deleted = parts_.clock.wall();
    record.leftovers.clear();
    record.has_baseline = false;
  }));
  return parts_.stacks.drop_baseline(ledger_.record());
}

/// Leftovers go first: what replaced them may depend on what they depend on, and the other way
/// round.
Result<bool> StackRun::remove_all(const ResourceIds& retained, bool leftovers_only) {
  if (!retained.empty()) {
    STATOR_TRY_VOID(ledger_.edit_all([&](StackRecord& record) {
      for (ResourceRecord& resource : record.resources) {
        if (retained.contains(resource.logical_id)) resource.is_retained = true;
      }
    }));
  }
  const StackRecord record = ledger_.record();
  ResourceSteps steps(step_parts_, ResourceSteps::Direction::kBackward);
  bool is_clean = true;
  for (const auto* list : {&record.leftovers, &record.resources}) {
    if (leftovers_only && list == &record.resources) break;
    std::vector<ResourceRecord> newest_first = *list;
    std::sort(newest_first.begin(), newest_first.end(),
              [](const auto& a, const auto& b) { return a.number > b.number; });
    const Task task = [&](std::size_t i) { return steps.remove(newest_first[i].number); };
    STATOR_TRY(const bool is_gone,
               run_tasks(removal_needs(newest_first), parts_.lanes, task, false));
    is_clean = is_clean && is_gone;
  }
  failed_ = steps.failed();
  return is_clean;
}

Result<void> StackRun::resume() {
  const std::string why = "stator stopped while the stack was being changed. ";
  const std::string status = ledger_.record().status;
  if (status == "CREATE_IN_PROGRESS") return give_up_creation(why);
  if (status == "UPDATE_IN_PROGRESS") return give_up_update(why, nullptr);
  if (status == "DELETE_IN_PROGRESS") return remove();
  if (status == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS") return finish();
  if (status == "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS") {
    return clean_up("UPDATE_ROLLBACK_COMPLETE");
  }
  return roll_back();
}

}  // namespace stator::cloudformation
