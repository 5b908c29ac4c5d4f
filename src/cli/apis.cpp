#include <iostream>

#include "cli/api_list.hpp"
#include "cli/commands.hpp"

namespace stator::cli {
namespace {

Result<void> run(const ApisOptions& options) {
  STATOR_TRY(Connection connection, connect(options.target));
  const SystemClock clock;
  AwsClient client(std::move(connection), clock);
  STATOR_TRY(const auto all, list_records(client, "/v2/apis"));
  if (all.empty()) std::cout << "there are no APIs\n";
  const char* between = "";
  for (const json::Object& api : all) {
    ApiRecords records{.api = api};
    const std::string path = "/v2/apis/" + json::find_string(api, "apiId").value_or("");
    STATOR_TRY(records.stages, list_records(client, path + "/stages"));
    STATOR_TRY(records.routes, list_records(client, path + "/routes"));
    STATOR_TRY(records.integrations, list_records(client, path + "/integrations"));
    STATOR_TRY(records.authorizers, list_records(client, path + "/authorizers"));
    std::cout << between << describe(records);
    between = "\n";
  }
  std::cout << std::flush;
  return {};
}

}  // namespace

int apis(const ApisOptions& options) {
  const auto outcome = run(options);
  return outcome ? 0 : fail(outcome.error());
}

}  // namespace stator::cli
