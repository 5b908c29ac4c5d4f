#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/aws_client.hpp"
#include "json/json.hpp"

namespace stator::cli {

/// An HTTP API with all that hangs on it, as API Gateway answers.
struct ApiRecords {
  json::Object api;
  std::vector<json::Object> stages;
  std::vector<json::Object> routes;
  std::vector<json::Object> integrations;
  std::vector<json::Object> authorizers;
};

/// Every record below a path such as "/v2/apis", whatever the number of pages.
[[nodiscard]] Result<std::vector<json::Object>> list_records(AwsClient& client,
                                                             const std::string& path);

/// The one that is meant by an id or by a name that is not another's.
[[nodiscard]] Result<std::string> find_api(const std::vector<json::Object>& apis,
                                           const std::string& id_or_name);

/// An API for a person: its name, id and address, its stages, and a line for each route with what
/// it leads to, who may ask and what limit a stage sets.
[[nodiscard]] std::string describe(const ApiRecords& records);

}  // namespace stator::cli
