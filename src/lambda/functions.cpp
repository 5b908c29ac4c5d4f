#include "lambda/functions.hpp"

#include <array>
#include <mutex>
#include <utility>

#include "aws/arn.hpp"
#include "base/ids.hpp"
#include "base/worker_pool.hpp"
#include "lambda/concurrency.hpp"
#include "lambda/errors.hpp"
#include "lambda/events/dispatcher.hpp"
#include "lambda/events/queue.hpp"
#include "lambda/idle_freezer.hpp"
#include "lambda/instance.hpp"
#include "lambda/needs.hpp"
#include "lambda/pools.hpp"
#include "lambda/runtime_api.hpp"
#include "lambda/start_queue.hpp"
#include "lambda/streaming.hpp"

namespace stator::lambda {
namespace {

/// How long stop() waits for starts that are under way once everything else has ended.
constexpr std::chrono::seconds kStartsGrace{15};
/// Asynchronous invocations that are delivered at once.
constexpr std::size_t kDeliveriesMax = 100;

}  // namespace

struct Functions::Impl : std::enable_shared_from_this<Impl> {
  Impl(FunctionsParts all, FunctionsOptions chosen)
      : parts(std::move(all)),
        options(chosen),
        catalog(parts.store),
        code(parts.code_directory),
        interpreters(parts.runtimes_directory,
                     runtimes::places_of_this_machine(parts.launcher.capabilities().isolation ==
                                                      sandbox::Isolation::kProcess),
                     parts.logger),
        collector(parts.logs, parts.clock),
        budget(options.instances_max, [this] { pools.make_room(); }),
        concurrency(static_cast<std::int64_t>(options.instances_max)),
        pools({catalog,
               budget,
               parts.scheduler,
               parts.clock,
               {.init_timeout = options.init_timeout,
                .settling_grace = options.settling_grace,
                .place_timeout = options.place_timeout,
                .is_one_shot = options.is_isolated_by_request}}),
        freezer(parts.scheduler, parts.clock, options.freeze_after),
        event_queue(parts.store, parts.clock, {}) {}

  FunctionsParts parts;
  FunctionsOptions options;
  Catalog catalog;
  CodeStore code;
  runtimes::Registry interpreters;
  LogCollector collector;
  Budget budget;
  Concurrency concurrency;
  Pools pools;
  StartQueue starts;
  IdleFreezer freezer;
  events::Queue event_queue;
  WorkerPool deliverer{1, 2};                      ///< the dispatcher has one task at a time there
  std::shared_ptr<events::Dispatcher> dispatcher;  ///< its callbacks look whether it is still there
  std::unique_ptr<InstanceStarter> starter;

  std::mutex settings_mutex;     ///< one reading and applying of settings at a time
  std::mutex maintenance_mutex;  ///< guards the timer
  Scheduler::TimerId maintenance_timer = 0;

  void dispatch(const FunctionRecord& record, Work work);
  void schedule_maintenance();
  void maintain();
  void sweep();
  void apply_settings(const FunctionKeyView& key);
  Result<void> authorize(const Invocation& invocation, const FunctionReference& reference) const;
  std::shared_ptr<events::Dispatcher> make_dispatcher(Functions& owner);
};

/// Half of the instances serve asynchronous invocations at most, and half of those one function's.
/// Each that is delivered has its payload in memory, which bounds them too.
std::shared_ptr<events::Dispatcher> Functions::Impl::make_dispatcher(Functions& owner) {
  const auto deliveries = std::clamp<std::size_t>(options.instances_max / 2, 1, kDeliveriesMax);
  return std::make_shared<events::Dispatcher>(
      events::DispatcherParts{
          event_queue,
          {catalog, parts.credentials, parts.authorizer, parts.clock},
          parts.scheduler,
          parts.random,
          parts.logger,
          [&owner](Invocation invocation, InvokeDone done) {
            owner.invoke(std::move(invocation), std::move(done));
          },
          [this](std::function<void()> task) { return deliverer.post(std::move(task)); }},
      events::DispatcherOptions{deliveries, std::max<std::size_t>(deliveries / 2, 1)});
}

void Functions::Impl::dispatch(const FunctionRecord& record, Work work) {
  const FunctionKeyView key = record.key.view();
  for (;;) {
    const auto pool = pools.of(key, record.version);
    if (pool == nullptr) {
      const bool is_known = catalog.find_version(key, record.version) != nullptr;
      return work.done(is_known ? unavailable("Lambda is not running.")
                                : function_missing(record.version_arn()));
    }
    if (pool->submit(work) == Pool::Submitted::kAccepted) return;
    if (!pools.is_open()) return work.done(unavailable("Lambda is stopping."));
    // The function was deleted, and perhaps made again.
  }
}

/// What the settings say about concurrency comes into force.
void Functions::Impl::apply_settings(const FunctionKeyView& key) {
  const std::lock_guard lock(settings_mutex);
  const auto settings = catalog.settings(key);
  if (settings == nullptr) return concurrency.forget(key);
  ConcurrencyLimits limits;
  limits.reserved = settings->reserved_concurrency;
  for (const auto& [qualifier, provisioned] : settings->provisioned_concurrency) {
    const auto record = catalog.resolve({settings->key, qualifier});
    // An alias may have been pointed at $LATEST since, which has none.
    if (record != nullptr && !record->is_latest())
      limits.provisioned[record->version] += provisioned.count;
  }
  pools.provision(key, limits.provisioned);
  concurrency.set(key, std::move(limits));
}

void Functions::Impl::schedule_maintenance() {
  const std::lock_guard lock(maintenance_mutex);
  if (!pools.is_open()) return;
  maintenance_timer =
      parts.scheduler.after(options.maintenance_interval, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->maintain();
      });
}

