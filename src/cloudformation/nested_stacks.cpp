#include "cloudformation/errors.hpp"
#include "cloudformation/nested.hpp"
#include "cloudformation/stacks.hpp"

/// Nested stacks: each is a stack like any other, run on the thread of the outer stack's step.
namespace stator::cloudformation {
namespace {

NestedStack describe(const StackRecord& record) {
  NestedStack stack{record.identity.id, record.status, record.reason, {}};
  for (const json::Value& output : record.outputs) {
    if (!output.is_object()) continue;
    const json::Object& members = output.get_object();
    stack.attributes["Outputs." + text_of(members, "OutputKey")] = text_of(members, "OutputValue");
  }
  return stack;
}

}  // namespace

class Stacks::Nested final : public NestedStacks {
 public:
  using Exists = std::function<Result<void>(const std::string& id)>;

  Nested(Stacks& stacks, const StackRecord& outer, aws::Principal runner)
      : stacks_(stacks),
        outer_(outer.identity),
        root_id_(outer.root_id.empty() ? outer.identity.id : outer.root_id),
        runner_(std::move(runner)) {}

  void bind(StackRun* outer) { outer_run_ = outer; }

  Result<NestedStack> create(const NestedRequest& request, const Exists& exists) override {
    STATOR_TRY_VOID(check_depth());
    Prepared prepared;
    {
      const std::lock_guard lock(stacks_.mutex_);
      STATOR_TRY_VOID(authorize("CreateStack", request.name));
      const aws::Call call = as_call();
      STATOR_TRY(StackRecord record, stacks_.record_for(call, request.name));
      STATOR_TRY(const StackRecord outer, load(outer_.id));
      STATOR_TRY(Drawn drawn, stacks_.draw(runner_, record, wanted(request, outer)));
      apply(std::move(drawn.revision), record);
      record.status = "CREATE_IN_PROGRESS";
      record.reason = "User Initiated";
      record.parent_id = outer_.id;
      record.root_id = root_id_;
      record.role_arn = outer.role_arn;
      record.is_rollback_disabled = outer.is_rollback_disabled;
      record.is_new_never_retained = outer.is_new_never_retained;
      STATOR_TRY_VOID(exists(record.identity.id));
      STATOR_TRY(prepared,
                 stacks_.prepare(
                     {std::move(record), {}, runner_, request.timeout_ms, [drawn](StackRun& run) {
                        return run.create(*drawn.blueprint);
                      }}));
    }
    return execute(prepared);
  }

  Result<NestedStack> update(const std::string& id, const NestedRequest& request) override {
    Prepared prepared;
    {
      const std::lock_guard lock(stacks_.mutex_);
      STATOR_TRY_VOID(authorize("UpdateStack", id));
      STATOR_TRY(const StackRecord outer, load(outer_.id));
      STATOR_TRY(StackRecord record, load(id));
      STATOR_TRY(Preview preview, stacks_.preview_update(runner_, record, wanted(request, outer)));
      if (preview.is_unchanged) {
        NestedStack same = describe(record);
        same.status = "UPDATE_COMPLETE";
        return same;
      }
      const StackRecord before = record;
      record.updated = stacks_.parts_.clock.wall();
      record.status = "UPDATE_IN_PROGRESS";
      record.reason = "User Initiated";
      record.is_rollback_disabled = false;
      record.wanted_tags = preview.revision.tags;
      STATOR_TRY_VOID(stacks_.records_.keep_baseline(before));
      record.has_baseline = true;
      STATOR_TRY(prepared, stacks_.prepare({std::move(record), before, runner_, request.timeout_ms,
                                            [preview](StackRun& run) {
                                              return run.update(*preview.blueprint, preview.plan,
                                                                preview.revision,
                                                                StackRun::Finish::kLater);
                                            }}));
    }
    return execute(prepared);
  }

  Result<NestedStack> settle(const std::string& id) override {
    return change(id, [](StackRecord& record) -> Work {
      if (record.status != "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS") return nullptr;
      return [](StackRun& run) { return run.finish(); };
    });
  }

  Result<NestedStack> undo(const std::string& id) override {
    return change(id, [](StackRecord& record) -> Work {
      if (!record.has_baseline) {
        if (!record.is_in_progress()) return nullptr;
        return [](StackRun& run) { return run.resume(); };
      }
      record.status = "UPDATE_ROLLBACK_IN_PROGRESS";
      record.reason = "The outer stack is rolled back.";
      return [](StackRun& run) { return run.roll_back(); };
    });
  }

