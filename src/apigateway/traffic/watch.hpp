#pragma once

#include <memory>
#include <optional>
#include <string>

#include "apigateway/exchange.hpp"
#include "apigateway/traffic/access_log_writer.hpp"
#include "apigateway/traffic/account_throttle.hpp"
#include "apigateway/traffic/followers.hpp"
#include "apigateway/traffic/table_times.hpp"
#include "base/clock.hpp"
#include "base/scheduler.hpp"

namespace stator::apigateway {

/// What watches requests come and answers go: limits, figures, access logs, followers. Any thread.
class Watch {
 public:
  /// All outlive it; without a sink nothing is logged.
  struct Parts {
    Scheduler& scheduler;
    const Clock& clock;
    AccessLogSink* access_logs = nullptr;
    RateLimit account_limit = kAccountLimit;
  };
  explicit Watch(Parts parts);

  /// Whether the limits of route, stage and account let the request pass; its stage is known, its
  /// route perhaps.
  [[nodiscard]] bool admit(const Exchange& exchange);
  /// Notes an answer that is about to leave.
  void finished(const Exchange& exchange, const http::Response& response);

  [[nodiscard]] Followers& followers() { return followers_; }
  [[nodiscard]] TableTimes& table_times() { return table_times_; }
  [[nodiscard]] std::uint64_t log_lines_lost() const { return log_ ? log_->lines_lost() : 0; }

 private:
  /// What a follower reads of a request.
  [[nodiscard]] std::string describe(const Exchange& exchange, const Answered& answered);

  const Clock& clock_;
  AccountThrottle account_;
  std::unique_ptr<AccessLogWriter> log_;
  Followers followers_;
  TableTimes table_times_;
};

}  // namespace stator::apigateway
