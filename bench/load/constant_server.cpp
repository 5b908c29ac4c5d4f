// The HTTP server with nothing behind it: any request is answered by a constant body of so many
// bytes. The floor under every figure of dynamodb.py.
//
//   constant_server BYTES      prints its port, ends with SIGTERM

#include <pthread.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "http/server.hpp"

int main(int argc, char** argv) {
  using namespace stator;
  const std::string body(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1024, 'x');
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const SystemClock clock;
  const log::Logger logger(clock, log::Level::kWarn, log::stderr_sink());
  http::Server server(
      {},
      [&body](http::Request&&, http::Responder responder) {
        http::Response response;
        response.headers.add("Content-Type", "application/x-amz-json-1.0");
        response.body = body;
        std::move(responder).send(std::move(response));
      },
      clock, logger);
  server.start();
  std::printf("%u\n", unsigned(server.port()));
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  server.stop(std::chrono::milliseconds(0));
  return 0;
}
