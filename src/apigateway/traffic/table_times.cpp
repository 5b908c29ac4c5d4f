#include "apigateway/traffic/table_times.hpp"

namespace stator::apigateway {

std::string_view trace_root(std::string_view trace_id) {
  constexpr std::string_view kRoot = "Root=";
  const auto at = trace_id.find(kRoot);
  if (at != std::string_view::npos) trace_id.remove_prefix(at + kRoot.size());
  return trace_id.substr(0, trace_id.find(';'));
}

void TableTimes::watch(std::string_view trace_id) {
  const std::lock_guard lock(mutex_);
  if (sums_.size() < kMax) sums_.try_emplace(std::string(trace_root(trace_id)));
}

void TableTimes::add(std::string_view trace_id, std::chrono::microseconds took) {
  const std::lock_guard lock(mutex_);
  const auto at = sums_.find(trace_root(trace_id));
  if (at == sums_.end()) return;
  ++at->second.calls;
  at->second.time += took;
}

std::optional<TableTimes::Sum> TableTimes::take(std::string_view trace_id) {
  const std::lock_guard lock(mutex_);
  const auto at = sums_.find(trace_root(trace_id));
  if (at == sums_.end()) return std::nullopt;
  const Sum sum = at->second;
  sums_.erase(at);
  return sum;
}

}  // namespace stator::apigateway
