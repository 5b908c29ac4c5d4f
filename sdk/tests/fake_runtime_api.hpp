#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "fake_server.hpp"

namespace stator::sdk::testing {

/// Hands out the events in turn, takes what is posted, and then says that it is over.
struct FakeRuntimeApi {
  std::vector<std::string> events;
  std::size_t handed_out = 0;
  std::string extra_headers;
  FakeServer server{[this](const Seen& request, int) { return answer(request); }};
  ScopedEnv address{"AWS_LAMBDA_RUNTIME_API", server.address().c_str()};

  Answer answer(const Seen& request) {
    if (request.method == "POST") return status(202, "{}");
    if (handed_out == events.size()) return status(500, "over");
    const std::string id = "id-" + std::to_string(handed_out);
    return ok(events[handed_out++], "Lambda-Runtime-Aws-Request-Id: " + id +
                                        "\r\nLambda-Runtime-Deadline-Ms: 1700000000000\r\n"
                                        "Lambda-Runtime-Invoked-Function-Arn: arn:f\r\n" +
                                        extra_headers);
  }
  [[nodiscard]] std::vector<Seen> posts() const {
    std::vector<Seen> posted;
    for (const Seen& request : server.seen()) {
      if (request.method == "POST") posted.push_back(request);
    }
    return posted;
  }
};

}  // namespace stator::sdk::testing
