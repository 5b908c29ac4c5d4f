#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <utility>

#include "cli/api_list.hpp"
#include "cli/commands.hpp"
#include "cli/log_style.hpp"
#include "cli/tail_line.hpp"

namespace stator::cli {
namespace {

bool has_colour(const TailOptions& options) {
  const bool is_terminal = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
  return options.color == "always" || (options.color == "auto" && is_terminal);
}

LineStyle style_of_status(const json::Object& request) {
  const auto status = json::find_int(request, "status").value_or(0);
  if (status >= 500) return LineStyle::kError;
  return status >= 400 || status == 0 ? LineStyle::kWarning : LineStyle::kPlain;
}

Result<void> run(const TailOptions& options) {
  STATOR_TRY(Connection connection, connect(options.target));
  const SystemClock clock;
  AwsClient client(std::move(connection), clock);
  STATOR_TRY(const auto all, list_records(client, "/v2/apis"));
  STATOR_TRY(const std::string id, find_api(all, options.api));

  LineReader reader;
  const bool is_coloured = has_colour(options);
  bool is_told = false;
  const auto show = [&](std::string_view piece) {
    // The server begins with an empty line: from now on nothing is missed.
    if (!std::exchange(is_told, true)) std::cerr << "following " << id << std::endl;
    for (const std::string& line : reader.feed(piece)) {
      const auto request = json::parse_object(line);
      if (options.is_json || !request) {
        std::cout << line << "\n";
      } else {
        std::cout << coloured(tail_line(*request),
                              is_coloured ? style_of_status(*request) : LineStyle::kPlain)
                  << "\n";
      }
    }
    std::cout << std::flush;
    return static_cast<bool>(std::cout);
  };
  http::Request request{.method = "GET", .target = "/_stator/requests?api=" + id};
  STATOR_TRY(const auto response, client.follow("apigateway", std::move(request), show));
  if (response.status >= 300) return error_of(response);
  return unavailable("the server has ended");
}

}  // namespace

int tail(const TailOptions& options) {
  const auto outcome = run(options);
  return outcome ? 0 : fail(outcome.error());
}

}  // namespace stator::cli
