#include "lambda/instance.hpp"

#include <sys/wait.h>

#include <cstring>
#include <utility>

#include "base/limits.hpp"
#include "base/strings.hpp"
#include "lambda/extension_programs.hpp"
#include "lambda/runtime_api.hpp"
#include "lambda/streaming.hpp"

namespace stator::lambda {

std::string describe_exit(int status) {
  if (WIFSIGNALED(status)) {
    std::string name = WTERMSIG(status) == SIGKILL ? "killed" : ::strsignal(WTERMSIG(status));
    return "signal: " + to_lower(name);
  }
  const int code = WEXITSTATUS(status);
  return code == 0 ? "" : "exit status " + std::to_string(code);
}

Instance::Instance(InstanceParts& parts, std::shared_ptr<Pool> pool, InstanceId id,
                   std::shared_ptr<const FunctionRecord> function)
    : parts_(parts),
      pool_(std::move(pool)),
      id_(id),
      function_(std::move(function)),
      arn_(function_->arn()),
      began_(parts.clock.steady()) {}

void Instance::start() {
  Program program;
  auto failure = prepare_program(
      {parts_.code, parts_.credentials, parts_.interpreters, parts_.clock, parts_.random,
       parts_.launcher.capabilities().isolation, parts_.keys_margin, parts_.confinement},
      *function_, program);
  if (pool_->is_provisioned(id_)) {
    for (auto& [name, value] : program.spec.environment) {
      if (name == "AWS_LAMBDA_INITIALIZATION_TYPE") value = "provisioned-concurrency";
    }
  }
  if (!failure) failure = add_extensions(program, parts_.launcher.capabilities().isolation);
  if (!failure) failure = launch(program);
  if (failure) {
    if (failure->fault) {
      parts_.logger.warn("lambda", "an instance did not start",
                         {{"function", arn_}, {"reason", failure->fault->message}});
    }
    pool_->start_failed(id_, std::move(*failure));
  }
}

std::optional<Failure> Instance::launch(Program& program) {
  auto started =
      parts_.launcher.start(program.spec, [weak = weak_from_this()](const sandbox::Exit& exit) {
        if (const auto self = weak.lock()) self->on_exit(exit);
      });
  if (!started) {
    if (started.error().code != ErrorCode::kInvalid) return machine_fault(started.error());
    return launch_failure(program.spec, started.error().message);
  }
  std::vector<UniqueFd> listeners = (*started)->take_listeners();
  std::shared_ptr<Telemetry> telemetry;
  if (!program.extensions.empty()) {
    telemetry = std::make_shared<Telemetry>(
        TelemetryParts{parts_.scheduler, parts_.starts, parts_.clock, "telemetry " + arn_},
        (*started)->take_connectors());
  }
  auto log = parts_.logs.open(
      log_target(*function_, program.log_stream), (*started)->take_output(),
      [weak = weak_from_this()] {
        const auto self = weak.lock();
        return self == nullptr ? 0 : self->memory_bytes();
      },
      telemetry);
  {
    const std::lock_guard lock(mutex_);
    leases_ = std::move(program.leases);
    telemetry_ = std::move(telemetry);
    extensions_ =
        std::make_shared<Extensions>(Extensions::Facts{function_->key.account, function_->key.name,
                                                       function_->version, function_->handler},
                                     std::move(program.extensions), parts_.random);
    sandbox_ = std::move(*started);
    log_ = std::move(log);
  }
  // The pool must know the instance before its program can ask for work: until the listeners are
  // adopted its connections wait in their backlog.
  pool_->started(id_, shared_from_this(), program.keys_expire);
  serve(std::move(listeners));
  return std::nullopt;
}

void Instance::serve(std::vector<UniqueFd> listeners) {
  if (listeners.size() != 2) {
    pool_->exited(id_, "no listeners", false);
    return;
  }
  const std::lock_guard lock(mutex_);
  if (is_ended_) return;
  // A runtime may wait for work, silent, for ever.
  listeners_.push_back(parts_.server.adopt(
      std::move(listeners[kRuntimeApiListener]),
      [self = shared_from_this()](http::Request&& request, http::Responder responder) {
        self->handle(std::move(request), std::move(responder));
      },
      std::chrono::milliseconds(0),
      [self = shared_from_this()](const http::Request& head) { return self->open_sink(head); }));
  listeners_.push_back(parts_.server.adopt(std::move(listeners[kEndpointListener]), parts_.endpoint,
                                           limits::kIdleTimeout));
}

void Instance::deliver(Delivery delivery) {
  std::optional<http::Responder> responder;
  std::optional<http::Responder> acknowledgement;
  std::shared_ptr<InstanceLog> log;
  std::shared_ptr<Extensions> extensions;
  {
    const std::lock_guard lock(mutex_);
    responder = std::exchange(parked_, std::nullopt);
    acknowledgement = std::exchange(acknowledgement_, std::nullopt);
    log = log_;
    extensions = extensions_;
    if (std::exchange(is_frozen_, false) && sandbox_ != nullptr) sandbox_->thaw();
  }
  if (log == nullptr || !responder) return;
  // START must stand in the log before anything that the program writes about this event.
  log->begin(delivery.request_id);
  if (extensions->any()) extensions->invoke(delivery, delivery.invoked_arn);
  if (acknowledgement) std::move(*acknowledgement).send(runtime_api::accepted());
  std::move(*responder).send(runtime_api::invocation(std::move(delivery)));
}

void Instance::finish(Ending ending) {
  if (ending.request_id.empty()) return init_done(ending.status, std::move(ending.error_type));
  std::shared_ptr<InstanceLog> log;
  {
    const std::lock_guard lock(mutex_);
    log = log_;
    last_status_ = ending.status;
  }
  if (log != nullptr) log->finish(std::move(ending));
}

void Instance::handle(http::Request&& request, http::Responder responder) {
  using runtime_api::Route;
  if (Extensions::owns(request.path())) return handle_extension(request, std::move(responder));
  if (Telemetry::owns(request.path())) return handle_telemetry(request, std::move(responder));
  const auto target = runtime_api::parse_target(request.method, request.path());
  switch (target.route) {
    case Route::kNext:
      return handle_next(std::move(responder));
    case Route::kResponse:
    case Route::kError: {
      const std::string request_id(target.request_id);
      return handle_answer(std::move(request), request_id, target.route == Route::kError,
                           std::move(responder));
    }
    case Route::kInitError:
      return handle_init_error(std::move(request), std::move(responder));
    case Route::kUnknown:
      std::move(responder).send(runtime_api::unknown(request));
  }
}

void Instance::handle_init_error(http::Request&& request, http::Responder responder) {
  bool is_late = false;
  {
    const std::lock_guard lock(mutex_);
    is_late = was_ready_;
  }
  if (is_late) {
    return std::move(responder).send(
        runtime_api::refusal(403, "InvalidStateTransition", "The init phase is over."));
  }
  const std::string type(request.headers.get("Lambda-Runtime-Function-Error-Type"));
  const std::string payload = runtime_api::error_payload(std::move(request));
  init_done(Ending::Status::kError, type.empty() ? "Runtime.Unknown" : type);
  std::move(responder).send(runtime_api::accepted());
  pool_->init_error(id_, payload);
}

void Instance::init_done(Ending::Status status, std::string error_type) {
  std::shared_ptr<InstanceLog> log;
  {
    const std::lock_guard lock(mutex_);
    log = log_;
  }
  if (log == nullptr) return;
  const auto duration = parts_.clock.steady() - began_;
  log->init_done({status, std::move(error_type),
                  std::chrono::duration_cast<std::chrono::microseconds>(duration)});
}

void Instance::handle_next(http::Responder responder) {
  if (!pool_->may_ask(id_)) {
    acknowledge();
    std::move(responder).send(runtime_api::refusal(
        403, "InvalidStateTransition", "The current invocation has not been answered yet."));
    return;
  }
  responder.on_disconnect([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self == nullptr) return;
    {
      const std::lock_guard lock(self->mutex_);
      self->is_asking_ = false;
    }
    self->pool_->stopped_waiting(self->id_);
  });
  {
    const std::lock_guard lock(mutex_);
    if (!is_ended_) parked_ = std::move(responder);
    is_asking_ = true;
  }
  ask_when_all_wait();
}

