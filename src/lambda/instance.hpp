#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/worker_pool.hpp"
#include "http/server.hpp"
#include "lambda/code_store.hpp"
#include "lambda/doors.hpp"
#include "lambda/log_collector.hpp"
#include "lambda/pool.hpp"
#include "lambda/program.hpp"
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
  WorkerPool& workers;
  const Clock& clock;
  Random& random;
  const log::Logger& logger;
  std::chrono::seconds keys_margin;
};

/// One sandbox with its Runtime API: translates between the program's HTTP requests and its pool.
/// Owned by its pool and, while it serves, by its listener's handler.
class Instance final : public Runner, public std::enable_shared_from_this<Instance> {
 public:
  Instance(InstanceParts& parts, std::shared_ptr<Pool> pool, InstanceId id,
           std::shared_ptr<const FunctionRecord> function);

  /// The cold start, on a worker thread: code, keys, sandbox, listeners. Tells the pool how it
  /// went.
  void start();

  void deliver(Delivery delivery) override;
  void finish(Ending ending) override;
  void end() override;

 private:
  [[nodiscard]] std::optional<Failure> launch(Program& program);
  void serve(std::vector<UniqueFd> listeners);

  void handle(http::Request&& request, http::Responder responder);
  /// The start is over: the log says so, once.
  void init_done(Ending::Status status, std::string error_type);
  void handle_next(http::Responder responder);
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
  bool is_ended_ = false;
};

/// Starts instances on the worker pool.
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
