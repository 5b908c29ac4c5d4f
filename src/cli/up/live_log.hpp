#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <ostream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "cli/aws_client.hpp"
#include "cli/log_follower.hpp"

namespace stator::cli {

/// Shows a stack's requests and what its functions print as they come, on threads of its own. Ended
/// in two steps: stop(), then, once the server has ended every answer, join().
class LiveLog {
 public:
  struct Parts {
    Connection connection;
    const Clock& clock;
    std::ostream& out;  ///< shared by its threads, line by line
    std::mutex& out_mutex;
    bool has_colour = false;
  };
  explicit LiveLog(Parts parts) : parts_(std::move(parts)) {}
  ~LiveLog();

  /// Follows what the stack has now, beside what is followed already. Any thread.
  void follow(const std::string& stack);
  void stop();
  void join();

 private:
  /// At most this many APIs are followed: each costs a connection and a thread.
  static constexpr std::size_t kApisMax = 16;

  void follow_api(const std::string& api);
  void follow_functions();
  void poll_once(AwsClient& client, std::map<std::string, LogFollower>& followers);
  /// Waits until it is time to look at the functions' logs; false at the end.
  [[nodiscard]] bool await_activity();

  Parts parts_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> apis_, functions_;
  std::vector<std::thread> threads_;
  int looks_left_ = 0;  ///< quick looks at the logs: something is going on
  bool has_log_thread_ = false;
  std::atomic<bool> is_stopping_ = false;
};

}  // namespace stator::cli
