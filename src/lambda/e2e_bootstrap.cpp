// A runtime of one static file for the end-to-end test: speaks just enough HTTP to fetch events,
// and does what each event's text says.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

int connect_to(const char* address) {
  const char* colon = std::strchr(address, ':');
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(static_cast<std::uint16_t>(std::atoi(colon + 1)));
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) std::exit(90);
  return fd;
}

/// Sends and reads one whole answer, head and body.
std::string exchange(int fd, const std::string& request) {
  if (::write(fd, request.data(), request.size()) < 0) std::exit(91);
  std::string answer;
  char buffer[4096];
  for (;;) {
    const auto head = answer.find("\r\n\r\n");
    if (head != std::string::npos) {
      const auto length = answer.find("Content-Length: ");
      const auto body = length == std::string::npos
                            ? 0
                            : static_cast<std::size_t>(std::atol(answer.c_str() + length + 16));
      if (answer.size() >= head + 4 + body) return answer;
    }
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got <= 0) std::exit(92);
    answer.append(buffer, static_cast<std::size_t>(got));
  }
}

std::string header(const std::string& answer, const char* name) {
  const auto at = answer.find(name);
  const auto begin = at + std::strlen(name) + 2;
  return answer.substr(begin, answer.find("\r\n", begin) - begin);
}

std::string post(const std::string& path, const std::string& body) {
  return "POST /2018-06-01/runtime/" + path +
         " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

std::string call_services() {
  const char* url = std::getenv("AWS_ENDPOINT_URL");
  const int fd = connect_to(url + std::strlen("http://"));
  const std::string answer = exchange(fd, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  ::close(fd);
  return "\"" + answer.substr(answer.find("\r\n\r\n") + 4) + "\"";
}

/// Takes memory until somebody minds.
void eat_memory() {
  for (std::size_t i = 0; i < 4096; ++i) {
    auto* block = static_cast<char*>(std::malloc(1u << 20));
    if (block == nullptr) std::exit(94);
    std::memset(block, 1, 1u << 20);
  }
}

std::string extension_post(const char* verb, const std::string& header, const std::string& body) {
  return std::string("POST /2020-01-01/extension/") + verb + " HTTP/1.1\r\nHost: x\r\n" + header +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// An external extension: says what it is told, and leaves when it is told to.
int run_extension(const char* name) {
  const int fd = connect_to(std::getenv("AWS_LAMBDA_RUNTIME_API"));
  const std::string answer = exchange(
      fd, extension_post("register", std::string("Lambda-Extension-Name: ") + name + "\r\n",
                         "{\"events\":[\"INVOKE\",\"SHUTDOWN\"]}"));
  const std::string identifier = header(answer, "Lambda-Extension-Identifier");
  for (;;) {
    const std::string event =
        exchange(fd,
                 "GET /2020-01-01/extension/event/next HTTP/1.1\r\nHost: x\r\n"
                 "Lambda-Extension-Identifier: " +
                     identifier + "\r\n\r\n");
    const bool is_shutdown = event.find("SHUTDOWN") != std::string::npos;
    std::printf("%s hears %s\n", name, is_shutdown ? "SHUTDOWN" : "INVOKE");
    std::fflush(stdout);
    if (is_shutdown) return 0;
    if (std::getenv("CRASH_EXTENSION") != nullptr) return 9;
  }
}

/// Streams "one" and "two", and with `error` says behind them that it went wrong.
void stream(int fd, const std::string& id, bool error) {
  const std::string head =
      "POST /2018-06-01/runtime/invocation/" + id +
      "/response HTTP/1.1\r\nHost: x\r\nLambda-Runtime-Function-Response-Mode: streaming\r\n"
      "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n";
  if (::write(fd, head.data(), head.size()) < 0) std::exit(93);
  exchange(fd, std::string("3\r\ntwo\r\n0\r\n") +
                   (error ? "Lambda-Runtime-Function-Error-Type: Bad\r\n" : "") + "\r\n");
}

}  // namespace

int main(int, char** argv) {
  const std::string name = std::strrchr(argv[0], '/') + 1;
  if (name != "bootstrap") return run_extension(name.c_str());
  if (std::getenv("ASK_FIRST") != nullptr && call_services() != "\"start\"") return 3;
  const int fd = connect_to(std::getenv("AWS_LAMBDA_RUNTIME_API"));
  for (;;) {
    const std::string event =
        exchange(fd, "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string id = header(event, "Lambda-Runtime-Aws-Request-Id");
    const std::string body = event.substr(event.find("\r\n\r\n") + 4);
    std::string answer = body;
    if (body == "\"exit\"") return 7;
    if (body == "\"eat\"") eat_memory();
    if (body == "\"hang\"") ::pause();
    if (body == "\"log\"") std::puts("from inside");
    if (body == "\"env\"") answer = "\"" + std::string(std::getenv("TABLE")) + "\"";
    if (body == "\"aws\"") answer = call_services();
    if (body == "\"stream\"" || body == "\"stream error\"") {
      stream(fd, id, body.size() > 8);
      continue;
    }
    std::fflush(stdout);
    exchange(fd, post("invocation/" + id + "/response", answer));
  }
}
