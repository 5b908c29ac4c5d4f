#include "cloudformation/custom_responses.hpp"

#include "base/ids.hpp"

namespace stator::cloudformation {

CustomResponses::Awaited::~Awaited() {
  const std::lock_guard lock(responses_.mutex_);
  responses_.awaited_.erase(token_);
}

std::string CustomResponses::Awaited::url() const {
  return responses_.authority_ + std::string(kPath) + token_;
}

std::optional<std::string> CustomResponses::Awaited::wait(std::chrono::milliseconds timeout) {
  std::unique_lock lock(responses_.mutex_);
  const auto& answer = responses_.awaited_.at(token_);
  responses_.came_.wait_for(lock, timeout, [&] { return answer.has_value(); });
  return answer;
}

std::unique_ptr<CustomResponses::Awaited> CustomResponses::open() {
  constexpr std::size_t kTokenLength = 40;
  std::string token = random_text(random_, kLowerAlnum, kTokenLength);
  const std::lock_guard lock(mutex_);
  awaited_.emplace(token, std::nullopt);
  return std::make_unique<Awaited>(*this, std::move(token));
}

bool CustomResponses::put(std::string_view token, std::string body) {
  const std::lock_guard lock(mutex_);
  const auto found = awaited_.find(token);
  if (found == awaited_.end()) return false;
  if (!found->second) found->second = std::move(body);
  came_.notify_all();
  return true;
}

}  // namespace stator::cloudformation
