#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/input.hpp"
#include "dynamodb/table.hpp"

/// Members of requests that describe tables (CreateTable, UpdateTable, ImportTable), read one by
/// one. The service model must have found the request right: readers judge nothing.
namespace stator::dynamodb {

/// An element of KeySchema or AttributeDefinitions.
struct SchemaElement {
  std::string name;
  std::string type;  ///< "HASH" or "RANGE" in a key schema, "S", "N" or "B" in a definition
  bool operator==(const SchemaElement&) const = default;
};

struct ProjectionRequest {
  std::optional<std::string> type;
  std::optional<std::vector<std::string>> included;
};

/// OnDemandThroughput or WarmThroughput, whose members may be left out one by one.
struct UnitsRequest {
  std::optional<std::int64_t> read_units;
  std::optional<std::int64_t> write_units;
};

struct ThroughputRequest {
  std::optional<Throughput> provisioned;
  std::optional<UnitsRequest> on_demand;
  std::optional<UnitsRequest> warm;
};

struct IndexRequest {
  std::string name;
  std::vector<SchemaElement> keys;
  ProjectionRequest projection;
  ThroughputRequest throughput;
};

struct StreamRequest {
  bool is_enabled = false;
  std::optional<StreamSettings::View> view;
};

struct EncryptionRequest {
  std::optional<bool> is_enabled;
  std::optional<std::string> type;
  std::optional<std::string> key_id;
};

/// KeySchema or AttributeDefinitions, whose elements carry their type in `type_member`; nothing
/// when it is absent.
[[nodiscard]] Result<std::optional<std::vector<SchemaElement>>> read_schema_elements(
    const aws::Input& input, std::string_view type_member);

/// ProvisionedThroughput, OnDemandThroughput and WarmThroughput.
[[nodiscard]] Result<ThroughputRequest> read_throughput(const aws::Input& input);
/// A structure of provisioned units; nothing when it is absent.
[[nodiscard]] Result<std::optional<Throughput>> read_provisioned(const aws::Input& input,
                                                                 std::string_view member);

/// LocalSecondaryIndexes or GlobalSecondaryIndexes; nothing when it is absent.
[[nodiscard]] Result<std::optional<std::vector<IndexRequest>>> read_indexes(
    const aws::Input& input, std::string_view member);

/// One index of such a list, or one that an update makes, changes or deletes.
[[nodiscard]] Result<IndexRequest> read_index(const aws::Input& input);

[[nodiscard]] Result<std::optional<StreamRequest>> read_stream(const aws::Input& input);
[[nodiscard]] Result<std::optional<EncryptionRequest>> read_encryption(const aws::Input& input);

/// "[a, b]", as messages list the names of elements.
[[nodiscard]] std::string names_of(const std::vector<SchemaElement>& elements);

}  // namespace stator::dynamodb
