#include "cli/tail_line.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace stator::cli {
namespace {

std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return text;
}

std::string text(const json::Object& object, std::string_view name) {
  return printable(json::find_string(object, name).value_or(""));
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

/// "12.3ms"
std::string milliseconds(std::int64_t us) {
  char number[32];
  std::snprintf(number, sizeof number, "%.1fms", double(us) / 1'000);
  return number;
}

/// "gateway 0.4ms  function 10.1ms  tables 1.8ms (3 calls)"
std::string split(const json::Object& request) {
  const auto us = [&](std::string_view name) { return json::find_int(request, name).value_or(0); };
  const std::int64_t whole = us("latencyUs"), integration = us("integrationUs"),
                     authorizer = us("authorizerUs"), tables = us("tablesUs");
  std::string parts =
      "gateway " + milliseconds(std::max<std::int64_t>(whole - integration - authorizer, 0));
  if (authorizer > 0) parts += "  authorizer " + milliseconds(authorizer);
  if (integration > 0) {
    // Calls that run side by side take longer together than the function does.
    parts += "  function " + milliseconds(std::max<std::int64_t>(integration - tables, 0));
  }
  if (const auto calls = us("tableCalls"); calls > 0) {
    parts += "  tables " + milliseconds(tables) + " (" + std::to_string(calls) +
             (calls == 1 ? " call)" : " calls)");
  }
  return parts;
}

}  // namespace

std::string tail_line(const json::Object& request) {
  if (const auto lost = json::find_int(request, "lost")) {
    return std::to_string(*lost) + " requests are not shown: they came faster than they were read";
  }
  const std::string time = text(request, "time");
  std::string line = (time.size() == 24 ? time.substr(11, 12) : time) + "  " +
                     padded(text(request, "method"), 6) + " " + padded(text(request, "path"), 30) +
                     "  " + std::to_string(json::find_int(request, "status").value_or(0)) + "  " +
                     padded(milliseconds(json::find_int(request, "latencyUs").value_or(0)), 8) +
                     "  " + split(request);
  for (const char* name : {"error", "authorizerError", "integrationError"}) {
    if (const std::string why = text(request, name); !why.empty()) line += "  " + why;
  }
  return line;
}

std::vector<std::string> LineReader::feed(std::string_view piece) {
  std::vector<std::string> lines;
  for (auto end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
    rest_.append(piece.substr(0, end));
    if (!rest_.empty()) lines.push_back(std::exchange(rest_, {}));
    piece.remove_prefix(end + 1);
  }
  rest_.append(piece);
  return lines;
}

}  // namespace stator::cli
