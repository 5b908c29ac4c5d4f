#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/failure.hpp"
#include "stator/abi_lambda.h"

namespace stator::sdk {

/// What went wrong in a handler, as the Runtime API wants to hear it.
struct Fault {
  std::string type;
  std::string message;
  std::vector<std::string> stack;  ///< innermost first

  /// {"errorMessage", "errorType", "stackTrace"}
  [[nodiscard]] std::string json() const;
};

/// Where an answer in pieces goes.
class StreamSink {
 public:
  virtual ~StreamSink() = default;
  [[nodiscard]] virtual Outcome<void> begin(std::string_view content_type) = 0;
  [[nodiscard]] virtual Outcome<void> write(std::string_view bytes) = 0;
  /// Ends the answer; with a fault it says that it broke off.
  [[nodiscard]] virtual Outcome<void> end(const Fault* fault) = 0;
};

}  // namespace stator::sdk

/// What became of one invocation.
struct stator1_outcome {
  explicit stator1_outcome(stator::sdk::StreamSink& stream) : sink(stream) {}

  stator::sdk::StreamSink& sink;
  bool is_set = false;
  bool failed = false;
  bool is_stream = false;  ///< begun, so that the sink has what there is of a body
  std::string content_type;
  std::string body;
  stator::sdk::Fault fault;  ///< when it failed
};

namespace stator::sdk {

/// Runs the handler for one invocation; the lines that it logs carry the request's id. A handler
/// that answered nothing has failed. A fault is written to the log.
void run_handler(const stator1_invocation& invocation, stator1_outcome& outcome,
                 stator1_handler handler, void* user);

/// A fault of the library's own making.
[[nodiscard]] Fault fault_of(stator1_text type, stator1_text message, stator1_stack stack);

}  // namespace stator::sdk
