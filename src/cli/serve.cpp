#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <iostream>
#include <thread>

#include "base/check.hpp"
#include "cli/serving.hpp"
#include "server/application.hpp"

namespace stator::cli {
namespace {

constexpr std::chrono::seconds kStopGrace{5};

std::pair<std::string, std::uint16_t> split_address(const std::string& flag,
                                                    const std::string& listen) {
  const auto colon = listen.rfind(':');
  std::uint16_t port = 0;
  const char* end = listen.data() + listen.size();
  if (colon != std::string::npos && colon > 0) {
    const auto [rest, error] = std::from_chars(listen.data() + colon + 1, end, port);
    if (error == std::errc() && rest == end) return {listen.substr(0, colon), port};
  }
  throw ConfigError(flag + " takes ADDRESS:PORT, e.g. 127.0.0.1:4566, not '" + listen + "'");
}

std::optional<server::TlsOptions> to_tls_options(const ServeOptions& options) {
  if (options.tls_listen.empty()) {
    if (!options.tls_certs.empty()) throw ConfigError("--tls-certs needs --tls-listen");
    return std::nullopt;
  }
  server::TlsOptions result;
  std::tie(result.address, result.port) = split_address("--tls-listen", options.tls_listen);
  result.certificates = options.tls_certs;
  return result;
}

server::Options to_server_options(const ServeOptions& options) {
  server::Options result;
  std::tie(result.address, result.port) = split_address("--listen", options.target.listen);
  result.data = options.target.data;
  result.durability = options.durability == "fsync"   ? storage::Durability::kFsync
                      : options.durability == "async" ? storage::Durability::kAsync
                                                      : storage::Durability::kMemory;
  result.budget.memory_bytes = static_cast<std::size_t>(options.memory_bytes);
  result.auth = options.auth == "off"     ? server::Auth::kOff
                : options.auth == "audit" ? server::Auth::kAudit
                                          : server::Auth::kEnforce;
  result.sandbox =
      options.sandbox == "process" ? sandbox::Wanted::kProcess : sandbox::Wanted::kAuto;
  result.is_isolated_by_request = options.isolation == "request";
  result.network = sandbox::parse_network(options.network).value_or(sandbox::Network::kNone);
  result.is_cpu_capped = options.cpu == "cap";
  result.api_rate = options.api_rate;
  result.dev_code = options.dev_code;
  result.tls = to_tls_options(options);
  result.is_capacity_enforced = options.capacity == "enforce";
  result.log_level = options.log_level == "debug"   ? log::Level::kDebug
                     : options.log_level == "warn"  ? log::Level::kWarn
                     : options.log_level == "error" ? log::Level::kError
                                                    : log::Level::kInfo;
  return result;
}

/// Blocks the signals that end the server in this thread and all it starts, so that sigwait gets
/// them.
sigset_t block_ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  return signals;
}

/// An instance of a function and a client's connection cost descriptors, more together than the
/// 1,024 that shells allow; how many may be had in all is the system's to say.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

/// Ends the process when another signal comes before the server has stopped.
class Impatience {
 public:
  explicit Impatience(const sigset_t& signals)
      : thread_([this, signals] {
          const timespec look{0, 50'000'000};
          while (!is_over_) {
            if (::sigtimedwait(&signals, nullptr, &look) > 0) ::_exit(kInterrupted);
          }
        }) {}
  ~Impatience() {
    is_over_ = true;
    thread_.join();
  }

 private:
  static constexpr int kInterrupted = 130;
  std::atomic<bool> is_over_ = false;
  std::thread thread_;
};

}  // namespace

int serve_with(const ServeOptions& options, Companion* companion) {
  const server::Options server_options = to_server_options(options);
  const sigset_t signals = block_ending_signals();
  raise_descriptor_limit();
  server::Application application(server_options);
  application.start();
  const std::string listen = server_options.address + ":" + std::to_string(application.port());
  std::cout << "stator is ready on http://" << listen << " (" << application.modes() << ")"
            << std::endl;

  const int code = companion == nullptr ? 0 : companion->begin(listen);
  if (code == 0) {
    int signal = 0;
    sigwait(&signals, &signal);
    std::cout << "stopping" << std::endl;
  }
  const Impatience impatience(signals);
  if (companion != nullptr) companion->stop();
  application.stop(kStopGrace);
  if (companion != nullptr) companion->join();
  return code;
}

int serve(const ServeOptions& options) {
  return serve_with(options, nullptr);
}

}  // namespace stator::cli
