#include "cli/terminal.hpp"

#include <poll.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

namespace stator::cli {
namespace {

constexpr int kLookEveryMs = 100;

bool ask(const std::string& question, const std::function<bool()>& is_stopping) {
  std::cout << question << std::flush;
  for (;;) {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    const int ready = ::poll(&input, 1, kLookEveryMs);
    if (is_stopping()) return false;
    if (ready > 0) break;
  }
  std::string answer;
  if (!std::getline(std::cin, answer)) return false;
  return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace

Progress::Look look_of_terminal() {
  const bool is_terminal = ::isatty(STDOUT_FILENO) == 1;
  return {.is_terminal = is_terminal,
          .has_colour = is_terminal && std::getenv("NO_COLOR") == nullptr};
}

std::function<bool(const std::string& question)> terminal_ask(std::function<bool()> is_stopping) {
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1) return nullptr;
  return [is_stopping = std::move(is_stopping)](const std::string& question) {
    return ask(question, is_stopping);
  };
}

}  // namespace stator::cli
