#include "lambda/functions.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <utility>
#include <vector>

#include "aws/arn.hpp"
#include "base/ids.hpp"
#include "base/worker_pool.hpp"
#include "lambda/errors.hpp"
#include "lambda/events/dispatcher.hpp"
#include "lambda/events/queue.hpp"
#include "lambda/instance.hpp"
#include "lambda/needs.hpp"
#include "lambda/runtime_api.hpp"
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
        budget(options.instances_max),
        event_queue(parts.store, parts.clock, {}) {}

  FunctionsParts parts;
  FunctionsOptions options;
  Catalog catalog;
  CodeStore code;
  runtimes::Registry interpreters;
  LogCollector collector;
  Budget budget;
  events::Queue event_queue;
  WorkerPool deliverer{1, 2};                      ///< the dispatcher has one task at a time there
  std::shared_ptr<events::Dispatcher> dispatcher;  ///< its callbacks look whether it is still there
  std::unique_ptr<InstanceStarter> starter;

  /// Guards the map. Records are read from the catalog under it, so that a pool never starts with a
  /// record that was replaced before the pool could be told.
  mutable std::shared_mutex pools_mutex;
  std::map<FunctionKey, std::shared_ptr<Pool>, FunctionKeyLess> pools;
  std::atomic<bool> is_running{false};
  std::mutex maintenance_mutex;  ///< guards the timer
  Scheduler::TimerId maintenance_timer = 0;

  std::shared_ptr<Pool> pool_of(const FunctionKeyView& key);
  std::vector<std::shared_ptr<Pool>> all_pools() const;
  bool evict_oldest() const;
  void dispatch(const FunctionKeyView& key, Work work);
  void schedule_maintenance();
  void maintain();
  void sweep();
  void close_pools(const Error& error);
  Result<void> authorize(const Invocation& invocation, const FunctionReference& reference,
                         const FunctionRecord& record) const;
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

std::shared_ptr<Pool> Functions::Impl::pool_of(const FunctionKeyView& key) {
  {
    const std::shared_lock lock(pools_mutex);
    const auto found = pools.find(key);
    if (found != pools.end()) return found->second;
  }
  const std::unique_lock lock(pools_mutex);
  const auto found = pools.find(key);
  if (found != pools.end()) return found->second;
  auto record = catalog.find(key);
  if (record == nullptr || !is_running) return nullptr;
  const FunctionKey own = record->key;
  auto pool = std::make_shared<Pool>(std::move(record),
                                     PoolOptions{options.init_timeout, options.settling_grace},
                                     *starter, budget, parts.scheduler, parts.clock);
  pools[own] = pool;
  return pool;
}

std::vector<std::shared_ptr<Pool>> Functions::Impl::all_pools() const {
  std::vector<std::shared_ptr<Pool>> out;
  const std::shared_lock lock(pools_mutex);
  for (const auto& [key, pool] : pools) out.push_back(pool);
  return out;
}

bool Functions::Impl::evict_oldest() const {
  std::shared_ptr<Pool> oldest;
  std::optional<SteadyTime> since;
  for (auto& pool : all_pools()) {
    const auto idle = pool->oldest_idle();
    if (idle && (!since || *idle < *since)) {
      since = idle;
      oldest = std::move(pool);
    }
  }
  return oldest != nullptr && oldest->evict_one();
}

void Functions::Impl::dispatch(const FunctionKeyView& key, Work work) {
  // Twice, because another invocation may take the place that was made free.
  constexpr int kEvictionsMax = 2;
  for (int evictions = 0;;) {
    const auto pool = pool_of(key);
    if (pool == nullptr) {
      const bool is_known = catalog.find(key) != nullptr;
      return work.done(is_known ? unavailable("Lambda is not running.")
                                : function_missing(function_arn(key) + ":$LATEST"));
    }
    switch (pool->submit(work)) {
      case Pool::Submitted::kAccepted:
        return;
      case Pool::Submitted::kClosed:
        if (!is_running) return work.done(unavailable("Lambda is stopping."));
        continue;  // the function was deleted, and perhaps made again
      case Pool::Submitted::kNoCapacity:
        if (evictions++ < kEvictionsMax && evict_oldest()) continue;
        return work.done(too_many_requests());
    }
  }
}

void Functions::Impl::schedule_maintenance() {
  const std::lock_guard lock(maintenance_mutex);
  if (!is_running) return;
  maintenance_timer =
      parts.scheduler.after(options.maintenance_interval, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->maintain();
      });
}

