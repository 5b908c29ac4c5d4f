#include <unistd.h>

#include <chrono>
#include <iostream>
#include <map>
#include <thread>

#include "base/time_format.hpp"
#include "cli/commands.hpp"

namespace stator::cli {
namespace {

constexpr std::chrono::milliseconds kPollEvery{500};
/// Events may arrive a little late, so each poll looks back this far and skips what it has shown.
constexpr std::int64_t kOverlapMs = 5'000;

/// START, END and REPORT lines are dimmed on a terminal.
void print(std::int64_t time_ms, std::string_view message) {
  static const bool is_terminal = ::isatty(STDOUT_FILENO) == 1;
  const bool is_platform = message.starts_with("START RequestId") ||
                           message.starts_with("END RequestId") ||
                           message.starts_with("REPORT RequestId");
  while (message.ends_with('\n')) message.remove_suffix(1);
  if (is_terminal && is_platform) std::cout << "\x1b[2m";
  std::cout << iso8601_ms(from_epoch_ms(time_ms)) << "  " << message;
  if (is_terminal && is_platform) std::cout << "\x1b[0m";
  std::cout << "\n";
}

class Tail {
 public:
  Tail(AwsClient& client, std::string group) : client_(client), group_(std::move(group)) {}

  /// Shows every event from `start_ms` on that was not shown before; the time of the newest.
  Result<std::int64_t> show_from(std::int64_t start_ms) {
    std::erase_if(seen_, [start_ms](const auto& event) { return event.second < start_ms; });
    json::Object input{{"logGroupName", group_}, {"startTime", start_ms}, {"interleaved", true}};
    std::int64_t newest = start_ms;
    for (;;) {
      STATOR_TRY(const auto page, client_.target("logs", "Logs_20140328.FilterLogEvents", input));
      if (const json::Value* events = json::find(page, "events"); events && events->is_array()) {
        for (const json::Value& event : events->get_array()) {
          if (event.is_object()) newest = std::max(newest, show(event.get_object()));
        }
      }
      const auto next = json::find_string(page, "nextToken");
      std::cout.flush();
      if (!next) return newest;
      input["nextToken"] = *next;
    }
  }

 private:
  std::int64_t show(const json::Object& event) {
    const std::int64_t time_ms = json::find_int(event, "timestamp").value_or(0);
    if (seen_.emplace(json::find_string(event, "eventId").value_or(""), time_ms).second) {
      print(time_ms, json::find_string(event, "message").value_or(""));
    }
    return time_ms;
  }

  AwsClient& client_;
  std::string group_;
  std::map<std::string, std::int64_t> seen_;  // event id to its time, for the overlap alone
};

}  // namespace

int logs(const LogsOptions& options) {
  auto connection = connect(options.target);
  if (!connection) return fail(connection.error());
  const SystemClock clock;
  AwsClient client(*std::move(connection), clock);
  Tail tail(client, "/aws/lambda/" + options.function);
  std::int64_t from_ms = epoch_ms(clock.wall()) - options.since_s * 1000;
  for (;;) {
    const auto newest = tail.show_from(from_ms);
    if (!newest) return fail(newest.error());
    if (!options.follow) return 0;
    from_ms = std::max(from_ms, *newest - kOverlapMs);
    std::this_thread::sleep_for(kPollEvery);
  }
}

}  // namespace stator::cli
