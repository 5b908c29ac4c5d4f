#include "server/application.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include "apigateway/service.hpp"
#include "audit/trail.hpp"
#include "aws/router.hpp"
#include "base/check.hpp"
#include "base/limits.hpp"
#include "base/random.hpp"
#include "base/scheduler.hpp"
#include "base/worker_pool.hpp"
#include "cloudformation/custom_responses.hpp"
#include "cloudformation/stacks.hpp"
#include "dynamodb/recovery/recovery.hpp"
#include "dynamodb/tables.hpp"
#include "ecr/service.hpp"
#include "http/upstream.hpp"
#include "iam/decisions.hpp"
#include "iam/open_door.hpp"
#include "json/json.hpp"
#include "lambda/program.hpp"
#include "lambda/sources/event_sources.hpp"
#include "logs/service.hpp"
#include "s3/service.hpp"
#include "server/adapters/adapters.hpp"
#include "server/adapters/api_client.hpp"
#include "server/adapters/event_sources.hpp"
#include "server/adapters/parameter_sealer.hpp"
#include "server/front_door.hpp"
#include "server/tls/tls_door.hpp"
#include "snapshots/snapshots.hpp"
#include "ssm/service.hpp"
#include "storage/blob_store.hpp"
#include "storage/data_directory.hpp"

namespace stator::server {
namespace {

constexpr const char* kAccount = "000000000000";
constexpr const char* kRegion = "us-east-1";
/// Deployments keep a thread each for as long as they take.
constexpr std::size_t kDeploymentThreads = 2, kDeploymentsQueuedMax = 64;
/// S3's operations have threads of their own: the control plane's wait for them (TemplateURL, a
/// bucket in a template), which on the same threads could be for ever.
constexpr std::size_t kObjectThreads = 4, kObjectsQueuedMax = 1'024;
/// Each lane of an event source mapping has one turn in the queue at most.
constexpr std::size_t kPollerThreads = 2, kPollersQueuedMax = 10'000;
/// How often log events past their group's retention are removed; reads hide them at once.
constexpr std::chrono::hours kLogExpiryInterval{1};
constexpr std::chrono::minutes kUsageSaveInterval{1};

bool is_loopback(const std::string& address) {
  return address == "localhost" || address == "::1" || address.starts_with("127.");
}

const Options& checked(const Options& options) {
  if (options.auth == Auth::kOff && !is_loopback(options.address)) {
    throw ConfigError("--auth off lets anyone in, so it is refused on " + options.address +
                      ": listen on 127.0.0.1 or leave it out");
  }
  if (options.auth == Auth::kOff && options.tls && !is_loopback(options.tls->address)) {
    throw ConfigError("--auth off lets anyone in, so TLS is refused on " + options.tls->address +
                      ": listen on 127.0.0.1 or leave it out");
  }
  return options;
}

std::string_view name_of(storage::Durability durability) {
  constexpr std::array<std::string_view, 3> kNames = {"fsync", "async", "memory"};
  return kNames[static_cast<std::size_t>(durability)];
}

std::string_view name_of(Auth auth) {
  constexpr std::array<std::string_view, 3> kNames = {"enforce", "audit", "off"};
  return kNames[static_cast<std::size_t>(auth)];
}

/// Without namespaces there is no other network than the host's.
std::string_view network_in_force(const Options& options,
                                  const sandbox::Capabilities& capabilities) {
  return sandbox::to_string(capabilities.has_network_namespace ? options.network
                                                               : sandbox::Network::kHost);
}

std::string describe_modes(const Options& options, const sandbox::Capabilities& capabilities) {
  // What lets more pass than it should is written large.
  const std::string auth(options.auth == Auth::kEnforce ? "enforce"
                         : options.auth == Auth::kAudit ? "AUDIT"
                                                        : "OFF");
  return "auth " + auth + ", durability " + std::string(name_of(options.durability)) +
         ", sandbox " + std::string(sandbox::to_string(capabilities.isolation)) +
         (options.is_isolated_by_request ? " for each request" : "") + ", network " +
         std::string(network_in_force(options, capabilities));
}

json::Object describe_health(const Options& options, const sandbox::Capabilities& capabilities) {
  return json::Object{
      {"status", "ok"},
      {"auth", std::string(name_of(options.auth))},
      {"durability", std::string(name_of(options.durability))},
      {"sandbox", std::string(sandbox::to_string(capabilities.isolation))},
      {"network", std::string(network_in_force(options, capabilities))},
  };
}

/// As many instances at once as AWS's account limit, where the machine has the memory and the
/// descriptors for so many that do next to nothing.
std::size_t instances_that_fit() {
  constexpr std::size_t kAccountLimit = 1'000, kLeast = 16;
  constexpr std::size_t kInstanceBytes = 8u << 20, kInstanceDescriptors = 8;
  const auto pages = static_cast<std::size_t>(std::max(::sysconf(_SC_PHYS_PAGES), 0L));
  const auto page_bytes = static_cast<std::size_t>(std::max(::sysconf(_SC_PAGESIZE), 0L));
  std::size_t fit = std::min(kAccountLimit, pages * page_bytes / kInstanceBytes);
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
    fit = std::min<std::size_t>(fit, descriptors.rlim_cur / kInstanceDescriptors);
  }
  return std::max(fit, kLeast);
}

lambda::FunctionsOptions functions_options(const Options& options) {
  lambda::FunctionsOptions result;
  result.instances_max = instances_that_fit();
  result.is_isolated_by_request = options.is_isolated_by_request;
  result.confinement = {options.network, options.is_cpu_capped};
  return result;
}

http::ServerOptions http_options(const Options& options, http::TlsChooser tls) {
  http::ServerOptions result;
  result.address = options.address;
  result.port = options.port;
  if (options.tls) {
    result.tls = std::move(tls);
    result.tls_address = options.tls->address;
    result.tls_port = options.tls->port;
  }
  return result;
}

}  // namespace