void Instance::handle_answer(http::Request&& request, std::string_view request_id, bool is_error,
                             http::Responder responder) {
  const bool asks_next = runtime_api::is_pipelined(request);
  InvokeResult result;
  const bool is_too_large = request.body.size() > limits::kInvokeResponseBytesMax;
  if (is_too_large) {
    result = too_large_result(limits::kInvokeResponseBytesMax);
  } else if (is_error) {
    result = {runtime_api::error_payload(std::move(request)), "Unhandled"};
  } else {
    result = {std::move(request.body), ""};
  }
  const auto answered = pool_->answer(id_, request_id, std::move(result));
  if (is_too_large && answered == Pool::Answered::kAccepted) {
    return std::move(responder).send(runtime_api::too_large(limits::kInvokeResponseBytesMax));
  }
  if (asks_next && answered == Pool::Answered::kAccepted) {
    const std::lock_guard lock(mutex_);
    if (!is_ended_) acknowledgement_ = std::move(responder);
    return;
  }
  std::move(responder).send(runtime_api::acknowledgement(answered));
}

void Instance::acknowledge() {
  std::optional<http::Responder> acknowledgement;
  {
    const std::lock_guard lock(mutex_);
    acknowledgement = std::exchange(acknowledgement_, std::nullopt);
  }
  if (acknowledgement) std::move(*acknowledgement).send(runtime_api::accepted());
}

