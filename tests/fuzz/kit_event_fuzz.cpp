#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/local.hpp"
#include "stator/abi_lambda.h"
#include "stator/json.hpp"

using namespace stator::sdk;  // NOLINT: the kit under test

/// The kit's readers of what comes from outside: an event is read or refused with words, a request
/// is made into an event that is read again with the same body, and any answer goes out as HTTP.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  char problem[64] = "";
  const auto* request = stator1_http_request_new(borrow(text), problem, sizeof problem);
  if ((request == nullptr) != (problem[0] != '\0')) std::abort();
  if (request != nullptr) stator1_http_request_free(request);

  const LocalRequest sent{"POST", "/" + text.substr(0, size / 2), {{"cookie", text}}, text};
  const auto event = http_event_of(sent, {});
  if (!event) std::abort();
  request = stator1_http_request_new(borrow(*event), problem, sizeof problem);
  if (request == nullptr || view_of(request->body) != text) std::abort();
  stator1_http_request_free(request);
  (void)http_event_of(sent, {"POST /{a}/{b+}", "ANY /x"});

  const bool is_stream = size != 0 && data[0] == 's';
  const char* const type =
      is_stream ? "application/vnd.awslambda.http-integration-response" : "application/json";
  if (!http_answer_of({false, type, text}).starts_with("HTTP/1.1 ")) std::abort();
  return 0;
}