void Functions::Impl::maintain() {
  const SteadyTime idle_before = parts.clock.steady() - options.idle_timeout;
  for (const auto& pool : pools.all()) pool->reap(idle_before);
  schedule_maintenance();
}

void Functions::Impl::sweep() {
  const auto swept = code.sweep([this] { return catalog.referenced_code(); });
  if (!swept)
    parts.logger.warn("lambda", "cannot sweep the code directory",
                      {{"reason", swept.error().message}});
}

/// A service may do what the function's own policy lets it do for the resource that it calls for.
Result<void> Functions::Impl::authorize(const Invocation& invocation,
                                        const FunctionReference& reference) const {
  const OnBehalf& caller = *invocation.on_behalf;
  aws::Call call;
  call.principal = {
      .kind = aws::Principal::Kind::kService, .account = invocation.account, .arn = caller.service};
  call.account = invocation.account;
  call.region = invocation.region;
  call.request_id = invocation.request_id;
  call.now = parts.clock.wall();
  call.source_arn = caller.source_arn;
  if (const auto source = aws::Arn::parse(caller.source_arn)) call.source_account = source->account;
  const auto function = catalog.find(reference.key.view());
  const std::array needs{invoke_need(reference, function.get(), catalog.policy(reference))};
  return parts.authorizer.authorize(call, needs);
}

Functions::Functions(FunctionsParts parts, FunctionsOptions options)
    : impl_(std::make_shared<Impl>(std::move(parts), options)) {
  impl_->dispatcher = impl_->make_dispatcher(*this);
  impl_->sweep();
}

Functions::~Functions() {
  stop(std::chrono::milliseconds(0));
}

void Functions::start(http::Server& server, http::Handler endpoint) {
  auto& parts = impl_->parts;
  impl_->starter = std::make_unique<InstanceStarter>(InstanceParts{
      server, std::move(endpoint), parts.launcher, impl_->code, parts.credentials,
      impl_->interpreters, impl_->collector, impl_->starts, parts.clock, parts.random, parts.logger,
      impl_->options.keys_margin, parts.scheduler, impl_->freezer, impl_->options.confinement});
  impl_->collector.start();
  impl_->pools.open(*impl_->starter);
  impl_->schedule_maintenance();
  for (const auto& settings : impl_->catalog.all_settings()) {
    impl_->apply_settings(settings->key.view());
  }
  impl_->dispatcher->start();
}

void Functions::stop(std::chrono::milliseconds grace) {
  if (!impl_->pools.is_open()) return;
  impl_->dispatcher->stop();
  if (!impl_->pools.shut(unavailable("Lambda is stopping."))) return;
  {
    const std::lock_guard lock(impl_->maintenance_mutex);
    impl_->parts.scheduler.cancel(impl_->maintenance_timer);
  }
  if (!impl_->budget.wait_until_empty(grace)) {
    for (const auto& pool : impl_->pools.all()) pool->end_all();
    if (!impl_->budget.wait_until_empty(kStartsGrace)) {
      impl_->parts.logger.error("lambda", "instances are still being started; not waiting longer");
    }
  }
  impl_->collector.stop();
}