void Functions::Impl::maintain() {
  const SteadyTime idle_before = parts.clock.steady() - options.idle_timeout;
  for (const auto& pool : all_pools()) pool->reap(idle_before);
  schedule_maintenance();
}

void Functions::Impl::sweep() {
  const auto swept = code.sweep([this] { return catalog.referenced_code(); });
  if (!swept)
    parts.logger.warn("lambda", "cannot sweep the code directory",
                      {{"reason", swept.error().message}});
}

void Functions::Impl::close_pools(const Error& error) {
  for (const auto& pool : all_pools()) pool->close(error);
}

/// A service may do what the function's own policy lets it do for the resource that it calls for.
Result<void> Functions::Impl::authorize(const Invocation& invocation,
                                        const FunctionReference& reference,
                                        const FunctionRecord& record) const {
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
  return parts.authorizer.authorize(call, std::array{invoke_need(reference, &record)});
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
  impl_->starter = std::make_unique<InstanceStarter>(
      InstanceParts{server, std::move(endpoint), parts.launcher, impl_->code, parts.credentials,
                    impl_->interpreters, impl_->collector, parts.workers, parts.clock, parts.random,
                    parts.logger, impl_->options.keys_margin, parts.scheduler});
  impl_->collector.start();
  impl_->is_running = true;
  impl_->schedule_maintenance();
  impl_->dispatcher->start();
}

void Functions::stop(std::chrono::milliseconds grace) {
  if (!impl_->is_running.exchange(false)) return;
  impl_->dispatcher->stop();
  {
    const std::lock_guard lock(impl_->maintenance_mutex);
    impl_->parts.scheduler.cancel(impl_->maintenance_timer);
  }
  impl_->close_pools(unavailable("Lambda is stopping."));
  if (!impl_->budget.wait_until_empty(grace)) {
    for (const auto& pool : impl_->all_pools()) pool->end_all();
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
  const auto record = impl_->catalog.find(reference->key.view());
  const bool is_latest = reference->qualifier.empty() || reference->qualifier == "$LATEST";
  if (record == nullptr || !is_latest) {
    const std::string qualifier = is_latest ? "$LATEST" : reference->qualifier;
    return done(function_missing(reference->arn() + ":" + qualifier));
  }
  if (invocation.on_behalf) {
    auto granted = impl_->authorize(invocation, *reference, *record);
    if (!granted) return done(std::move(granted).error());
  }
  Work work;
  work.request_id =
      invocation.request_id.empty() ? uuid4(impl_->parts.random) : std::move(invocation.request_id);
  work.payload = std::move(invocation.payload);
  work.client_context = std::move(invocation.client_context);
  work.trace_id = invocation.trace_id.empty()
                      ? runtime_api::trace_id(work.request_id, impl_->parts.clock.wall())
                      : std::move(invocation.trace_id);
  work.wants_log_tail = invocation.wants_log_tail;
  work.done = [version = record->version, done = std::move(done)](Result<InvokeResult> result) {
    if (result) result->executed_version = version;
    done(std::move(result));
  };
  if (invocation.stream != nullptr) {
    invocation.stream->executes(record->version);
    work.stream = std::move(invocation.stream);
    gate_stream(work);
  }
  impl_->dispatch(reference->key.view(), std::move(work));
}

Result<storage::Sequence> Functions::invoke_later(Invocation invocation) {
  STATOR_TRY(auto reference, parse_function_name(invocation.account, invocation.region,
                                                 invocation.function, invocation.qualifier));
  const auto record = impl_->catalog.find(reference.key.view());
  const bool is_latest = reference.qualifier.empty() || reference.qualifier == kLatest;
  if (record == nullptr || !is_latest) {
    const std::string qualifier = is_latest ? std::string(kLatest) : reference.qualifier;
    return function_missing(reference.arn() + ":" + qualifier);
  }
  if (invocation.on_behalf) {
    STATOR_TRY_VOID(impl_->authorize(invocation, reference, *record));
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
  std::shared_ptr<Pool> pool;
  Catalog::FunctionPtr record;
  {
    const std::unique_lock lock(impl_->pools_mutex);
    const auto found = impl_->pools.find(key);
    if (found == impl_->pools.end()) return;
    pool = found->second;
    record = impl_->catalog.find(key);
    if (record == nullptr) impl_->pools.erase(found);
  }
  if (record != nullptr) {
    pool->replace(std::move(record));
  } else {
    pool->close(function_missing(function_arn(key) + ":$LATEST"));
  }
}

void Functions::sweep_code() {
  impl_->sweep();
}

}  // namespace stator::lambda