/// Everything there is, in the order of its making; it goes in the reverse order. What a thread of
/// an earlier part may still call is stopped first, in stop().
struct Application::Parts {
  explicit Parts(const Options& given) : options(checked(given)) {
    const std::string lacks = launcher->capabilities().internet_lacks;
    if (options.network == sandbox::Network::kInternet && !lacks.empty()) {
      throw ConfigError("--network internet cannot be had: " + lacks);
    }
    if (!options.dev_code.empty()) functions.code().allow_directories(options.dev_code);
  }

  std::vector<aws::Service> make_services() {
    std::vector<aws::Service> services;
    services.push_back(dynamodb::make_service(tables, recovery));
    services.push_back(dynamodb::make_streams_service(tables));
    services.push_back(
        lambda::make_service(functions, event_sources, "localhost:" + std::to_string(http.port())));
    services.push_back(apigateway::make_service(apis, &domains));
    apigateway::add_domain_operations(services.back(), domains);
    services.push_back(cloudformation::make_service(stacks));
    services.push_back(iam::make_iam_service(identity));
    services.push_back(iam::make_sts_service(identity));
    services.push_back(iam::make_stator_service(
        identity, [this](std::string_view request_id) { return trail.find(request_id); }));
    snapshots::add_snapshot_operations(services.back(), data_snapshots);
    services.push_back(logs::make_service(log_store));
    services.push_back(s3::make_service(objects));
    services.push_back(ssm::make_service(parameters));
    services.push_back(ecr::make_service(repositories));
    return services;
  }

  aws::Authenticator& authenticator() {
    if (options.auth != Auth::kOff) return identity.authenticator();
    return open_door;
  }
  aws::Authorizer& authorizer() {
    if (options.auth != Auth::kOff) return identity.authorizer();
    return open_door;
  }

  std::optional<json::Object> denial_of(std::string_view request_id) {
    const auto denial = identity.decisions().find(request_id);
    return denial ? std::optional(denial->to_json()) : std::nullopt;
  }

  std::string health() {
    json::Object page = describe_health(options, launcher->capabilities());
    page["denials"] = identity.decisions().denials();
    page["wouldBeDenials"] = identity.decisions().would_be_denials();
    page["authenticationFailures"] = trail.failed_authentications();
    page["auditLinesDropped"] = trail.dropped();
    return json::dump(page);
  }

  /// Hands the removal of expired log events and objects to a worker now and then.
  void expire_later() {
    timers.after(kLogExpiryInterval, [this] {
      if (is_stopped) return;
      // A full queue only means that they go an hour later.
      (void)workers.post([this] {
        if (const auto removed = log_store.expire(); !removed) {
          logger.warn("server", "expired log events stay", {{"reason", removed.error().message}});
        }
        if (const auto done = objects.expire(kAccount, clock.wall()); !done) {
          logger.warn("server", "lifecycle rules are not done", {{"reason", done.error().message}});
        }
      });
      expire_later();
    });
  }