std::shared_ptr<http::BodySink> Instance::open_sink(const http::Request& head) {
  const auto target = runtime_api::parse_target(head.method, head.path());
  const bool is_streamed =
      target.route == runtime_api::Route::kResponse &&
      equals_ignore_case(head.headers.get("Lambda-Runtime-Function-Response-Mode"), "streaming");
  if (!is_streamed) return nullptr;
  return ResponseSink::open(pool_, id_, std::string(target.request_id),
                            head.headers.get("Content-Type"));
}

void Instance::on_exit(const sandbox::Exit& exit) {
  std::shared_ptr<InstanceLog> log;
  {
    const std::lock_guard lock(mutex_);
    log = log_;
    has_exited_ = true;
  }
  if (log != nullptr) log->note_memory(exit.peak_memory_bytes);
  finish_leave();
  if (exit.companion != 0) {
    const std::string how = describe_exit(exit.status);
    init_done(Ending::Status::kError, "Extension.Crash");
    return pool_->failed(id_, {"Extension.Crash", how.empty() ? "exit code 0" : how, std::nullopt});
  }
  init_done(Ending::Status::kError,
            exit.out_of_memory ? "Runtime.OutOfMemory" : "Runtime.ExitError");
  pool_->exited(id_, describe_exit(exit.status), exit.out_of_memory);
}

std::uint64_t Instance::memory_bytes() {
  std::shared_ptr<sandbox::Sandbox> sandbox;
  {
    const std::lock_guard lock(mutex_);
    sandbox = sandbox_;
  }
  return sandbox == nullptr ? 0 : sandbox->memory_bytes();
}

void InstanceStarter::start(std::shared_ptr<Pool> pool, InstanceId id,
                            std::shared_ptr<const FunctionRecord> function) {
  const std::string arn = function->version_arn();
  auto instance = std::make_shared<Instance>(parts_, pool, id, std::move(function));
  const bool is_posted = parts_.starts.post(arn, [instance] { instance->start(); });
  if (is_posted) return;
  pool->start_failed(
      id, machine_fault(unavailable("Too much waits for a worker thread to start an instance.")));
}

}  // namespace stator::lambda
