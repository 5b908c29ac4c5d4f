#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>

#include "aws/audit.hpp"
#include "base/clock.hpp"
#include "iam/denial.hpp"
#include "iam/usage.hpp"
#include "log/log.hpp"

namespace stator::iam {

/// Where decisions are told; null where nobody listens. What is named outlives Decisions.
struct DecisionListeners {
  const log::Logger* logger = nullptr;
  aws::AuditTrail* audit = nullptr;
};

/// Remembers what was decided: why the latest kDenialsMax denials were made, and what users and
/// roles were allowed to do. Logs denials, at most kLinesPerSecondMax a second, and tells the audit
/// trail of those that it cannot see itself: would-be denials, and those of calls by services.
class Decisions final : public DecisionObserver {
 public:
  static constexpr std::size_t kDenialsMax = 4'096;
  static constexpr std::uint32_t kLinesPerSecondMax = 50;

  explicit Decisions(DecisionListeners listeners) : listeners_(listeners) {}

  void allowed(const Judged& judged) override;
  void denied(const Judged& judged, const std::string& sentence, bool is_enforced) override;

  /// The newest denial of a request; nothing when it is not among the latest.
  [[nodiscard]] std::optional<Denial> find(std::string_view request_id) const;

  [[nodiscard]] std::uint64_t denials() const { return denials_; }
  [[nodiscard]] std::uint64_t would_be_denials() const { return would_be_denials_; }
  [[nodiscard]] Usage& usage() { return usage_; }

 private:
  void log(const Denial& denial);
  void tell_audit(const Judged& judged, const Denial& denial);

  const DecisionListeners listeners_;
  Usage usage_;
  std::atomic<std::uint64_t> denials_ = 0, would_be_denials_ = 0;
  mutable std::mutex mutex_;
  std::deque<Denial> latest_;
  std::int64_t log_second_ = 0;
  std::uint32_t logged_ = 0, not_logged_ = 0;
};

}  // namespace stator::iam
