#include "apigateway/traffic/followers.hpp"

#include <algorithm>
#include <mutex>
#include <vector>

namespace stator::apigateway {
namespace {

constexpr std::chrono::seconds kHeartbeat{10};

}  // namespace

struct Followers::State : std::enable_shared_from_this<State> {
  struct Follower {
    std::string api_id;
    std::shared_ptr<http::BodyPipe> pipe;
    std::uint64_t lost = 0;
  };

  explicit State(Scheduler& given) : scheduler(given) {}

  /// False when the follower has gone. Wants the lock.
  static bool tell(Follower& follower, const std::string& text) {
    if (follower.pipe->is_behind([] {})) {
      ++follower.lost;
      return true;
    }
    if (follower.lost > 0) {
      const std::string told = "{\"lost\":" + std::to_string(follower.lost) + "}\n";
      if (!follower.pipe->write(told)) return false;
      follower.lost = 0;
    }
    return follower.pipe->write(text);
  }

  /// Wants the lock.
  template <typename Predicate>
  void drop_if(Predicate is_gone) {
    std::erase_if(all, is_gone);
    count.store(all.size(), std::memory_order_release);
  }

  void beat() {
    const std::lock_guard lock(mutex);
    drop_if([](Follower& one) { return !one.pipe->is_behind([] {}) && !one.pipe->write("\n"); });
    is_beating = !all.empty();
    if (is_beating) beat_later();
  }

  /// Wants the lock.
  void beat_later() {
    scheduler.after(kHeartbeat, [weak = weak_from_this()] {
      if (const auto state = weak.lock()) state->beat();
    });
  }

  Scheduler& scheduler;
  std::atomic<std::size_t> count = 0;
  std::mutex mutex;  ///< guards what follows
  std::vector<Follower> all;
  bool is_beating = false;
  bool is_closed = false;
};

Followers::Followers(Scheduler& scheduler) : state_(std::make_shared<State>(scheduler)) {}

Followers::~Followers() {
  close();
}

bool Followers::any() const {
  return state_->count.load(std::memory_order_acquire) > 0;
}

bool Followers::has(std::string_view api_id) const {
  if (!any()) return false;
  const std::lock_guard lock(state_->mutex);
  return std::any_of(state_->all.begin(), state_->all.end(),
                     [&](const State::Follower& one) { return one.api_id == api_id; });
}

std::shared_ptr<http::BodyPipe> Followers::add(std::string api_id) {
  const std::lock_guard lock(state_->mutex);
  if (state_->is_closed || state_->all.size() >= kMax) return nullptr;
  auto pipe = std::make_shared<http::BodyPipe>();
  state_->all.push_back({std::move(api_id), pipe});
  state_->count.store(state_->all.size(), std::memory_order_release);
  if (!state_->is_beating) {
    state_->is_beating = true;
    state_->beat_later();
  }
  return pipe;
}

void Followers::publish(std::string_view api_id, std::string line) {
  line += '\n';
  const std::lock_guard lock(state_->mutex);
  state_->drop_if(
      [&](State::Follower& one) { return one.api_id == api_id && !State::tell(one, line); });
}

void Followers::close() {
  const std::lock_guard lock(state_->mutex);
  state_->is_closed = true;
  for (const State::Follower& one : state_->all) one.pipe->finish();
  state_->all.clear();
  state_->count = 0;
}

}  // namespace stator::apigateway
