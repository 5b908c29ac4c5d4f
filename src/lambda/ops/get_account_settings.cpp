#include "base/limits.hpp"
#include "lambda/ops/ops.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {
namespace {

/// AWS's bound on all packages of an account in a region. Here the disk is the bound.
constexpr std::int64_t kTotalCodeBytesMax = 80'530'636'800;

/// Bytes of packages as they came, each function's version and each layer's version by itself.
Result<std::int64_t> code_bytes(Functions& functions, const aws::Call& call) {
  std::uint64_t bytes = 0;
  for (const auto& function : functions.catalog().list(call.account, call.region)) {
    bytes += function->code.zipped_bytes;
    for (const auto& version : functions.catalog().versions(function->key.view())) {
      bytes += version->code.zipped_bytes;
    }
  }
  STATOR_TRY(const auto layers, functions.catalog().list_layers(call.account, call.region));
  for (const auto& layer : layers) bytes += layer.package.zipped_bytes;
  return static_cast<std::int64_t>(bytes);
}

std::int64_t reserved(Functions& functions, const aws::Call& call) {
  std::int64_t sum = 0;
  for (const auto& settings : functions.catalog().all_settings()) {
    if (settings->key.account != call.account || settings->key.region != call.region) continue;
    sum += settings->reserved_concurrency.value_or(0);
  }
  return sum;
}

Result<json::Object> handle(Functions& functions, const aws::Call& call) {
  STATOR_TRY(const auto bytes, code_bytes(functions, call));
  const auto count = functions.catalog().list(call.account, call.region).size();
  const std::int64_t concurrency = functions.concurrency_max();
  return json::Object{
      {"AccountLimit",
       json::Object{{"TotalCodeSize", kTotalCodeBytesMax},
                    {"CodeSizeUnzipped", static_cast<std::int64_t>(limits::kUnzippedBytesMax)},
                    {"CodeSizeZipped", static_cast<std::int64_t>(limits::kZippedBytesMax)},
                    {"ConcurrentExecutions", concurrency},
                    {"UnreservedConcurrentExecutions", concurrency - reserved(functions, call)}}},
      {"AccountUsage", json::Object{{"TotalCodeSize", bytes},
                                    {"FunctionCount", static_cast<std::int64_t>(count)}}}};
}

}  // namespace

aws::Operation get_account_settings(Functions& functions) {
  return aws::Operation::json(
      "GetAccountSettings", aws::ByPath{.method = "GET", .path = "/2016-08-19/account-settings"},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"lambda:GetAccountSettings", "*"}};
      },
      [&functions](aws::Call& call, const aws::Input&) { return handle(functions, call); });
}

}  // namespace stator::lambda::ops