  /// Looks now and then whether given certificates have changed.
  void reload_certificates_later() {
    timers.after(TlsDoor::kReloadInterval, [this] {
      if (is_stopped) return;
      (void)workers.post([this] { tls->reload(); });
      reload_certificates_later();
    });
  }

  /// Keeps what roles were seen to do, now and then.
  void save_usage() {
    if (const auto saved = identity.save_usage(); !saved) {
      logger.warn("server", "what roles do is not kept", {{"reason", saved.error().message}});
    }
  }
  void save_usage_later() {
    timers.after(kUsageSaveInterval, [this] {
      if (is_stopped) return;
      (void)workers.post([this] { save_usage(); });
      save_usage_later();
    });
  }

  std::atomic<bool> is_stopped = false;
  const Options options;
  SystemClock clock;
  SystemRandom random;
  log::Logger logger{clock, options.log_level, log::stderr_sink()};

  // The launcher is this binary again, so it starts while the process is small and has one thread.
  storage::DataDirectory data{options.data};
  std::unique_ptr<sandbox::Launcher> launcher =
      sandbox::start_launcher(options.sandbox, options.data / "sandboxes");

  std::unique_ptr<storage::Store> store =
      storage::open_store(options.data, options.durability, options.budget);
  TimerThread timers;
  WorkerPool workers{limits::kControlPlaneThreads, limits::kControlPlaneQueuedMax};
  WorkerPool object_workers{kObjectThreads, kObjectsQueuedMax};
  WorkerPool deployments{kDeploymentThreads, kDeploymentsQueuedMax};
  WorkerPool pollers{kPollerThreads, kPollersQueuedMax};

  /// It looks up denials in the identity, which tells it of some.
  audit::Trail trail{{options.data / "audit", clock, random, logger,
                      [this](std::string_view request_id) { return denial_of(request_id); }}};
  iam::Identity identity{{*store, clock, random, options.data, kAccount,
                          options.auth != Auth::kAudit, &logger, &trail}};
  iam::OpenDoor open_door{kAccount};
  snapshots::Snapshots data_snapshots{options.data, *store, clock};
  storage::BlobStore blobs{options.data / "blobs"};
  s3::Objects objects{*store, blobs, object_workers};
  logs::LogStore log_store{*store, clock};
  ParameterSealer parameter_sealer{identity};
  ssm::Parameters parameters{*store, parameter_sealer};
  ecr::Repositories repositories{*store};
  dynamodb::Tables tables{
      *store, clock, random, {.is_capacity_enforced = options.is_capacity_enforced}};
  TableArtifacts table_artifacts{objects, clock};
  dynamodb::recovery::Recovery recovery{tables, table_artifacts};

  FunctionRoles function_roles{identity};
  FunctionLogs function_logs{log_store, logger};
  FunctionArtifacts function_artifacts{objects};
  lambda::Functions functions{
      {*store, options.data / "code", options.data / "runtimes", *launcher, timers, clock, random,
       logger, function_roles, function_logs, function_artifacts, authorizer()},
      functions_options(options)};

  TableStreams table_streams{tables};
  FunctionRights function_rights{identity, authorizer(), clock};
  FailedRecords failed_records{objects, clock};
  lambda::sources::EventSources event_sources{{*store, functions, table_streams, function_rights,
                                               failed_records, timers, pollers, clock, random,
                                               logger}};

  // The server knows its port before it answers, and the APIs' addresses need the port.
  http::Server http{
      http_options(options, [this](std::string_view name) { return tls->choose(name); }),
      [this](http::Request&& request, http::Responder responder) {
        front_door.handle(std::move(request), std::move(responder));
      },
      clock, logger};
  apigateway::Apis apis{*store, random, ".execute-api.localhost:" + std::to_string(http.port())};
  Truststores truststores{objects};
  apigateway::Domains domains{*store, random, apis, truststores};
  /// Asked once the server has started.
  std::unique_ptr<TlsDoor> tls =
      options.tls ? std::make_unique<TlsDoor>(*options.tls,
                                              TlsDoor::Parts{options.data, domains, clock, logger})
                  : nullptr;
  GatewayFunctions gateway_functions{functions, identity, function_rights};
  http::Upstream upstream;
  AccessLogs access_logs{log_store, logger};
  apigateway::Gateway gateway{
      {.apis = apis,
       .invoker = gateway_functions,
       .scheduler = timers,
       .clock = clock,
       .random = random,
       .authenticator = authenticator(),
       .authorizer = authorizer(),
       .access_logs = &access_logs,
       .upstream = &upstream,
       .domains = &domains,
       .account_limit = {double(options.api_rate), options.api_rate / 2.0}}};

