// What an instance does for its extensions: the half of instance.hpp that the runtime alone has no
// part in, and the end, which they take longer for.
#include <utility>

#include "lambda/instance.hpp"
#include "lambda/runtime_api.hpp"

namespace stator::lambda {
namespace {

/// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-shutdown
constexpr std::chrono::milliseconds kExternalGrace{2'000};
constexpr std::chrono::milliseconds kInternalGrace{500};

}  // namespace

void Instance::handle_extension(const http::Request& request, http::Responder responder) {
  std::shared_ptr<Extensions> extensions;
  {
    const std::lock_guard lock(mutex_);
    extensions = extensions_;
  }
  auto outcome = extensions->handle(request, std::move(responder));
  if (outcome.failure) {
    init_done(Ending::Status::kError, outcome.failure->error_type);
    return pool_->failed(id_, *outcome.failure);
  }
  if (outcome.may_be_ready) ask_when_all_wait();
}

void Instance::handle_telemetry(const http::Request& request, http::Responder responder) {
  std::shared_ptr<Extensions> extensions;
  std::shared_ptr<Telemetry> telemetry;
  {
    const std::lock_guard lock(mutex_);
    extensions = extensions_;
    telemetry = telemetry_;
  }
  if (telemetry == nullptr || request.method != "PUT") {
    return std::move(responder).send(runtime_api::unknown(request));
  }
  const auto name = extensions->name_of(request.headers.get("Lambda-Extension-Identifier"));
  if (!name) {
    return std::move(responder).send(runtime_api::refusal(
        403, "Extension.UnknownExtensionIdentifier", "Unknown Lambda-Extension-Identifier"));
  }
  std::move(responder).send(telemetry->subscribe(request, *name, parts_.clock.wall()));
}

void Instance::ask_when_all_wait() {
  std::shared_ptr<Extensions> extensions;
  {
    const std::lock_guard lock(mutex_);
    if (!is_asking_) return;
    extensions = extensions_;
  }
  if (!extensions->are_ready()) return;
  bool is_first = false;
  bool is_new_to_freezer = false;
  std::shared_ptr<Telemetry> telemetry;
  {
    const std::lock_guard lock(mutex_);
    telemetry = telemetry_;
    is_asking_ = false;
    is_first = !std::exchange(was_ready_, true);
    idle_since_ = parts_.clock.steady();
    is_new_to_freezer = !std::exchange(is_watched_, true);
  }
  if (is_new_to_freezer) parts_.freezer.watch(weak_from_this());
  if (is_first) {
    extensions->close_registration();
    if (telemetry != nullptr) telemetry->close_registration();
    init_done(Ending::Status::kOk, "");
  }
  if (pool_->ask(id_)) pool_->ready(id_);
}

/// What waits for work has parked its request for it, so a frozen program is thawed by whoever
/// answers that, under the same lock.
bool Instance::freeze_if_idle(SteadyTime idle_before) {
  const std::lock_guard lock(mutex_);
  const bool is_idle = parked_ && !is_asking_ && !is_leaving_ && sandbox_ != nullptr;
  if (is_idle && idle_since_ > idle_before) return true;
  is_watched_ = false;
  if (!is_idle) return false;
  sandbox_->freeze();
  is_frozen_ = true;
  return false;
}

bool Instance::end() {
  if (take_leave()) return false;
  end_now();
  return true;
}

/// The runtime is told by SIGTERM, external extensions by a SHUTDOWN event. What still runs when
/// the time is over is killed.
bool Instance::take_leave() {
  std::shared_ptr<sandbox::Sandbox> sandbox;
  std::shared_ptr<Extensions> extensions;
  std::shared_ptr<Telemetry> telemetry;
  std::string_view reason = "SPINDOWN";
  {
    const std::lock_guard lock(mutex_);
    if (sandbox_ == nullptr || !extensions_->any() || is_leaving_ || has_exited_) return false;
    is_leaving_ = true;
    sandbox = sandbox_;
    if (std::exchange(is_frozen_, false)) sandbox->thaw();
    extensions = extensions_;
    telemetry = telemetry_;
    if (last_status_ == Ending::Status::kError || !was_ready_) reason = "FAILURE";
    if (last_status_ == Ending::Status::kTimeout) reason = "TIMEOUT";
  }
  const auto grace = extensions->any_external() ? kExternalGrace : kInternalGrace;
  parts_.scheduler.after(grace, [self = shared_from_this()] { self->finish_leave(); });
  extensions->shut_down(reason, parts_.clock.wall() + grace);
  if (telemetry != nullptr) telemetry->flush();
  sandbox->terminate();
  return true;
}

void Instance::finish_leave() {
  {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(is_leaving_, false)) return;
  }
  end_now();
  pool_->gone();
}

void Instance::end_now() {
  std::shared_ptr<sandbox::Sandbox> sandbox;
  std::shared_ptr<InstanceLog> log;
  std::shared_ptr<Extensions> extensions;
  std::shared_ptr<Telemetry> telemetry;
  std::vector<http::Server::ListenerId> listeners;
  std::optional<http::Responder> parked;
  std::optional<http::Responder> acknowledgement;
  std::vector<CodeStore::Lease> leases;
  {
    const std::lock_guard lock(mutex_);
    is_ended_ = true;
    leases = std::move(leases_);
    sandbox = std::move(sandbox_);
    log = std::move(log_);
    extensions = extensions_;
    telemetry = telemetry_;
    listeners = std::exchange(listeners_, {});
    parked = std::exchange(parked_, std::nullopt);
    acknowledgement = std::exchange(acknowledgement_, std::nullopt);
  }
  for (const auto listener : listeners) parts_.server.retire(listener);
  if (extensions != nullptr) extensions->close();
  if (telemetry != nullptr) telemetry->close();
  if (sandbox != nullptr) sandbox->kill();
  if (log != nullptr) log->close();
}

}  // namespace stator::lambda
