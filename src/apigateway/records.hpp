#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "apigateway/scope.hpp"
#include "json/json.hpp"

/// What API Gateway stores and under which keys.
namespace stator::apigateway {

enum class Kind { kApi, kIntegration, kRoute, kStage, kDeployment, kAuthorizer, kModel };

/// What belongs to an API and goes with it.
inline constexpr std::array kParts = {Kind::kIntegration, Kind::kRoute,      Kind::kStage,
                                      Kind::kDeployment,  Kind::kAuthorizer, Kind::kModel};

/// Which record: of an API itself `id` is empty.
struct RecordId {
  std::string api_id;
  std::string id = {};
};

struct KindNames {
  std::string_view stored;     ///< in keys
  std::string_view id_member;  ///< of the record
  std::string_view spoken;     ///< in errors
};
[[nodiscard]] KindNames names(Kind kind);

/// The id that a record carries; "" when it has none.
[[nodiscard]] std::string id_of(Kind kind, const json::Object& record);

[[nodiscard]] std::string record_key(const Scope& scope, Kind kind, const RecordId& id);
/// What the keys of an API's records of a kind start with; of every API for Kind::kApi.
[[nodiscard]] std::string records_prefix(const Scope& scope, Kind kind, std::string_view api_id);

/// Under this prefix every API's id leads to its account and region.
[[nodiscard]] std::string index_prefix();
[[nodiscard]] std::string index_key(std::string_view api_id);

/// What a deployment froze.
[[nodiscard]] std::string snapshot_key(const Scope& scope, const RecordId& deployment);
[[nodiscard]] std::string snapshots_prefix(const Scope& scope, std::string_view api_id);

}  // namespace stator::apigateway
