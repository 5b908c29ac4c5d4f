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

#include "apigateway/compiled.hpp"
#include "apigateway/draft.hpp"
#include "apigateway/records.hpp"
#include "aws/call.hpp"
#include "aws/input.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "json/json.hpp"
#include "storage/store.hpp"

namespace stator::apigateway {

/// The state of API Gateway: records on disk as the JSON that the API answers with, and for
/// requests a compiled form in memory. Any thread; changes take turns. A change is stored as a
/// whole, together with the deployments that it sets off, or not at all.
class Apis {
 public:
  /// `endpoint_suffix` is what follows the API's id in its URL: ".execute-api.localhost:4566".
  Apis(storage::Store& store, Random& random, std::string endpoint_suffix);

  /// Changes one API's records; an error of `work` leaves everything as it was. Answers with what
  /// `work` does.
  using Work = std::function<Result<json::Object>(Draft&)>;
  [[nodiscard]] Result<json::Object> edit(const aws::Call& call, const std::string& api_id,
                                          const Work& work);
  /// Makes an API and what belongs to it, and answers with the API as it is after `work`.
  [[nodiscard]] Result<json::Object> create_api(const aws::Call& call, json::Object record,
                                                const std::function<Result<void>(Draft&)>& work);

  /// Gives the record an id unless it has one ("stageName" is a stage's), checks that its API
  /// exists, and stores it. `check` sees the records of its kind that are there and may refuse it.
  using Check = std::function<Result<void>(const std::vector<json::Object>&)>;
  [[nodiscard]] Result<json::Object> create(const aws::Call& call, Kind kind, std::string api_id,
                                            json::Object record, const Check& check = {});
  [[nodiscard]] Result<json::Object> get(const aws::Call& call, Kind kind,
                                         const RecordId& id) const;
  /// In the order of their ids.
  [[nodiscard]] Result<std::vector<json::Object>> list(const aws::Call& call, Kind kind,
                                                       std::string_view api_id) const;
  /// Lets `change` edit the record, which is then stored. `change` also sees the other records of
  /// its kind, and may refuse.
  using Change =
      std::function<Result<void>(json::Object& record, const std::vector<json::Object>& others)>;
  [[nodiscard]] Result<json::Object> update(const aws::Call& call, Kind kind, const RecordId& id,
                                            const Change& change);
  /// Removes a record, unless another refers to it; an API goes with all that belongs to it.
  [[nodiscard]] Result<void> remove(const aws::Call& call, Kind kind, const RecordId& id);
  /// Asked before a removal, for what refers to a record from outside of its API; may refuse. Set
  /// while nobody removes.
  using RemovalGuard = std::function<Result<void>(Kind kind, const RecordId& id)>;
  void guard_removal(RemovalGuard guard) { removal_guard_ = std::move(guard); }

  /// What aws:ResourceTag conditions ask of: the tags of the API, or of its stage where one is
  /// named. Nothing when it is not there.
  [[nodiscard]] std::optional<json::Object> tags(const aws::Call& call, const RecordId& id) const;

  /// The API with that id in any account; null when there is none.
  [[nodiscard]] std::shared_ptr<const CompiledApi> find(std::string_view api_id) const;
  /// Every account's, by id.
  [[nodiscard]] std::vector<std::shared_ptr<const CompiledApi>> all() const;

 private:
  [[nodiscard]] Result<std::vector<json::Object>> list_in(const Scope& scope, Kind kind,
                                                          std::string_view api_id) const;
  /// The record as the API answers with it: an API's endpoint follows the address served now.
  [[nodiscard]] json::Object shown(Kind kind, json::Object record) const;
  [[nodiscard]] Result<void> require_api(const Scope& scope, std::string_view api_id) const;
  /// Deploys what is to be deployed, stores the draft and swaps in what requests will see.
  [[nodiscard]] Result<void> commit(Draft& draft, const std::string& date, storage::Batch batch);
  [[nodiscard]] Result<void> remove_api(const aws::Call& call, const std::string& api_id);
  void load_all();

  storage::Store& store_;
  Random& random_;
  const std::string endpoint_suffix_;
  RemovalGuard removal_guard_;
  mutable std::mutex changing_;
  mutable std::shared_mutex compiled_mutex_;
  std::map<std::string, std::shared_ptr<const CompiledApi>, std::less<>> compiled_;
};

}  // namespace stator::apigateway
