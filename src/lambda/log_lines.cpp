#include "lambda/log_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace stator::lambda {

std::string start_line(std::string_view request_id) {
  return fmt::format("START RequestId: {} Version: $LATEST\n", request_id);
}

std::string end_line(std::string_view request_id) {
  return fmt::format("END RequestId: {}\n", request_id);
}

std::string report_line(const Ending& ending, std::int64_t memory_mb,
                        std::uint64_t memory_bytes_used) {
  constexpr std::uint64_t kMegabyte = 1u << 20;
  const auto init = ending.init_duration.value_or(std::chrono::microseconds(0));
  // A custom runtime's start is billed with its first invocation.
  const auto billed = std::chrono::ceil<std::chrono::milliseconds>(ending.duration + init).count();
  std::string line = fmt::format(
      "REPORT RequestId: {}\tDuration: {:.2f} ms\tBilled Duration: {} ms\tMemory Size: {} MB\t"
      "Max Memory Used: {} MB\t",
      ending.request_id, static_cast<double>(ending.duration.count()) / 1000.0, billed, memory_mb,
      (memory_bytes_used + kMegabyte - 1) / kMegabyte);
  if (ending.init_duration) {
    line += fmt::format("Init Duration: {:.2f} ms\t", static_cast<double>(init.count()) / 1000.0);
  }
  if (ending.status == Ending::Status::kTimeout) line += "Status: timeout";
  if (ending.status == Ending::Status::kError) {
    line += fmt::format("Status: error\tError Type: {}", ending.error_type);
  }
  return line + "\n";
}

void LogLines::feed(std::string_view bytes, WallTime now) {
  while (!bytes.empty()) {
    const auto newline = bytes.find('\n');
    const bool has_end = newline != std::string_view::npos;
    const std::string_view piece = has_end ? bytes.substr(0, newline + 1) : bytes;
    bytes.remove_prefix(piece.size());
    const std::size_t room = kLineBytesMax - std::min(kLineBytesMax, partial_.size());
    partial_.append(piece.substr(0, room));
    if (!has_end) return;
    if (partial_.back() != '\n') partial_.back() = '\n';
    add(std::exchange(partial_, {}), now);
  }
}

void LogLines::flush(WallTime now) {
  if (partial_.empty()) return;
  partial_ += '\n';
  add(std::exchange(partial_, {}), now);
}

void LogLines::add(std::string line, WallTime now) {
  tail_ += line;
  if (tail_.size() > 4 * kTailBytesMax) tail_.erase(0, tail_.size() - kTailBytesMax);
  pending_bytes_ += line.size();
  pending_.push_back({now, std::move(line)});
  while (pending_bytes_ > kPendingBytesMax) {
    pending_bytes_ -= pending_.front().message.size();
    pending_.pop_front();
    ++dropped_;
  }
}

std::string LogLines::tail() const {
  return tail_.size() <= kTailBytesMax ? tail_ : tail_.substr(tail_.size() - kTailBytesMax);
}

std::vector<LogEvent> LogLines::take(WallTime now) {
  std::vector<LogEvent> out;
  if (dropped_ > 0) {
    out.push_back({now, fmt::format("stator: {} log lines before this one were dropped: the "
                                    "function writes faster than they can be kept\n",
                                    std::exchange(dropped_, 0))});
  }
  out.insert(out.end(), std::make_move_iterator(pending_.begin()),
             std::make_move_iterator(pending_.end()));
  pending_.clear();
  pending_bytes_ = 0;
  return out;
}

}  // namespace stator::lambda
