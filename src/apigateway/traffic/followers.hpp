#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "base/scheduler.hpp"
#include "http/body_pipe.hpp"

namespace stator::apigateway {

/// Who follows the requests of APIs live. Each follower gets a line of JSON for each request, and
/// is told {"lost":N} in place of those that it was too slow to take; at most 1 MiB waits for one.
/// Any thread. While nobody follows, a request costs one look at a number.
class Followers {
 public:
  static constexpr std::size_t kMax = 32;

  /// The scheduler outlives it.
  explicit Followers(Scheduler& scheduler);
  /// Ends every follower's answer.
  ~Followers();
  Followers(const Followers&) = delete;

  [[nodiscard]] bool any() const;
  [[nodiscard]] bool has(std::string_view api_id) const;
  /// The body of a new follower's answer; null when there are kMax already. An empty line now and
  /// then shows which of them have gone.
  [[nodiscard]] std::shared_ptr<http::BodyPipe> add(std::string api_id);
  /// `line` without its end.
  void publish(std::string_view api_id, std::string line);
  /// Ends every follower's answer, so that the server may stop.
  void close();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace stator::apigateway
