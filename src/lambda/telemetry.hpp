#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/scheduler.hpp"
#include "base/unique_fd.hpp"
#include "http/client.hpp"
#include "http/message.hpp"
#include "lambda/start_queue.hpp"

namespace stator::lambda {

/// What telemetry is sent with; all outlive it.
struct TelemetryParts {
  Scheduler& scheduler;
  StartQueue& threads;
  const Clock& clock;
  std::string lane;  ///< the queue's name for it: not the function's, whose starts must not wait
};

/// What one instance tells its extensions of itself and of what its programs print: the Telemetry
/// API, version 2022-07-01. Events go by HTTP to a port inside the sandbox, in batches, through
/// sockets that were made there.
/// https://docs.aws.amazon.com/lambda/latest/dg/telemetry-api.html
///
/// Any thread. add() only notes; the threads of the start queue send, one batch of a subscription
/// at a time. What cannot be delivered is tried again until twice the subscription's bytes wait;
/// then the oldest go, and a platform.logsDropped event says how many.
class Telemetry : public std::enable_shared_from_this<Telemetry> {
 public:
  enum class Kind : std::uint8_t { kPlatform, kFunction };

  /// One subscription for each of `connectors`, which are unconnected TCP sockets.
  Telemetry(TelemetryParts parts, std::vector<UniqueFd> connectors)
      : parts_(std::move(parts)), connectors_(std::move(connectors)) {}

  [[nodiscard]] static bool owns(std::string_view path);

  /// Answers a subscription by the extension of that name.
  [[nodiscard]] http::Response subscribe(const http::Request& request, const std::string& extension,
                                         WallTime now);
  /// Nobody subscribes any more: what came before is kept for nobody.
  void close_registration();
  /// An event as JSON. Those that come before a subscription are for it too.
  void add(Kind kind, std::string event);
  /// Sends what waits, without waiting for more.
  void flush();
  /// Nothing is sent from now on, but for what is under way.
  void close();

 private:
  struct Early {
    Kind kind;
    std::string event;
  };
  struct Subscription {
    std::string extension;
    std::string target;  ///< "/path"
    std::array<bool, 2> wants{};
    std::size_t items_max = 0;
    std::size_t bytes_max = 0;
    std::chrono::milliseconds timeout{0};
    UniqueFd socket;
    std::unique_ptr<http::Client> client;  ///< the sender's while is_sending
    std::deque<std::string> events;
    std::size_t bytes = 0;
    std::size_t dropped = 0;
    std::size_t dropped_bytes = 0;
    bool is_sending = false;
    bool has_failed = false;  ///< the last batch was not taken
    bool is_timer_armed = false;
  };
  using SubscriptionPtr = std::shared_ptr<Subscription>;

  // These want the lock.
  [[nodiscard]] Result<SubscriptionPtr> read_subscription(const http::Request& request);
  void append(Subscription& to, std::string event);
  /// Down to what may wait; the oldest go.
  static void trim(Subscription& to);
  void arm(const SubscriptionPtr& subscription);
  void schedule(const SubscriptionPtr& subscription);
  void start_sending(const SubscriptionPtr& subscription);

  void send(const SubscriptionPtr& subscription, std::deque<std::string> batch);

  const TelemetryParts parts_;
  std::mutex mutex_;
  std::vector<UniqueFd> connectors_;
  std::vector<SubscriptionPtr> subscriptions_;
  std::deque<Early> early_;
  std::size_t early_bytes_ = 0;
  bool is_registration_closed_ = false;
  bool is_closed_ = false;
};

}  // namespace stator::lambda
