#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lambda/invocation.hpp"
#include "lambda/sources/doors.hpp"
#include "lambda/sources/mapping.hpp"
#include "lambda/sources/trial.hpp"

/// The documents between a mapping and its function.
namespace stator::lambda::sources {

/// What a function may return of a window's state.
inline constexpr std::size_t kStateBytesMax = 1u << 20;

/// What an invocation of a window says beside its records.
struct WindowEvent {
  const OpenWindow& window;
  std::string shard_id;
  std::string stream_arn;
  bool is_final = false;
  bool is_early = false;
};

/// {"Records":[...]}, with a window's members where `window` is not null.
[[nodiscard]] std::string event_of(std::span<const StreamRecord> records,
                                   const WindowEvent* window);
/// How much the event is longer than its records and the commas between them.
[[nodiscard]] std::size_t envelope_bytes(const WindowEvent* window);

/// What a function's successful answer says.
struct Answer {
  Attempt attempt;
  std::string state_json = "{}";  ///< of a window
};
/// `reads_failures`: the mapping has ReportBatchItemFailures. An answer that names a record which
/// is not among `records`, or names none, fails all, as
/// https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html has it.
[[nodiscard]] Answer read_answer(std::string_view payload, std::span<const StreamRecord> records,
                                 bool reads_failures);

/// Records that were given up.
struct Discarded {
  std::span<const StreamRecord> records;
  std::string_view condition;  ///< "RetryAttemptsExhausted" or "RecordAgeExceeded"
  std::int64_t invocations = 0;
  std::string shard_id;
  std::string request_id;
  std::string executed_version;  ///< "" when the function was never called
  std::string function_error;
  WallTime now;
};

/// The document for the failure destination. S3 gets the event of the records too.
[[nodiscard]] std::string failure_document(const Mapping& mapping, const Discarded& discarded,
                                           std::string_view event);
/// Whether a destination is a bucket.
[[nodiscard]] bool is_bucket_arn(std::string_view arn);

}  // namespace stator::lambda::sources
