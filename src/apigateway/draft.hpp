#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apigateway/compiled.hpp"
#include "apigateway/records.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "storage/store.hpp"

namespace stator::apigateway {

/// One API's records while they are changed: a change reads and writes them here, and afterwards
/// all of it is stored, or nothing (Apis::edit). One thread; pointers and references to records
/// live until one is added or erased.
class Draft {
 public:
  using Records = std::map<std::string, json::Object>;  ///< by id

  /// An API that is there; NotFoundException otherwise. `store` and `random` outlive the draft.
  [[nodiscard]] static Result<Draft> open(const storage::Store& store, Random& random, Scope scope,
                                          std::string api_id);
  /// An API that is not there yet: the record gets its id.
  [[nodiscard]] static Draft begin(const storage::Store& store, Random& random, Scope scope,
                                   json::Object api);

  [[nodiscard]] const Scope& scope() const { return scope_; }
  [[nodiscard]] const std::string& api_id() const { return api_id_; }
  [[nodiscard]] const json::Object& api() const;
  [[nodiscard]] const Records& all(Kind kind) const;

  /// NotFoundException when there is none; of an API itself `id` is its id.
  [[nodiscard]] Result<const json::Object*> find(Kind kind, const std::string& id) const;
  /// The same, to be changed.
  [[nodiscard]] Result<json::Object*> edit(Kind kind, const std::string& id);
  [[nodiscard]] json::Object& edit_api();
  /// Gives the record an id unless it has one. TooManyRequestsException beyond AWS's quota.
  [[nodiscard]] Result<json::Object*> add(Kind kind, json::Object record);
  /// ConflictException for what another record refers to.
  [[nodiscard]] Result<void> erase(Kind kind, const std::string& id);

  /// Whether something changed that only a deployment makes visible to requests.
  [[nodiscard]] bool has_deployable_change() const;
  /// The parts that a deployment freezes, as they are now.
  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const;
  /// What a deployment of this API froze.
  [[nodiscard]] Result<std::shared_ptr<const Snapshot>> snapshot_of(const std::string& deployment);
  void freeze(const std::string& deployment, std::shared_ptr<const Snapshot> snapshot);

  [[nodiscard]] bool is_changed() const { return !touched_.empty(); }
  void write(storage::Batch& batch) const;

 private:
  Draft(const storage::Store& store, Random& random, Scope scope)
      : store_(&store), random_(&random), scope_(std::move(scope)) {}
  [[nodiscard]] Result<void> load(Kind kind);
  [[nodiscard]] Result<void> check_unused(Kind kind, const std::string& id) const;

  const storage::Store* store_;
  Random* random_;
  Scope scope_;
  std::string api_id_;
  json::Object api_before_;
  std::map<Kind, Records> records_;
  std::set<std::pair<Kind, std::string>> touched_;
  std::map<std::string, std::shared_ptr<const Snapshot>> snapshots_;  ///< read or new
  std::set<std::string> frozen_;                                      ///< the new ones
};

}  // namespace stator::apigateway
