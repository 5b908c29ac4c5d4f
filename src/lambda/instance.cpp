#include "lambda/instance.hpp"

#include <sys/wait.h>

#include <cstring>
#include <utility>

#include "base/limits.hpp"
#include "base/strings.hpp"
#include "lambda/runtime_api.hpp"

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
  auto failure =
      prepare_program({parts_.code, parts_.credentials, parts_.interpreters, parts_.clock,
                       parts_.random, parts_.launcher.capabilities().isolation, parts_.keys_margin},
                      *function_, program);
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
    return Failure{"Runtime.InvalidEntrypoint", started.error().message, std::nullopt};
  }
  std::vector<UniqueFd> listeners = (*started)->take_listeners();
  auto log = parts_.logs.open(log_target(*function_, program.log_stream), (*started)->take_output(),
                              [weak = weak_from_this()] {
                                const auto self = weak.lock();
                                return self == nullptr ? 0 : self->memory_bytes();
                              });
  {
    const std::lock_guard lock(mutex_);
    leases_ = std::move(program.leases);
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
      std::chrono::milliseconds(0)));
  listeners_.push_back(parts_.server.adopt(std::move(listeners[kEndpointListener]), parts_.endpoint,
                                           limits::kIdleTimeout));
}

void Instance::deliver(Delivery delivery) {
  std::optional<http::Responder> responder;
  std::shared_ptr<InstanceLog> log;
  {
    const std::lock_guard lock(mutex_);
    responder = std::exchange(parked_, std::nullopt);
    log = log_;
  }
  if (log == nullptr || !responder) return;
  // START must stand in the log before anything that the program writes about this event.
  log->begin(delivery.request_id);
  std::move(*responder).send(runtime_api::invocation(std::move(delivery), arn_));
}

void Instance::finish(Ending ending) {
  std::shared_ptr<InstanceLog> log;
  {
    const std::lock_guard lock(mutex_);
    log = log_;
  }
  if (log != nullptr) log->finish(std::move(ending));
}

void Instance::end() {
  std::shared_ptr<sandbox::Sandbox> sandbox;
  std::shared_ptr<InstanceLog> log;
  std::vector<http::Server::ListenerId> listeners;
  std::optional<http::Responder> parked;
  std::vector<CodeStore::Lease> leases;
  {
    const std::lock_guard lock(mutex_);
    is_ended_ = true;
    leases = std::move(leases_);
    sandbox = std::move(sandbox_);
    log = std::move(log_);
    listeners = std::exchange(listeners_, {});
    parked = std::exchange(parked_, std::nullopt);
  }
  for (const auto listener : listeners) parts_.server.retire(listener);
  if (sandbox != nullptr) sandbox->kill();
  if (log != nullptr) log->close();
}

void Instance::handle(http::Request&& request, http::Responder responder) {
  using runtime_api::Route;
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
    case Route::kInitError: {
      const std::string type(request.headers.get("Lambda-Runtime-Function-Error-Type"));
      std::string payload = runtime_api::error_payload(std::move(request));
      init_done(Ending::Status::kError, type.empty() ? "Runtime.Unknown" : type);
      std::move(responder).send(runtime_api::accepted());
      return pool_->init_error(id_, std::move(payload));
    }
    case Route::kUnknown:
      std::move(responder).send(runtime_api::refusal(
          404, "NotFound", "stator's Runtime API has no " + request.method + " " + request.target));
  }
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
  if (!pool_->ask(id_)) {
    std::move(responder).send(runtime_api::refusal(
        403, "InvalidStateTransition", "The current invocation has not been answered yet."));
    return;
  }
  init_done(Ending::Status::kOk, "");
  responder.on_disconnect([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->pool_->stopped_waiting(self->id_);
  });
  {
    const std::lock_guard lock(mutex_);
    if (!is_ended_) parked_ = std::move(responder);
  }
  pool_->ready(id_);
}

void Instance::handle_answer(http::Request&& request, std::string_view request_id, bool is_error,
                             http::Responder responder) {
  const bool is_streaming =
      equals_ignore_case(request.headers.get("Lambda-Runtime-Function-Response-Mode"), "streaming");
  const bool is_too_large = request.body.size() > limits::kInvokeResponseBytesMax;
  InvokeResult result;
  if (is_streaming) {
    result = {R"({"errorType":"Runtime.StreamingNotSupported","errorMessage":)"
              R"("stator does not support response streaming."})",
              "Unhandled"};
  } else if (is_too_large) {
    result = {R"({"errorMessage":"Response payload size exceeded maximum allowed payload size ()" +
                  std::to_string(limits::kInvokeResponseBytesMax) +
                  R"( bytes).","errorType":"Function.ResponseSizeTooLarge"})",
              "Unhandled"};
  } else if (is_error) {
    result = {runtime_api::error_payload(std::move(request)), "Unhandled"};
  } else {
    result = {std::move(request.body), ""};
  }
  switch (pool_->answer(id_, request_id, std::move(result))) {
    case Pool::Answered::kAccepted:
      break;
    case Pool::Answered::kWrongId:
      return std::move(responder).send(
          runtime_api::refusal(400, "InvalidRequestID", "Invalid request ID"));
    case Pool::Answered::kNotRunning:
      return std::move(responder).send(
          runtime_api::refusal(403, "InvalidStateTransition", "There is no invocation to answer."));
  }
  if (is_streaming) {
    return std::move(responder).send(runtime_api::refusal(
        501, "StreamingNotSupported", "stator does not support response streaming."));
  }
  if (is_too_large) {
    return std::move(responder).send(
        runtime_api::refusal(413, "RequestEntityTooLarge",
                             "Exceeded maximum allowed payload size (" +
                                 std::to_string(limits::kInvokeResponseBytesMax) + " bytes)."));
  }
  std::move(responder).send(runtime_api::accepted());
}

void Instance::on_exit(const sandbox::Exit& exit) {
  std::shared_ptr<InstanceLog> log;
  {
    const std::lock_guard lock(mutex_);
    log = log_;
  }
  if (log != nullptr) log->note_memory(exit.peak_memory_bytes);
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
  auto instance = std::make_shared<Instance>(parts_, pool, id, std::move(function));
  const bool is_posted = parts_.workers.post([instance] { instance->start(); });
  if (is_posted) return;
  pool->start_failed(
      id, machine_fault(unavailable("Too much waits for a worker thread to start an instance.")));
}

}  // namespace stator::lambda
