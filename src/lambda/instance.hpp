#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "http/server.hpp"
#include "lambda/code_store.hpp"
#include "lambda/doors.hpp"
#include "lambda/extensions.hpp"
#include "lambda/idle_freezer.hpp"
#include "lambda/log_collector.hpp"
#include "lambda/pool.hpp"
#include "lambda/program.hpp"
#include "lambda/start_queue.hpp"
#include "lambda/telemetry.hpp"
#include "log/log.hpp"
#include "sandbox/sandbox.hpp"

namespace stator::lambda {

/// What instances are made with; all outlive them.
struct InstanceParts {
  http::Server& server;
  http::Handler endpoint;  ///< what a function sends to its AWS endpoint
  sandbox::Launcher& launcher;
  CodeStore& code;
  RoleCredentials& credentials;
  runtimes::Registry& interpreters;
  LogCollector& logs;
  StartQueue& starts;
  const Clock& clock;
  Random& random;
  const log::Logger& logger;
  std::chrono::seconds keys_margin;
  Scheduler& scheduler;
  IdleFreezer& freezer;
  Confinement confinement;
};

/// One sandbox with its Runtime API: translates between the program's HTTP requests and its pool.
/// Owned by its pool and, while it serves, by its listener's handler.
class Instance final : public Runner,
                       public Freezable,
                       public std::enable_shared_from_this<Instance> {
 public:
  Instance(InstanceParts& parts, std::shared_ptr<Pool> pool, InstanceId id,
           std::shared_ptr<const FunctionRecord> function);

  /// The cold start, on a worker thread: code, keys, sandbox, listeners. Tells the pool how it
  /// went.
  void start();

  void deliver(Delivery delivery) override;
  void finish(Ending ending) override;
  /// With extensions it takes leave: they are told and may work for two seconds more, within the
  /// runtime's process for half a second.
  [[nodiscard]] bool end() override;
  bool freeze_if_idle(SteadyTime idle_before) override;

 private:
  [[nodiscard]] std::optional<Failure> launch(Program& program);
  void serve(std::vector<UniqueFd> listeners);

  void handle(http::Request&& request, http::Responder responder);
  /// The start is over: the log says so, once.
  void init_done(Ending::Status status, std::string error_type);
  [[nodiscard]] std::shared_ptr<http::BodySink> open_sink(const http::Request& head);
  void handle_init_error(http::Request&& request, http::Responder responder);
  void handle_next(http::Responder responder);
  void acknowledge();
  void handle_extension(const http::Request& request, http::Responder responder);
  /// The instance is free when the runtime and every extension wait for the next event.
  void ask_when_all_wait();
  void handle_telemetry(const http::Request& request, http::Responder responder);
  [[nodiscard]] bool take_leave();
  void finish_leave();
  void end_now();
  void handle_answer(http::Request&& request, std::string_view request_id, bool is_error,
                     http::Responder responder);
  void on_exit(const sandbox::Exit& exit);
  [[nodiscard]] std::uint64_t memory_bytes();

  InstanceParts& parts_;
  const std::shared_ptr<Pool> pool_;
  const InstanceId id_;
  const std::shared_ptr<const FunctionRecord> function_;
  const std::string arn_;
  const SteadyTime began_;

  std::mutex mutex_;  ///< guards what follows, which end() takes away from the others
  std::vector<CodeStore::Lease> leases_;  ///< until end(): the handler may keep this object longer
  std::shared_ptr<sandbox::Sandbox> sandbox_;
  std::shared_ptr<InstanceLog> log_;
  std::vector<http::Server::ListenerId> listeners_;
  std::optional<http::Responder> parked_;
  /// Of a result behind which the next question already came: it leaves with the next event, so
  /// that the program wakes up once an invocation.
  std::optional<http::Responder> acknowledgement_;
  std::shared_ptr<Extensions> extensions_;  ///< once started
  std::shared_ptr<Telemetry> telemetry_;    ///< where there are external extensions
  bool is_asking_ = false;  ///< the runtime waits for work, which the pool has not been told
  bool was_ready_ = false;  ///< its init phase is over
  bool is_leaving_ = false;
  bool has_exited_ = false;
  SteadyTime idle_since_{};
  bool is_watched_ = false;  ///< by the freezer
  bool is_frozen_ = false;
  bool is_ended_ = false;
  Ending::Status last_status_ = Ending::Status::kOk;  ///< of the last invocation
};

/// Starts instances on the threads of the queue.
class InstanceStarter final : public Starter {
 public:
  explicit InstanceStarter(InstanceParts parts) : parts_(std::move(parts)) {}
  void start(std::shared_ptr<Pool> pool, InstanceId id,
             std::shared_ptr<const FunctionRecord> function) override;

 private:
  InstanceParts parts_;
};

/// How a program ended, in the words of Runtime.ExitError: "exit status 1", "signal: killed", or ""
/// for a clean exit. `status` is as from wait(2).
[[nodiscard]] std::string describe_exit(int status);

}  // namespace stator::lambda
