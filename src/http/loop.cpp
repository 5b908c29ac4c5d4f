#include "http/loop.hpp"

#include <algorithm>

#include "base/time_format.hpp"
#include "http/channel.hpp"
#include "http/listener.hpp"

namespace stator::http::detail {

namespace {
/// The loop looks at its deadlines at least this often, so that a near deadline rarely has to move
/// the timer, which is a system call.
constexpr std::chrono::seconds kWakeInterval{1};
}  // namespace

Loop::Loop(const Clock& clock, const log::Logger& logger)
    : clock_(clock), logger_(logger), wheel_(clock.steady()) {}

void Loop::run() {
  thread_ = std::this_thread::get_id();
  for (bool is_running = true; is_running;) {
    try {
      io_.run();
      is_running = false;
    } catch (const std::exception& error) {
      logger_.error("http", "fault on an event loop", {{"error", error.what()}});
    }
  }
  close_everything();
}

void Loop::post(Task task) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return;
    was_empty = mailbox_.empty();
    mailbox_.push_back(std::move(task));
  }
  if (was_empty) asio::post(io_, [this] { run_mailbox(); });
}

void Loop::run_mailbox() {
  std::vector<Task> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(mailbox_);
  }
  for (const auto& task : tasks) guard(task);
}

void Loop::guard(const Task& callback) const {
  try {
    callback();
  } catch (const std::exception& error) {
    logger_.error("http", "a callback failed", {{"error", error.what()}});
  }
}

void Loop::listen(std::shared_ptr<Listener> listener) {
  listener->start();
  listeners_.push_back(std::move(listener));
}

void Loop::retire(Server::ListenerId id) {
  std::erase_if(listeners_, [id](const auto& listener) {
    if (listener->site().id != id) return false;
    listener->close();
    return true;
  });
  const auto connections = connections_;
  for (const auto& [key, connection] : connections) {
    if (connection->site().id == id) connection->close();
  }
}

void Loop::drain(std::chrono::milliseconds grace, Task drained) {
  is_draining_ = true;
  drained_ = std::move(drained);
  for (const auto& listener : listeners_) {
    if (listener->site().is_public) listener->close();
  }
  const auto connections = connections_;
  for (const auto& [key, connection] : connections) {
    if (connection->site().is_public) connection->drain();
  }
  grace_timer_.expires_after(grace);
  grace_timer_.async_wait([this](NetError error) {
    if (!error) stop();
  });
  tell_when_drained();
}

void Loop::tell_when_drained() {
  const bool is_busy = std::any_of(connections_.begin(), connections_.end(), [](const auto& entry) {
    return entry.second->site().is_public;
  });
  if (!is_busy && drained_) std::exchange(drained_, nullptr)();
}

void Loop::add(std::shared_ptr<Channel> connection) {
  auto* key = connection.get();
  connections_.emplace(key, std::move(connection));
}

void Loop::remove(Channel& connection) {
  connections_.erase(&connection);
  if (is_draining_) tell_when_drained();
}

void Loop::arm(Deadline& deadline, std::chrono::milliseconds delay) {
  if (delay == std::chrono::milliseconds::zero()) return wheel_.disarm(deadline);
  const auto now = clock_.steady();
  wheel_.arm(deadline, now + delay);
  if (!wake_at_ || now + delay < *wake_at_) wake_at(now, now + delay);
}

void Loop::wake_at(SteadyTime now, SteadyTime at) {
  wake_at_ = std::min(at, now + kWakeInterval) + TimerWheel::kTick;
  wake_timer_.expires_after(*wake_at_ - now);
  wake_timer_.async_wait([this](NetError error) {
    if (!error) on_wake();
  });
}

void Loop::on_wake() {
  const auto now = clock_.steady();
  wake_at_ = now;  // so that what the deadlines arm does not move the timer once for each
  wheel_.expire(now);
  wake_at_.reset();
  if (const auto next = wheel_.next_check()) wake_at(now, std::max(now, *next));
}

std::string_view Loop::date() {
  const auto now = clock_.wall();
  const auto second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
  if (second != date_second_) {
    date_second_ = second;
    date_ = http_date(now);
  }
  return date_;
}

void Loop::close_everything() {
  for (const auto& listener : listeners_) listener->close();
  listeners_.clear();
  const auto connections = connections_;
  for (const auto& [key, connection] : connections) connection->close();
  std::vector<Task> dropped;
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    dropped.swap(mailbox_);
  }
  wake_timer_.cancel();
  grace_timer_.cancel();
  work_.reset();
  // Handlers of what was just closed hold connections: let them run out.
  io_.restart();
  io_.poll();
  thread_ = std::thread::id();
}

}  // namespace stator::http::detail
