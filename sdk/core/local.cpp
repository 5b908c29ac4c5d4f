#include "core/local.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/log.hpp"
#include "core/outcome.hpp"
#include "core/text.hpp"

namespace stator::sdk {
namespace {

constexpr const char* kHelp =
    "A Lambda function outside Lambda. It serves\n"
    "  POST /2015-03-31/functions/function/invocations\n"
    "on 127.0.0.1:8080, or does what one of these says:\n"
    "  --event FILE       answer the event in FILE (- for standard input) and end\n"
    "  --port [HOST:]PORT serve invocations there\n"
    "  --http [HOST:]PORT serve every other request too, as an HTTP API's function\n"
    "  --route 'GET /items/{id}'  with --http, as often as needed: only these routes\n"
    "AWS_LAMBDA_FUNCTION_NAME and AWS_LAMBDA_FUNCTION_TIMEOUT (seconds, 300) are what the\n"
    "handler is told.\n";

constexpr std::int64_t kTimeoutSeconds = 300;
constexpr std::size_t kAnswerBytesMax = 200u << 20;  // of a streamed answer, as Lambda's own bound

Failure wrong(std::string message) {
  return {STATOR1_CONFIGURATION, std::move(message)};
}

bool parse_place(std::string_view text, LocalOptions& options) {
  if (const auto colon = text.rfind(':'); colon != std::string_view::npos) {
    options.host = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  std::uint64_t port = 0;
  if (!parse_unsigned(text, &port) || port > 65535 || options.host.empty()) return false;
  options.port = static_cast<std::uint16_t>(port);
  return true;
}

// Gathers what a handler streams, to be answered whole.
class Gathered final : public StreamSink {
 public:
  Outcome<void> begin(std::string_view content_type) override {
    content_type_ = content_type;
    return {};
  }
  Outcome<void> write(std::string_view bytes) override {
    if (body_.size() + bytes.size() > kAnswerBytesMax) {
      return Failure{STATOR1_TOO_LARGE, "a streamed answer ends at 200 MB"};
    }
    body_ += bytes;
    return {};
  }
  Outcome<void> end(const Fault*) override { return {}; }

  LocalAnswer take() { return {false, std::move(content_type_), std::move(body_)}; }

 private:
  std::string content_type_;
  std::string body_;
};

std::string random_id() {
  std::array<unsigned char, 16> bytes;
  stator1_random(bytes.data(), bytes.size());
  std::string id;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) id += '-';
    id += "0123456789abcdef"[bytes[i] >> 4];
    id += "0123456789abcdef"[bytes[i] & 15];
  }
  return id;
}

// All that is in the file; nothing when there is no such file. Not by a std::ifstream, whose
// locales every start would pay for.
std::string read_all(std::FILE* file) {
  std::string text;
  std::array<char, 4096> part;
  while (const std::size_t got = std::fread(part.data(), 1, part.size(), file)) {
    text.append(part.data(), got);
  }
  return text;
}

std::string read_file(const char* name) {
  std::FILE* const file = std::fopen(name, "re");
  if (file == nullptr) return {};
  std::string text = read_all(file);
  std::fclose(file);
  return text;
}

int answer_file(const std::string& name, const LocalFunction& function) {
  const std::string event = name == "-" ? read_all(stdin) : read_file(name.c_str());
  if (event.empty()) {
    complain("--event " + name + ": there is no such file, or nothing in it");
    return 2;
  }
  const LocalAnswer answer = function.invoke(event);
  std::fwrite(answer.body.data(), 1, answer.body.size(), stdout);
  std::fputc('\n', stdout);
  return answer.failed ? 1 : 0;
}

}  // namespace

Outcome<LocalOptions> parse_local_options(const std::vector<std::string>& arguments) {
  LocalOptions options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& name = arguments[i];
    if (name == "--help" || name == "-h") {
      options.wants_help = true;
      continue;
    }
    const bool is_known =
        name == "--event" || name == "--port" || name == "--http" || name == "--route";
    if (!is_known) return wrong(name + ": is not an option; see --help");
    if (++i == arguments.size()) return wrong(name + ": needs a value");
    const std::string& value = arguments[i];
    if (name == "--event") {
      options.event_file = value;
    } else if (name == "--route") {
      const auto space = value.find(" /");
      if (space == std::string::npos || space == 0) return wrong(name + ": is 'METHOD /path'");
      options.routes.push_back(value);
    } else {
      if (!parse_place(value, options)) return wrong(name + ": is [HOST:]PORT");
      options.is_http = options.is_http || name == "--http";
    }
  }
  return options;
}

std::vector<std::string> process_arguments() {
  const std::string line = read_file("/proc/self/cmdline");
  std::vector<std::string> arguments;
  for (std::size_t at = 0; at < line.size(); at += arguments.back().size() + 1) {
    arguments.emplace_back(line.c_str() + at);
  }
  if (arguments.empty()) return arguments;
  // Started by its loader, the program's arguments begin behind the program.
  const auto program = std::find_if(arguments.begin() + 1, arguments.end(), [](const auto& text) {
    return text.size() >= 9 && text.compare(text.size() - 9, 9, "bootstrap") == 0;
  });
  const bool is_loader = arguments.front().find("ld-linux") != std::string::npos;
  const auto first = is_loader && program != arguments.end() ? program + 1 : arguments.begin() + 1;
  return {first, arguments.end()};
}

LocalAnswer LocalFunction::invoke(std::string_view event) const {
  std::string name = environment("AWS_LAMBDA_FUNCTION_NAME");
  if (name.empty()) name = "function";
  std::uint64_t seconds = 0;
  if (!parse_unsigned(environment("AWS_LAMBDA_FUNCTION_TIMEOUT"), &seconds)) {
    seconds = kTimeoutSeconds;
  }
  std::string region = environment("AWS_REGION");
  if (region.empty()) region = "us-east-1";
  const std::string id = random_id();
  const std::string arn = "arn:aws:lambda:" + region + ":000000000000:function:" + name;
  const stator1_invocation invocation{
      sizeof(stator1_invocation),
      text_of(id),
      text_of(arn),
      {},
      {},
      {},
      {},
      stator1_now_ms() + static_cast<std::int64_t>(std::min<std::uint64_t>(seconds, 86'400)) * 1000,
      text_of(event)};
  Gathered sink;
  stator1_outcome outcome(sink);
  run_handler(invocation, outcome, handler_, user_);
  if (outcome.failed) return {true, "application/json", outcome.fault.json()};
  if (outcome.is_stream) return sink.take();
  return {false, std::move(outcome.content_type), std::move(outcome.body)};
}

int run_locally(const std::vector<std::string>& arguments, stator1_handler handler, void* user) {
  const auto options = parse_local_options(arguments);
  if (!options) {
    complain(options.error().message);
    return 2;
  }
  if (options->wants_help) {
    std::fputs(kHelp, stdout);
    return 0;
  }
  const LocalFunction function(handler, user);
  if (!options->event_file.empty()) return answer_file(options->event_file, function);
  auto server = LocalServer::listen(*options, function);
  if (!server) {
    complain(server.error().message);
    return 2;
  }
  std::fprintf(stderr, "%s on http://%s:%u; --help says what else there is\n",
               options->is_http ? "serving requests" : "serving invocations", options->host.c_str(),
               static_cast<unsigned>(server->port()));
  for (;;) server->serve_next();
}

}  // namespace stator::sdk
