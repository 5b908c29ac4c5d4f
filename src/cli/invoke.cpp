#include <iostream>
#include <iterator>

#include "base/bytes.hpp"
#include "base/file.hpp"
#include "cli/commands.hpp"

namespace stator::cli {
namespace {

Result<std::string> read_payload(const std::string& payload) {
  if (payload == "-") {
    return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  }
  if (payload.starts_with('@')) return read_file(payload.substr(1));
  return payload;
}

}  // namespace

int invoke(const InvokeOptions& options) {
  auto connection = connect(options.target);
  if (!connection) return fail(connection.error());
  auto payload = read_payload(options.payload);
  if (!payload) return fail(payload.error());

  const SystemClock clock;
  AwsClient client(*std::move(connection), clock);
  http::Request request{
      .method = "POST",
      .target = "/2015-03-31/functions/" + percent_encode(options.function) + "/invocations",
      .body = *std::move(payload)};
  if (options.with_log) request.headers.set("X-Amz-Log-Type", "Tail");
  const auto response = client.send("lambda", std::move(request));
  if (!response) return fail(response.error());
  if (response->status >= 300) return fail(error_of(*response));

  if (options.with_log) {
    std::cerr << base64_decode(response->headers.get("X-Amz-Log-Result")).value_or("");
  }
  std::cout << response->body << std::endl;
  const auto function_error = response->headers.find("X-Amz-Function-Error");
  if (!function_error) return 0;
  std::cerr << "stator: the function failed (" << *function_error << ")" << std::endl;
  return 1;
}

}  // namespace stator::cli
