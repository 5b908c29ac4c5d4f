#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "base/bytes.hpp"
#include "base/time_format.hpp"
#include "cli/commands.hpp"
#include "cli/duration.hpp"
#include "cli/log_follower.hpp"
#include "cli/log_style.hpp"
#include "logs/filter_pattern.hpp"

namespace stator::cli {
namespace {

constexpr std::chrono::milliseconds kPollEvery{500};

/// Whose log a name stands for: a function by name or ARN, or, beginning with a slash, a log group.
Result<LogFollower::Source> find_source(AwsClient& client, const std::string& name) {
  if (name.starts_with('/')) return LogFollower::Source{.group = name};
  http::Request request{
      .method = "GET",
      .target = "/2015-03-31/functions/" + percent_encode(name) + "/configuration"};
  const auto response = client.send("lambda", std::move(request));
  if (!response) return response.error();
  // Its log may outlive a function.
  if (response->status == 404 && !name.starts_with("arn:")) {
    return LogFollower::Source{.group = "/aws/lambda/" + name};
  }
  if (response->status >= 300) return error_of(*response);
  STATOR_TRY(const auto function, json::parse_object(response->body));
  const auto own_name = json::find_string(function, "FunctionName").value_or(name);
  const std::string own_group = "/aws/lambda/" + own_name;
  const json::Value* logging = json::find(function, "LoggingConfig");
  const auto group = logging != nullptr && logging->is_object()
                         ? json::find_string(logging->get_object(), "LogGroup")
                         : std::nullopt;
  if (!group || *group == own_group) return LogFollower::Source{.group = own_group};
  // Others may log there too; the streams say whose they are.
  return LogFollower::Source{.group = *group, .stream_part = "/" + own_name + "["};
}

/// Prints events as lines for a person, or as JSON.
class Printer {
 public:
  explicit Printer(const LogsOptions& options) : options_(options) {
    const bool is_terminal = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
    has_colour_ = options.color == "always" || (options.color == "auto" && is_terminal);
    if (options.functions.size() < 2) return;
    for (const auto& name : options.functions) width_ = std::max(width_, name.size());
  }

  void print(std::size_t function, const std::string& group, const ShownEvent& event) const {
    if (options_.is_json) return print_json(group, event);
    std::string_view message = event.message;
    while (message.ends_with('\n') || message.ends_with('\r')) message.remove_suffix(1);
    const std::string line = iso8601_ms(from_epoch_ms(event.time_ms)) + "  " + std::string(message);
    if (width_ > 0) print_name(function);
    std::cout << (has_colour_ ? coloured(line, style_of(message)) : line) << "\n";
  }

 private:
  static void print_json(const std::string& group, const ShownEvent& event) {
    std::cout << json::dump(json::Object{{"timestamp", event.time_ms},
                                         {"ingestionTime", event.ingestion_ms},
                                         {"logGroup", group},
                                         {"logStream", event.stream},
                                         {"message", event.message}})
              << "\n";
  }

  void print_name(std::size_t function) const {
    const std::string& name = options_.functions[function];
    std::cout << (has_colour_ ? coloured_name(name, function) : name)
              << std::string(width_ - name.size() + 2, ' ');
  }

  const LogsOptions& options_;
  bool has_colour_ = false;
  std::size_t width_ = 0;  ///< of the column of names; 0 when one function needs none
};

/// A function's log, and what a person is told of it.
struct Followed {
  LogFollower follower;
  std::string group;
  bool is_missing_told = false;
};

class Tail {
 public:
  Tail(const LogsOptions& options, logs::FilterPattern pattern)
      : options_(options), pattern_(std::move(pattern)), printer_(options) {}

  Result<void> add(AwsClient& client, const std::string& name, std::int64_t from_ms) {
    STATOR_TRY(auto source, find_source(client, name));
    source.from_ms = from_ms;
    const std::string group = source.group;
    const auto ask = [&client](std::string_view operation, const json::Object& input) {
      return client.target("logs", "Logs_20140328." + std::string(operation), input);
    };
    followed_.push_back({LogFollower(ask, std::move(source)), group});
    return {};
  }

  Result<void> poll() {
    for (std::size_t i = 0; i < followed_.size(); ++i) {
      Followed& each = followed_[i];
      const auto show = [&](const ShownEvent& event) {
        if (pattern_.matches(event.message)) printer_.print(i, each.group, event);
      };
      STATOR_TRY(const bool is_there, each.follower.poll(show));
      std::cout.flush();
      if (is_there || each.is_missing_told) continue;
      if (!options_.follow) return no_log(each.group);
      std::cerr << "stator: there is no log group " << each.group << " yet; waiting for it"
                << std::endl;
      each.is_missing_told = true;
    }
    return {};
  }

 private:
  static Error no_log(const std::string& group) {
    return not_found("there is no log group " + group +
                     ": the function does not exist or has never run");
  }

  const LogsOptions& options_;
  logs::FilterPattern pattern_;
  Printer printer_;
  std::vector<Followed> followed_;
};

Result<void> run(const LogsOptions& options) {
  const auto since_s = parse_seconds(options.since);
  if (!since_s) {
    return invalid("--since takes a time such as 90s, 30m, 1h or 7d, not '" + options.since + "'");
  }
  STATOR_TRY(auto pattern, logs::FilterPattern::parse(options.filter));
  STATOR_TRY(auto connection, connect(options.target));
  const SystemClock clock;
  AwsClient client(std::move(connection), clock);
  Tail tail(options, std::move(pattern));
  const std::int64_t from_ms = std::max<std::int64_t>(0, epoch_ms(clock.wall()) - *since_s * 1000);
  for (const auto& name : options.functions) STATOR_TRY_VOID(tail.add(client, name, from_ms));
  for (;;) {
    STATOR_TRY_VOID(tail.poll());
    if (!options.follow || !std::cout) return {};
    std::this_thread::sleep_for(kPollEvery);
  }
}

}  // namespace

int logs(const LogsOptions& options) {
  const auto outcome = run(options);
  return outcome ? 0 : fail(outcome.error());
}

}  // namespace stator::cli
