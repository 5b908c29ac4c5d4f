#include <cstddef>
#include <cstdint>
#include <string_view>

#include "apigateway/integrations/mapping.hpp"
#include "apigateway/test_exchange.hpp"
#include "base/check.hpp"
#include "http/syntax.hpp"

using namespace stator::apigateway;

/// Up to the first line break a mapping's key, then its value, then the request's body. What
/// compiles also applies, and what it makes of the headers can be sent.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto first = std::min(text.find('\n'), text.size());
  const auto second = std::min(text.find('\n', first + 1), text.size());
  const std::string key(text.substr(0, first));
  const std::string value(first < size ? text.substr(first + 1, second - first - 1) : "");
  const auto exchange = make_test_exchange();
  exchange->request.body = second < size ? text.substr(second + 1) : "";
  const auto check = [](const stator::http::Headers& headers) {
    for (const auto& [name, field] : headers.fields()) {
      STATOR_CHECK(stator::http::detail::is_token(name));
      STATOR_CHECK(stator::http::detail::is_field_value(field));
    }
  };
  if (const auto mapping = compile_request_mapping({{key, value}})) {
    if (const auto mapped = mapping->apply(*exchange)) check(mapped->headers);
  }
  if (const auto mapping = compile_response_mapping({{"200", {{key, value}}}})) {
    stator::http::Response response{200, {}, exchange->request.body};
    mapping->apply(*exchange, response);
    check(response.headers);
    STATOR_CHECK(response.status >= 200 && response.status <= 599);
  }
  return 0;
}
