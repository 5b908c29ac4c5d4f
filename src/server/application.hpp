#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "log/log.hpp"
#include "sandbox/sandbox.hpp"
#include "server/tls/tls_options.hpp"
#include "storage/budget.hpp"

/// Builds and owns everything; only wires.
namespace stator::server {

enum class Auth : std::uint8_t {
  kEnforce,
  kAudit,  ///< signatures are verified; what policies would refuse is recorded and allowed
  kOff,    ///< whoever asks is root; refused on any address but loopback
};

struct Options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 4566;  ///< 0: any free one
  std::filesystem::path data = ".stator";
  storage::Durability durability = storage::Durability::kFsync;
  storage::Budget budget = {};
  Auth auth = Auth::kEnforce;
  bool is_capacity_enforced = false;  ///< whether provisioned tables throttle
  sandbox::Wanted sandbox = sandbox::Wanted::kAuto;
  bool is_isolated_by_request = false;  ///< whether every invocation has a sandbox of its own
  sandbox::Network network = sandbox::Network::kNone;  ///< of functions without a tag of their own
  bool is_cpu_capped = false;  ///< functions get no more of the processor than their memory's share
  /// Requests a second to all HTTP APIs of a Region together, half as many at once.
  std::uint32_t api_rate = 10'000;
  std::filesystem::path dev_code;  ///< whose directories functions may run as they are; "" for none
  std::optional<TlsOptions> tls = {};  ///< set: TLS is served too
  log::Level log_level = log::Level::kInfo;
};

/// The whole server. Construct it while the process has one thread: the constructor starts the
/// launcher first, then opens the store. Throws ConfigError with what to do.
class Application {
 public:
  explicit Application(const Options& options);
  ~Application();
  Application(const Application&) = delete;

  /// Accepts requests once it returns.
  void start();
  /// Finishes running requests within `grace`, ends every function, closes the store. Safe to call
  /// twice.
  void stop(std::chrono::milliseconds grace);

  [[nodiscard]] std::uint16_t port() const;
  /// "auth enforce, durability fsync, sandbox root, network none"
  [[nodiscard]] std::string modes() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace stator::server
