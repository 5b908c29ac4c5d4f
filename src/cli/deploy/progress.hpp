#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/deploy/stack.hpp"
#include "cli/deploy/template_file.hpp"

namespace stator::cli {

/// "2026-01-02T03:04:05.678Z", with or without a fraction, as milliseconds since 1970; nothing for
/// anything else.
[[nodiscard]] std::optional<std::int64_t> parse_event_time(std::string_view text);

/// "0.03 s", "12 s", "3 m 05 s"
[[nodiscard]] std::string duration_text(std::int64_t ms);

/// Shows how a stack gets on: each resource when it is done, with how long it took, and on a
/// terminal what is being worked on below. One thread.
class Progress {
 public:
  struct Look {
    bool is_terminal = false;
    bool has_colour = false;
  };
  Progress(std::ostream& out, Look look) : out_(out), look_(look) {}

  void on_event(const Stack::Event& event);
  /// Takes the line of what is being worked on away.
  void end();

  /// Why it failed: the resources that did, the first one first, each with the line of the template
  /// that declares it; what only stopped because of another is left out. "" when none did.
  [[nodiscard]] std::string failures(const TemplateFile* file) const;

 private:
  struct Failure {
    std::string logical_id, type, reason;
  };
  void print_done(const Stack::Event& event);
  void clear_line();
  void print_line();

  std::ostream& out_;
  Look look_;
  std::map<std::string, std::int64_t> begun_ms_;  ///< by logical id
  std::vector<std::string> working_;              ///< logical ids, in the order they began
  std::vector<Failure> failures_;
  bool has_line_ = false;
};

}  // namespace stator::cli
