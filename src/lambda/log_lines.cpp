#include "lambda/log_lines.hpp"

#include <algorithm>
#include <utility>

namespace stator::lambda {

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
    add_output(std::exchange(partial_, {}), now);
  }
}

void LogLines::flush(WallTime now) {
  if (partial_.empty()) return;
  partial_ += '\n';
  add_output(std::exchange(partial_, {}), now);
}

void LogLines::add_output(std::string line, WallTime now) {
  if (tap_) tap_(line, now);
  if (least_ && level_of_line(line).value_or(LogLevel::kFatal) < *least_) return;
  // An event of several lines: a line feed would have ended it, so runtimes part its lines by
  // carriage returns. "\r\n" is an end of line like any other.
  for (std::size_t i = 0; i + 2 < line.size(); ++i) {
    if (line[i] == '\r') line[i] = '\n';
  }
  add(std::move(line), now);
}

void LogLines::add(std::string line, WallTime now) {
  tail_ += line;
  if (tail_.size() > 4 * kTailBytesMax) tail_.erase(0, tail_.size() - kTailBytesMax);
  newest_ = std::max(newest_, now);
  pending_.push_back({newest_, std::move(line)});
}

std::string LogLines::tail() const {
  return tail_.size() <= kTailBytesMax ? tail_ : tail_.substr(tail_.size() - kTailBytesMax);
}

std::vector<LogEvent> LogLines::take() {
  return std::exchange(pending_, {});
}

}  // namespace stator::lambda
