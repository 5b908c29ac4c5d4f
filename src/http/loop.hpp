#pragma once

#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "http/net.hpp"
#include "http/server.hpp"
#include "http/timer_wheel.hpp"
#include "log/log.hpp"

namespace stator::http::detail {

class Channel;
class Listener;
class TlsFront;

/// How long a closing connection reads on, so that unread input does not turn the close into a
/// reset that destroys the last answer on its way.
inline constexpr std::chrono::seconds kLingerTimeout{2};

/// What is under way at one adopted listener, or at all public ones.
struct Load {
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> requests{0};
  std::atomic<std::size_t> bytes{0};
};

/// What connections of one listener (or of the public ones of a kind, one per loop) share.
struct Site {
  ServerOptions options;
  Handler handler;
  SinkChooser streams;  ///< none: every body is gathered
  std::size_t connections_max = 0;
  bool is_public = false;
  Server::ListenerId id = 0;
  std::shared_ptr<Load> load = std::make_shared<Load>();
  std::shared_ptr<const TlsFront> tls = {};  ///< null: plain
};

/// One thread's event loop, with its connections, their deadlines and a mailbox for other threads.
///
/// Shared with the answers that are still owed, which may outlive the server: after the loop has
/// closed, post() drops what it is given.
class Loop final : public std::enable_shared_from_this<Loop> {
 public:
  using Task = std::function<void()>;

  Loop(const Clock& clock, const log::Logger& logger);
  Loop(const Loop&) = delete;

  /// Serves until stop(), then closes all it holds. Called once, by the loop's own thread.
  void run();
  void stop() { io_.stop(); }

  [[nodiscard]] bool is_current() const {
    return thread_.load(std::memory_order_relaxed) == std::this_thread::get_id();
  }
  /// Runs `task` on the loop, after those posted before it. Any thread.
  void post(Task task);

  // What follows is for the loop's thread, or for any before run().

  void listen(std::shared_ptr<Listener> listener);
  void retire(Server::ListenerId id);
  /// Closes the public listeners and idle connections, calls `drained` once when the last public
  /// connection is gone, and stops when `grace` is over. Adopted listeners serve until the loop
  /// stops: running requests, those of other loops too, may need them.
  void drain(std::chrono::milliseconds grace, Task drained);
  [[nodiscard]] bool is_draining() const { return is_draining_; }

  void add(std::shared_ptr<Channel> connection);
  void remove(Channel& connection);

  /// A delay of zero means none.
  void arm(Deadline& deadline, std::chrono::milliseconds delay);
  void disarm(Deadline& deadline) { wheel_.disarm(deadline); }

  /// For what is read and used up before anything else runs on the loop: connections that wait for
  /// their clients hold no buffer.
  [[nodiscard]] std::span<char> scratch() { return scratch_; }
  /// The Date header of now.
  [[nodiscard]] std::string_view date();
  [[nodiscard]] asio::io_context& io() { return io_; }
  [[nodiscard]] const log::Logger& logger() const { return logger_; }

  /// Runs a callback of someone else's; what it throws is logged and goes no further.
  void guard(const Task& callback) const;

 private:
  void run_mailbox();
  void wake_at(SteadyTime now, SteadyTime at);
  void on_wake();
  void tell_when_drained();
  void close_everything();

  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  const Clock& clock_;
  const log::Logger& logger_;
  std::atomic<std::thread::id> thread_{};

  std::mutex mutex_;
  std::vector<Task> mailbox_;  ///< bounded by the answers owed, and 8 MiB for each that streams
  bool is_closed_ = false;

  std::unordered_map<Channel*, std::shared_ptr<Channel>> connections_;
  std::vector<std::shared_ptr<Listener>> listeners_;
  bool is_draining_ = false;
  Task drained_;
  asio::steady_timer grace_timer_{io_};

  TimerWheel wheel_;
  asio::steady_timer wake_timer_{io_};
  std::optional<SteadyTime> wake_at_;

  std::array<char, 16384> scratch_;
  std::string date_;
  std::chrono::seconds date_second_{-1};
};

}  // namespace stator::http::detail
