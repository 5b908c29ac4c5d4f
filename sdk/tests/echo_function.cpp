#include <signal.h>
#include <unistd.h>

#include "ddb/ddb.hpp"
#include "lambda/lambda.hpp"
#include "model.hpp"

// Looks up the counter that the event names: enough to need every part of the layer. Or comes to
// harm, as the event says.
int main() {
  lambda::on_shutdown([] { lambda::log_info("told to end"); });
  return lambda::start([] {
    const auto counters = ddb::Client().table<shop::Counter>(lambda::env("TABLE_NAME"));
    return [=](std::string_view event, const lambda::Context& context) -> std::string {
      if (event == "throw") throw std::runtime_error("as asked");
      if (event == "crash") *static_cast<volatile int*>(nullptr) = 1;
      if (event == "terminate") {
        kill(getpid(), SIGTERM);
        pause();  // until the other thread has ended the process
      }
      lambda::log_info("looking", {{"id", event}});
      const auto counter = counters.get(event).value();
      return std::string(context.request_id()) + ":" +
             (counter ? stator::sdk::to_json(*counter) : "null");
    };
  });
}