void Functions::invoke(Invocation invocation, InvokeDone done) {
  auto reference = parse_function_name(invocation.account, invocation.region, invocation.function,
                                       invocation.qualifier);
  if (!reference) return done(std::move(reference).error());
  const auto record = resolve(*reference);
  if (record == nullptr) return done(function_missing(reference->invoked_arn()));
  if (invocation.on_behalf) {
    auto granted = impl_->authorize(invocation, *reference);
    if (!granted) return done(std::move(granted).error());
  }
  // A directory of this machine that is run as it is has other files now.
  if (impl_->code.has_changed(record->code.sha256_hex)) refresh(reference->key.view());
  Work work;
  work.request_id =
      invocation.request_id.empty() ? uuid4(impl_->parts.random) : std::move(invocation.request_id);
  work.payload = std::move(invocation.payload);
  work.client_context = std::move(invocation.client_context);
  work.trace_id = invocation.trace_id.empty()
                      ? runtime_api::trace_id(work.request_id, impl_->parts.clock.wall())
                      : std::move(invocation.trace_id);
  work.invoked_arn = reference->qualified_arn();
  work.wants_log_tail = invocation.wants_log_tail;
  auto ticket = impl_->concurrency.enter(reference->key.view(), record->version);
  if (!ticket) return done(std::move(ticket).error());
  // The caller's next call must find the place of this one free.
  work.done = [impl = impl_, ticket = std::move(*ticket), version = record->version,
               done = std::move(done)](Result<InvokeResult> result) {
    impl->concurrency.leave(ticket);
    if (result) result->executed_version = version;
    done(std::move(result));
  };
  if (invocation.stream != nullptr) {
    invocation.stream->executes(record->version);
    work.stream = std::move(invocation.stream);
    gate_stream(work);
  }
  impl_->dispatch(*record, std::move(work));
}

Catalog::FunctionPtr Functions::resolve(const FunctionReference& reference) const {
  if (!is_alias_name(reference.qualifier)) return impl_->catalog.resolve(reference);
  constexpr std::uint64_t kSteps = 1'000'000;
  const auto step = static_cast<double>(impl_->parts.random.below(kSteps));
  return impl_->catalog.resolve(reference, step / kSteps);
}

Result<storage::Sequence> Functions::invoke_later(Invocation invocation) {
  STATOR_TRY(auto reference, parse_function_name(invocation.account, invocation.region,
                                                 invocation.function, invocation.qualifier));
  if (resolve(reference) == nullptr) return function_missing(reference.invoked_arn());
  if (invocation.on_behalf) {
    STATOR_TRY_VOID(impl_->authorize(invocation, reference));
  }
  events::Event event;
  event.function = std::move(reference.key);
  event.qualifier = std::move(reference.qualifier);
  event.request_id =
      invocation.request_id.empty() ? uuid4(impl_->parts.random) : std::move(invocation.request_id);
  event.accepted = impl_->parts.clock.wall();
  event.trace_id = invocation.trace_id.empty()
                       ? runtime_api::trace_id(event.request_id, event.accepted)
                       : std::move(invocation.trace_id);
  event.payload = std::move(invocation.payload);
  STATOR_TRY(const auto sequence, impl_->event_queue.add(std::move(event)));
  impl_->dispatcher->wake();
  return sequence;
}

Catalog& Functions::catalog() {
  return impl_->catalog;
}
CodeStore& Functions::code() {
  return impl_->code;
}
RoleCredentials& Functions::credentials() {
  return impl_->parts.credentials;
}
events::DestinationParts Functions::destinations() {
  return {impl_->catalog, impl_->parts.credentials, impl_->parts.authorizer, impl_->parts.clock};
}
ArtifactStore& Functions::artifacts() {
  return impl_->parts.artifacts;
}
runtimes::Registry& Functions::interpreters() {
  return impl_->interpreters;
}
Random& Functions::random() {
  return impl_->parts.random;
}
std::size_t Functions::instances() const {
  return impl_->budget.used();
}

void Functions::refresh(const FunctionKeyView& key) {
  if (impl_->catalog.find(key) == nullptr) {
    const auto forgotten = impl_->event_queue.forget(key);
    if (!forgotten) {
      impl_->parts.logger.error("lambda", "a deleted function's events stay",
                                {{"reason", forgotten.error().message}});
    }
  }
  impl_->pools.refresh(key);
  impl_->apply_settings(key);
}

void Functions::apply_settings(const FunctionKeyView& key) {
  impl_->apply_settings(key);
}

std::int64_t Functions::concurrency_max() const {
  return impl_->concurrency.account_max();
}

Provision Functions::provision(const FunctionKeyView& key, std::string_view version) const {
  const auto pool = impl_->pools.find(key, version);
  return pool == nullptr ? Provision{} : pool->provision();
}

void Functions::sweep_code() {
  impl_->sweep();
}

}  // namespace stator::lambda
