#include "core/shutdown.hpp"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <string>
#include <system_error>
#include <thread>

#include "core/http.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "stator/abi_lambda.h"

// Lambda sends SIGTERM to a runtime only when an extension is registered, and an internal one,
// which lives in the runtime's own process, is enough. It asks for no events.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
namespace stator::sdk {
namespace {

struct Callback {
  void (*function)(void*) = nullptr;
  void* user = nullptr;
};
Callback on_shutdown;  // NOLINT: set before the process has a second thread

constexpr std::int64_t kTimeoutMs = 3000;

Outcome<void> register_extension(std::unique_ptr<HttpConnection>& kept) {
  const auto url = parse_url("http://" + environment("AWS_LAMBDA_RUNTIME_API"));
  if (!url) return url.error();
  auto stream = connect(*url, after_ms(kTimeoutMs));
  if (!stream) return stream.error();
  kept = std::make_unique<HttpConnection>(std::move(stream).value());
  const Headers headers{{"host", url->authority()},
                        {"content-type", "application/json"},
                        {"lambda-extension-name", "stator-sdk"}};
  auto answer =
      kept->exchange({"POST", "/2020-01-01/extension/register", headers, R"({"events":[]})"},
                     after_ms(kTimeoutMs));
  if (!answer) return answer.error();
  const std::string id(answer->header("lambda-extension-identifier"));
  if (answer->status != 200 || id.empty()) {
    return Failure{STATOR1_UNAVAILABLE, "register was answered " + std::to_string(answer->status)};
  }
  // Its /next is left unanswered for as long as the process lives.
  return kept->begin_upload(
      "GET /2020-01-01/extension/event/next HTTP/1.1\r\nhost: " + url->authority() +
          "\r\nlambda-extension-identifier: " + id + "\r\n\r\n",
      after_ms(kTimeoutMs));
}

void wait_for_signal(const sigset_t& signals) {
  int signal = 0;
  while (sigwait(&signals, &signal) != 0) continue;
  on_shutdown.function(on_shutdown.user);
  _exit(0);
}

}  // namespace

void watch_for_shutdown() {
  if (on_shutdown.function == nullptr) return;
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // Registered here and not on the thread: Lambda wants it before the first /next.
  static std::unique_ptr<HttpConnection> extension;
  if (!environment("AWS_LAMBDA_RUNTIME_API").empty()) {
    if (auto done = register_extension(extension); !done) {
      complain("no internal extension, so no SIGTERM: " + done.error().message);
    }
  }
  try {
    std::thread(wait_for_signal, signals).detach();
  } catch (const std::system_error&) {
    complain("no thread to wait for SIGTERM");
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  }
}

}  // namespace stator::sdk

extern "C" void stator1_on_shutdown(void (*callback)(void*), void* user) noexcept {
  stator::sdk::on_shutdown = {callback, user};
}