  lambda::urls::FunctionUrls function_urls{
      {functions.catalog(),
       [this](lambda::Invocation invocation, lambda::InvokeDone done) {
         functions.invoke(std::move(invocation), std::move(done));
       },
       clock, random, authenticator(), authorizer()}};

  /// A function with a network of its own has the server on the endpoint's port there.
  cloudformation::CustomResponses custom_responses{
      random, "http://127.0.0.1:" +
                  std::to_string(network_in_force(options, launcher->capabilities()) == "host"
                                     ? http.port()
                                     : lambda::kEndpointPort)};
  /// The router needs CloudFormation among its services and CloudFormation needs the router.
  cloudformation::Stacks stacks{
      {*store,
       [this](const aws::Principal& principal, std::string_view region) {
         return api_clients(router)(principal, region);
       },
       deployments,
       clock,
       random,
       [](std::chrono::milliseconds pause) { std::this_thread::sleep_for(pause); },
       logger,
       cloudformation::LaneOptions{},
       [this](const std::string& role_arn) { return stack_role(identity, role_arn); },
       &custom_responses,
       [this](const aws::Call& call, const aws::Needs& needs) {
         return authorizer().authorize(call, needs);
       }}};
  aws::Router router{{authenticator(), authorizer(), *store, workers, clock, random, logger,
                      kAccount, kRegion, &trail},
                     make_services()};
  OwnPages pages{{apis, gateway.watch(), authenticator(), authorizer(), clock, kRegion,
                  [this] { return health(); }, custom_responses}};
  FrontDoor front_door{{gateway, function_urls, router, pages, clock}};
};

Application::Application(const Options& options) : parts_(std::make_unique<Parts>(options)) {}

Application::~Application() {
  stop(std::chrono::milliseconds(0));
}

void Application::start() {
  Parts& parts = *parts_;
  const sandbox::Capabilities capabilities = parts.launcher->capabilities();
  if (parts.options.auth == Auth::kOff) {
    parts.logger.warn("server", "authorization is OFF: every request is the account's root");
  }
  if (parts.options.auth == Auth::kAudit) {
    parts.logger.warn("server",
                      "authorization is WATCHED ONLY: what policies deny is recorded and allowed");
  }
  if (!capabilities.has_network_namespace) {
    parts.logger.warn("server",
                      "functions share the host's network and files: " + capabilities.detail);
  }
  if (capabilities.has_network_namespace && parts.options.network == sandbox::Network::kHost) {
    parts.logger.warn("server", "functions share the host's network: --network host");
  }
  parts.functions.start(parts.http, [&parts](http::Request&& request, http::Responder responder) {
    parts.front_door.handle(std::move(request), std::move(responder));
  });
  parts.expire_later();
  parts.save_usage_later();
  if (parts.tls != nullptr) parts.reload_certificates_later();
  parts.tables.background().start();
  parts.upstream.start();
  if (const auto recovered = parts.stacks.recover(); !recovered) {
    throw ConfigError("stacks: " + recovered.error().message);
  }
  parts.http.start();
  parts.event_sources.start();
}

void Application::stop(std::chrono::milliseconds grace) {
  Parts& parts = *parts_;
  if (parts.is_stopped.exchange(true)) return;
  // Requests end first, then what they started; the functions that they wait for outlive them.
  parts.gateway.watch().followers().close();
  parts.stacks.stop();
  parts.deployments.stop();
  parts.event_sources.stop();
  parts.functions.stop(grace);
  parts.http.stop(grace);
  parts.upstream.stop();
  parts.workers.stop();
  parts.object_workers.stop();
  parts.pollers.stop();
  parts.tables.background().stop();
  parts.save_usage();
  parts.trail.stop();
}

std::uint16_t Application::port() const {
  return parts_->http.port();
}

std::string Application::modes() const {
  std::string modes = describe_modes(parts_->options, parts_->launcher->capabilities());
  if (const auto& tls = parts_->options.tls) {
    modes += ", TLS on " + tls->address + ":" + std::to_string(parts_->http.tls_port());
  }
  return modes;
}

}  // namespace stator::server