  Result<NestedStack> remove(const std::string& id_or_name) override {
    const auto found = stacks_.records_.load(outer_.account, outer_.region, id_or_name);
    if (!found || found->deleted) return NestedStack{id_or_name, "DELETE_COMPLETE", "", {}};
    {
      const std::lock_guard lock(stacks_.mutex_);
      STATOR_TRY_VOID(authorize("DeleteStack", found->identity.id));
    }
    return change(found->identity.id, [](StackRecord& record) -> Work {
      record.status = "DELETE_IN_PROGRESS";
      record.reason = "User Initiated";
      return [](StackRun& run) { return run.remove(); };
    });
  }

 private:
  using Prepared = std::pair<std::shared_ptr<StackRun>, Work>;

  Result<StackRecord> load(const std::string& id) const {
    return stacks_.records_.load(outer_.account, outer_.region, id);
  }

  aws::Call as_call() const {
    aws::Call call;
    call.principal = runner_;
    call.account = outer_.account;
    call.region = outer_.region;
    call.now = stacks_.parts_.clock.wall();
    return call;
  }

  Result<void> authorize(const char* action, const std::string& name_or_id) const {
    if (!stacks_.parts_.authorize) return {};
    const aws::Call call = as_call();
    return stacks_.parts_.authorize(
        call, {{std::string("cloudformation:") + action, stack_arn(call, name_or_id)}});
  }

  Result<void> check_depth() const {
    std::size_t depth = 1;
    for (std::string id = outer_.id; !id.empty(); ++depth) {
      STATOR_TRY(const StackRecord record, load(id));
      id = record.parent_id;
      if (depth > kNestingMax) {
        return validation_error("stator nests stacks at most " + std::to_string(kNestingMax) +
                                " deep");
      }
    }
    return {};
  }

  static StackRequest wanted(const NestedRequest& nested, const StackRecord& outer) {
    StackRequest request;
    request.template_body = nested.template_body;
    request.parameters = nested.parameters;
    request.tags = nested.tags;
    for (const json::Value& name : outer.capabilities) {
      if (name.is_string()) request.capabilities.emplace(json::view(name.get_string()));
    }
    return request;
  }

  /// Begins what `choose` says about the stack as it is, if anything, and waits for its end.
  Result<NestedStack> change(const std::string& id,
                             const std::function<Work(StackRecord&)>& choose) {
    Prepared prepared;
    {
      const std::lock_guard lock(stacks_.mutex_);
      STATOR_TRY(StackRecord record, load(id));
      if (stacks_.running(id) != nullptr) {
        return validation_error("Stack [" + record.identity.name +
                                "] is being changed: " + record.status);
      }
      const StackRecord before = record;
      Work work = choose(record);
      if (!work) return describe(record);
      STATOR_TRY(prepared,
                 stacks_.prepare({std::move(record), before, runner_, 0, std::move(work)}));
    }
    return execute(prepared);
  }

  Result<NestedStack> execute(const Prepared& prepared) {
    const auto& [run, work] = prepared;
    const StackIdentity stack = run->identity();
    run->follow(outer_run_);
    stacks_.execute(run, stack, work);
    if (stacks_.is_stopping_) return unavailable("the server is stopping");
    STATOR_TRY(const StackRecord record, load(stack.id));
    return describe(record);
  }

  Stacks& stacks_;
  const StackIdentity outer_;
  const std::string root_id_;
  const aws::Principal runner_;
  StackRun* outer_run_ = nullptr;
};

static std::optional<Runner> runner_to_keep(const aws::Principal& principal) {
  if (principal.session != nullptr) return std::nullopt;
  return Runner{int(principal.kind), principal.account, principal.arn, principal.user_id};
}

Result<std::pair<std::shared_ptr<StackRun>, Stacks::Work>> Stacks::prepare(Beginning beginning) {
  StackRecord& record = beginning.record;
  record.runner = runner_to_keep(beginning.runner);
  STATOR_TRY_VOID(records_.save_all_with_event(record));
  auto run = make_run(record, beginning.runner, beginning.timeout_ms);
  running_[record.identity.id] = run;
  return std::pair(std::move(run), std::move(beginning.work));
}

std::shared_ptr<StackRun> Stacks::make_run(StackRecord& record, const aws::Principal& runner,
                                           std::int64_t timeout_ms) {
  const auto clients = [this, runner, region = record.identity.region] {
    return parts_.clients(runner, region);
  };
  auto nested = std::make_unique<Nested>(*this, record, runner);
  Nested& door = *nested;
  auto run = std::make_shared<StackRun>(run_parts_, record,
                                        StackRun::Doors{clients, std::move(nested)}, timeout_ms);
  door.bind(run.get());
  return run;
}

}  // namespace stator::cloudformation
