#include <iostream>
#include <memory>
#include <optional>
#include <thread>

#include "cli/deploy/deploy_loop.hpp"
#include "cli/serving.hpp"
#include "cli/terminal.hpp"
#include "cli/up/line_buffer.hpp"
#include "cli/up/live_log.hpp"

namespace stator::cli {
namespace {

/// Deploys, watches and shows beside the server, as a client of it like any other.
class Up final : public Companion {
 public:
  explicit Up(DeployOptions options)
      : options_(std::move(options)), cache_(default_package_cache(), clock_) {}

  int begin(const std::string& listen) override {
    const auto begun = start(listen);
    return begun ? 0 : fail(begun.error());
  }

  void stop() override {
    is_stopping_ = true;
    if (loop_) loop_->stop();
    if (log_) log_->stop();
  }

  void join() override {
    if (thread_.joinable()) thread_.join();
    if (log_) log_->join();
  }

 private:
  Result<void> start(const std::string& listen) {
    STATOR_TRY_VOID(read_template_file(options_.template_file, std::filesystem::current_path()));
    options_.target.listen = listen;
    STATOR_TRY(const auto credentials, read_root_credentials(options_.target.data));
    const Connection connection{
        .endpoint = "http://" + listen, .credentials = credentials, .region = kDefaultRegion};
    Progress::Look look = look_of_terminal();
    look.is_terminal = false;  // others write between its lines
    client_.emplace(connection, clock_);
    log_.emplace(LiveLog::Parts{.connection = connection,
                                .clock = clock_,
                                .out = std::cout,
                                .out_mutex = mutex_,
                                .has_colour = look.has_colour});
    deployer_.emplace(Deployer::Parts{.client = *client_,
                                      .cache = cache_,
                                      .clock = clock_,
                                      .out = out_,
                                      .look = look,
                                      .ask = terminal_ask([this] { return is_stopping_.load(); })});
    loop_.emplace(
        DeployLoop::Parts{.deployer = *deployer_,
                          .clock = clock_,
                          .out = out_,
                          .errors = errors_,
                          .on_deployed = [this](const std::string& stack) { log_->follow(stack); }},
        options_);
    thread_ = std::thread([this] {
      const auto outcome = loop_->run();
      if (!outcome && !is_stopping_) fail(outcome.error());
    });
    return {};
  }

  DeployOptions options_;
  const SystemClock clock_;
  PackageCache cache_;
  std::mutex mutex_;  ///< of both streams
  LineBuffer out_buffer_{std::cout, mutex_}, errors_buffer_{std::cerr, mutex_};
  std::ostream out_{&out_buffer_}, errors_{&errors_buffer_};
  std::atomic<bool> is_stopping_ = false;
  std::optional<AwsClient> client_;
  std::optional<LiveLog> log_;
  std::optional<Deployer> deployer_;
  std::optional<DeployLoop> loop_;
  std::thread thread_;
};

}  // namespace

int up(const ServeOptions& serve_options, DeployOptions deploy_options) {
  deploy_options.target = serve_options.target;
  Up companion(std::move(deploy_options));
  return serve_with(serve_options, &companion);
}

}  // namespace stator::cli
