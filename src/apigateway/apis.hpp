#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "apigateway/route_table.hpp"
#include "aws/call.hpp"
#include "aws/input.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "json/json.hpp"
#include "storage/store.hpp"

namespace stator::apigateway {

/// What a request needs to know of an API; never changes once it is made.
struct CompiledApi {
  struct Route {
    std::string key;           ///< "GET /items/{id}"
    std::string function_arn;  ///< "" when the route has no integration
    std::chrono::milliseconds timeout{30'000};
    bool needs_signature = false;  ///< authorizationType AWS_IAM
  };
  using Variables = std::vector<std::pair<std::string, std::string>>;

  std::string id;
  std::string account;
  std::string region;
  std::vector<Route> routes;
  RouteTable table;
  std::map<std::string, Variables, std::less<>> stages;
};

enum class Kind { kApi, kIntegration, kRoute, kStage };

/// Which record: of an API itself `id` is empty.
struct RecordId {
  std::string api_id;
  std::string id = {};
};

/// The state of API Gateway: records on disk as the JSON that the API answers with, and for
/// requests a compiled form in memory. Any thread; changes take turns.
class Apis {
 public:
  /// `endpoint_suffix` is what follows the API's id in its URL: ".execute-api.localhost:4566".
  Apis(storage::Store& store, Random& random, std::string endpoint_suffix);

  /// Gives the record an id unless it has one ("stageName" is a stage's), checks that its API
  /// exists, and stores it. `check` sees the records of its kind that are there and may refuse it.
  using Check = std::function<Result<void>(const std::vector<json::Object>&)>;
  [[nodiscard]] Result<json::Object> create(const aws::Call& call, Kind kind, std::string api_id,
                                            json::Object record, const Check& check = {});
  [[nodiscard]] Result<json::Object> get(const aws::Call& call, Kind kind,
                                         const RecordId& id) const;
  [[nodiscard]] Result<std::vector<json::Object>> list(const aws::Call& call, Kind kind,
                                                       std::string_view api_id) const;
  /// Removes a record; an API goes with all that belongs to it.
  [[nodiscard]] Result<void> remove(const aws::Call& call, Kind kind, const RecordId& id);

  /// The API with that id in any account; null when there is none.
  [[nodiscard]] std::shared_ptr<const CompiledApi> find(std::string_view api_id) const;

 private:
  struct Scope {
    std::string account;
    std::string region;
  };
  [[nodiscard]] std::string key(const Scope& scope, Kind kind, const RecordId& id) const;
  [[nodiscard]] Result<std::vector<json::Object>> list_in(const Scope& scope, Kind kind,
                                                          std::string_view api_id) const;
  /// The record as the API answers with it: an API's endpoint follows the address served now.
  [[nodiscard]] json::Object shown(Kind kind, json::Object record) const;
  [[nodiscard]] Result<void> require_api(const Scope& scope, std::string_view api_id) const;
  /// Reads the API's records and swaps in what requests will see.
  [[nodiscard]] Result<void> compile(const Scope& scope, const std::string& api_id);
  void load_all();

  storage::Store& store_;
  Random& random_;
  const std::string endpoint_suffix_;
  mutable std::mutex changing_;
  mutable std::shared_mutex compiled_mutex_;
  std::map<std::string, std::shared_ptr<const CompiledApi>, std::less<>> compiled_;
};

/// The function's ARN in an integration URI: the ARN itself, or the long form
/// arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations. Nothing for others.
[[nodiscard]] std::optional<std::string> function_of(std::string_view integration_uri);

}  // namespace stator::apigateway
