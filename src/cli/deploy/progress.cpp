#include "cli/deploy/progress.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/clock.hpp"
#include "base/strings.hpp"
#include "base/time_format.hpp"

namespace stator::cli {
namespace {

constexpr std::size_t kLineShown = 78;

struct Word {
  std::string_view status, word, colour;
};
constexpr std::array kDone = {
    Word{"CREATE_COMPLETE", "created", "32"},  Word{"UPDATE_COMPLETE", "updated", "33"},
    Word{"DELETE_COMPLETE", "deleted", "31"},  Word{"DELETE_SKIPPED", "kept", "33"},
    Word{"IMPORT_COMPLETE", "imported", "32"},
};

Word word_of(std::string_view status) {
  for (const Word& word : kDone) {
    if (word.status == status) return word;
  }
  if (status.ends_with("_FAILED")) return {status, "FAILED", "31"};
  return {status, status, "33"};
}

/// CloudFormation's words for a resource that failed only because another did.
bool is_consequence(std::string_view reason) {
  return reason.find("cancelled") != std::string_view::npos ||
         reason.find("The following resource(s) failed to") != std::string_view::npos;
}

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return digits;
}

}  // namespace

std::optional<std::int64_t> parse_event_time(std::string_view text) {
  // "2026-01-02T03:04:05" and then a fraction, which the strict form does not have.
  if (text.size() < 20 || !text.ends_with('Z')) return std::nullopt;
  const auto whole = text.substr(0, 19), rest = text.substr(19, text.size() - 20);
  const std::string digits = digits_of(whole);
  if (digits.size() != 14) return std::nullopt;
  const auto second = parse_iso8601_basic(digits.substr(0, 8) + "T" + digits.substr(8) + "Z");
  if (!second) return std::nullopt;
  if (rest.empty()) return epoch_ms(*second);
  std::string fraction = digits_of(rest);
  if (rest.front() != '.' || fraction.size() != rest.size() - 1) return std::nullopt;
  fraction.resize(3, '0');
  return epoch_ms(*second) + (fraction[0] - '0') * 100 + (fraction[1] - '0') * 10 +
         (fraction[2] - '0');
}

std::string duration_text(std::int64_t ms) {
  std::array<char, 32> text{};
  if (ms < 10'000) {
    std::snprintf(text.data(), text.size(), "%.2f s", static_cast<double>(ms) / 1000);
  } else if (ms < 60'000) {
    std::snprintf(text.data(), text.size(), "%.0f s", static_cast<double>(ms) / 1000);
  } else {
    std::snprintf(text.data(), text.size(), "%lld m %02lld s", static_cast<long long>(ms / 60'000),
                  static_cast<long long>(ms / 1000 % 60));
  }
  return text.data();
}

void Progress::on_event(const Stack::Event& event) {
  clear_line();
  const bool is_failure = event.status.ends_with("_FAILED");
  if (event.is_own) {
    // The stack's own end is told with its outputs; that it turns back is news.
    if (event.status.find("ROLLBACK_IN_PROGRESS") != std::string::npos) {
      out_ << "  rolling back" << (event.reason.empty() ? "" : ": " + event.reason) << "\n";
    }
  } else if (event.status.ends_with("_IN_PROGRESS")) {
    if (const auto ms = parse_event_time(event.time)) begun_ms_.emplace(event.logical_id, *ms);
    if (std::find(working_.begin(), working_.end(), event.logical_id) == working_.end()) {
      working_.push_back(event.logical_id);
    }
  } else {
    std::erase(working_, event.logical_id);
    if (is_failure && !is_consequence(event.reason)) {
      failures_.push_back({event.logical_id, event.type, event.reason});
    }
    print_done(event);
    begun_ms_.erase(event.logical_id);
  }
  print_line();
  out_.flush();
}

void Progress::print_done(const Stack::Event& event) {
  const Word word = word_of(event.status);
  std::string mark(word.word);
  if (mark.size() < 8) mark.append(8 - mark.size(), ' ');
  if (look_.has_colour) mark = "\033[" + std::string(word.colour) + "m" + mark + "\033[0m";
  out_ << "  " << mark << " " << event.logical_id << "  " << event.type;
  const auto begun = begun_ms_.find(event.logical_id);
  const auto ended = parse_event_time(event.time);
  if (begun != begun_ms_.end() && ended) {
    out_ << "  " << duration_text(std::max<std::int64_t>(0, *ended - begun->second));
  }
  if (!event.reason.empty() && event.status.ends_with("_FAILED")) out_ << ": " << event.reason;
  out_ << "\n";
}

void Progress::clear_line() {
  if (!has_line_) return;
  out_ << "\r\033[K";
  has_line_ = false;
}

void Progress::print_line() {
  if (!look_.is_terminal || working_.empty()) return;
  std::string line = "  working on " + join(working_, ", ");
  if (line.size() > kLineShown) line = line.substr(0, kLineShown - 3) + "...";
  out_ << line;
  has_line_ = true;
}

void Progress::end() {
  clear_line();
  out_.flush();
}

std::string Progress::failures(const TemplateFile* file) const {
  std::string text;
  for (const Failure& failure : failures_) {
    if (!text.empty()) text += "\n";
    if (file != nullptr) text += place_text(*file, line_of_resource(*file, failure.logical_id));
    text += failure.logical_id + " (" + failure.type +
            "): " + (failure.reason.empty() ? "failed without a reason" : failure.reason);
  }
  return text;
}

}  // namespace stator::cli
