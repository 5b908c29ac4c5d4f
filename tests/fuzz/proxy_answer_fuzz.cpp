#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aws/proxy_answer.hpp"
#include "base/check.hpp"
#include "http/syntax.hpp"

/// Whatever a function answers is a response that can be sent, or broken.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view payload(reinterpret_cast<const char*>(data), size);
  for (const auto& response :
       {stator::aws::read_proxy_answer(payload), stator::aws::read_proxy_answer_v1(payload)}) {
    if (!response) continue;
    STATOR_CHECK(response->status >= 100 && response->status <= 599);
    for (const auto& [name, value] : response->headers.fields()) {
      STATOR_CHECK(stator::http::detail::is_token(name));
      STATOR_CHECK(stator::http::detail::is_field_value(value));
    }
  }
  return 0;
}
