#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "aws/operation.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/scheduler.hpp"
#include "http/server.hpp"
#include "lambda/catalog.hpp"
#include "lambda/code_store.hpp"
#include "lambda/confinement.hpp"
#include "lambda/doors.hpp"
#include "lambda/events/destination.hpp"
#include "lambda/invocation.hpp"
#include "lambda/pool.hpp"
#include "lambda/runtimes/registry.hpp"
#include "log/log.hpp"
#include "sandbox/sandbox.hpp"
#include "storage/store.hpp"

namespace stator::lambda {

/// What Lambda works with; all outlive it.
struct FunctionsParts {
  storage::Store& store;
  std::filesystem::path code_directory;      ///< DATA/code: Lambda's alone
  std::filesystem::path runtimes_directory;  ///< DATA/runtimes: Lambda's alone
  sandbox::Launcher& launcher;
  Scheduler& scheduler;
  const Clock& clock;
  Random& random;
  const log::Logger& logger;
  RoleCredentials& credentials;
  LogSink& logs;
  ArtifactStore& artifacts;
  aws::Authorizer& authorizer;  ///< for invocations by services
};

struct FunctionsOptions {
  /// Invocations that run at once in an account and region, as AWS's account limit; past it the
  /// caller gets TooManyRequestsException. Also the instances of all functions together: past it
  /// the longest idle one makes room, and an invocation waits for a place when none is idle.
  std::size_t instances_max = 1'000;
  /// How long it waits, before it is TooManyRequestsException too.
  std::chrono::milliseconds place_timeout = std::chrono::seconds(30);
  /// Every invocation has a sandbox of its own, which ends with it.
  bool is_isolated_by_request = false;
  std::chrono::seconds idle_timeout = std::chrono::minutes(10);
  std::chrono::seconds init_timeout = std::chrono::seconds(10);
  /// See PoolOptions.
  std::chrono::milliseconds settling_grace{5};
  /// An instance is replaced this long, and the function's timeout, before its role's keys expire.
  std::chrono::seconds keys_margin = std::chrono::minutes(5);
  std::chrono::seconds maintenance_interval = std::chrono::seconds(10);
  /// How long an instance that waits for work keeps running; see IdleFreezer.
  std::chrono::milliseconds freeze_after{100};
  Confinement confinement = {};
};

/// Lambda: what functions exist, and the instances that run them.
///
/// Made first (it loads the functions), started when the HTTP server and the router stand, stopped
/// before they go. Any thread may call.
class Functions {
 public:
  Functions(FunctionsParts parts, FunctionsOptions options);
  ~Functions();
  Functions(const Functions&) = delete;

  /// Serves instances' listeners on `server`; what a function sends to its AWS endpoint goes to
  /// `endpoint`. Invocations before start() and after stop() are kUnavailable.
  void start(http::Server& server, http::Handler endpoint);
  /// Refuses new invocations, lets running ones finish for `grace`, then ends every instance.
  /// Safe to call twice.
  void stop(std::chrono::milliseconds grace);

  /// Invokes a function. `done` is called once, on any thread, perhaps before this returns.
  /// A function that fails is a success here, with function_error set. With `on_behalf` the
  /// function's resource policy must let that service in; without, the caller has been authorized.
  void invoke(Invocation invocation, InvokeDone done);

  /// Invokes a function when it has time, and again where it fails: see events/. The caller may be
  /// told once the sequence is durable. The payload must be JSON of at most
  /// events::kEventPayloadBytesMax; `stream`, `wants_log_tail` and `client_context` are not used.
  [[nodiscard]] Result<storage::Sequence> invoke_later(Invocation invocation);

  /// For the operations.
  [[nodiscard]] Catalog& catalog();
  [[nodiscard]] CodeStore& code();
  [[nodiscard]] RoleCredentials& credentials();
  /// What events::check_destination() takes.
  [[nodiscard]] events::DestinationParts destinations();
  [[nodiscard]] ArtifactStore& artifacts();
  [[nodiscard]] runtimes::Registry& interpreters();
  [[nodiscard]] Random& random();
  /// The version that an invocation by this reference runs; of an alias with weights one is drawn.
  /// Null when the function, or what its qualifier names, does not exist.
  [[nodiscard]] Catalog::FunctionPtr resolve(const FunctionReference& reference) const;
  /// $LATEST's code or configuration has changed, or the function or one of its versions is gone:
  /// their instances are retired, each when its invocation has ended.
  void refresh(const FunctionKeyView& key);
  /// Reserved or provisioned concurrency has changed, or an alias that has some points elsewhere.
  void apply_settings(const FunctionKeyView& key);
  /// FunctionsOptions::instances_max.
  [[nodiscard]] std::int64_t concurrency_max() const;
  /// How far the provisioned concurrency of a version has come.
  [[nodiscard]] Provision provision(const FunctionKeyView& key, std::string_view version) const;
  /// Removes packages that nothing uses any more. Reads and deletes files: not on a loop.
  void sweep_code();
  /// How many instances stand, of all functions.
  [[nodiscard]] std::size_t instances() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  ///< the maintenance timer looks whether it is still there
};

namespace sources {
class EventSources;
}

/// The Lambda API over `functions` and `sources`, which must outlive it. Function URLs are
/// "http://ID.lambda-url.REGION.AUTHORITY/".
[[nodiscard]] aws::Service make_service(Functions& functions, sources::EventSources& sources,
                                        const std::string& url_authority = "localhost");

}  // namespace stator::lambda
