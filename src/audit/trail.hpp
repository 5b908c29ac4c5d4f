#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

#include "audit/writer.hpp"
#include "aws/audit.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "log/log.hpp"

namespace stator::audit {

/// What the trail works with; references outlive it.
struct TrailParts {
  std::filesystem::path directory;
  const Clock& clock;
  Random& random;
  const log::Logger& logger;
  /// What is known about the denial of a request beside its error, or nothing; goes into the
  /// record's additionalEventData.
  std::function<std::optional<json::Object>(std::string_view request_id)> denial_of = {};
  LogFilesOptions files = {};
  WriterOptions writer = {};
};

/// The audit log: one line of JSON for each call that it is told of, in CloudTrail's shape. Any
/// thread; a call never waits for the disk.
class Trail final : public aws::AuditTrail {
 public:
  explicit Trail(TrailParts parts);

  void record(const aws::AuditedCall& audited) override;

  /// The newest record of a request; nothing when there is none. Reads files: on a worker.
  [[nodiscard]] Result<std::optional<json::Object>> find(std::string_view request_id);

  [[nodiscard]] std::uint64_t dropped() const { return writer_.dropped(); }
  [[nodiscard]] std::uint64_t failed_authentications() const { return failed_authentications_; }
  /// What was recorded before is on disk when it returns; what comes after is dropped.
  void stop() { writer_.stop(); }

 private:
  TrailParts parts_;
  std::atomic<std::uint64_t> failed_authentications_ = 0;
  Writer writer_;
};

}  // namespace stator::audit
