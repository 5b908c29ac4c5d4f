#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/input.hpp"
#include "dynamodb/constraints.hpp"
#include "dynamodb/table.hpp"

/// Members of requests that describe tables (CreateTable, UpdateTable, ImportTable), read one by
/// one. A reader fails at once with SerializationException when a type is wrong, gathers what
/// breaks the service model in `constraints`, and judges nothing else. `path` is where AWS's
/// messages say the member is: "globalSecondaryIndexes.1.member.keySchema".
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

/// The list `member`, whose elements carry their type in `type_member`; nothing when it is absent.
[[nodiscard]] Result<std::optional<std::vector<SchemaElement>>> read_schema_elements(
    const aws::Input& input, std::string_view type_member, const std::string& path,
    Constraints& constraints);

/// ProvisionedThroughput, OnDemandThroughput and WarmThroughput; `prefix` is "" or ends in a dot.
[[nodiscard]] Result<ThroughputRequest> read_throughput(const aws::Input& input,
                                                        const std::string& prefix,
                                                        Constraints& constraints);

/// LocalSecondaryIndexes or GlobalSecondaryIndexes; nothing when it is absent.
[[nodiscard]] Result<std::optional<std::vector<IndexRequest>>> read_indexes(
    const aws::Input& input, std::string_view member, Constraints& constraints);

/// IndexName, which must be there.
[[nodiscard]] Result<std::string> read_index_name(const aws::Input& input, const std::string& path,
                                                  Constraints& constraints);

/// One index of such a list, or the Create of an update.
[[nodiscard]] Result<IndexRequest> read_index(const aws::Input& input, bool is_global,
                                              const std::string& path, Constraints& constraints);

[[nodiscard]] Result<std::optional<StreamRequest>> read_stream(const aws::Input& input,
                                                               Constraints& constraints);
[[nodiscard]] Result<std::optional<EncryptionRequest>> read_encryption(const aws::Input& input,
                                                                       Constraints& constraints);

/// "AttributeName" as messages write it: "attributeName".
[[nodiscard]] std::string member_path(std::string_view member);

/// A key schema that is too long, as AWS's message shows it.
[[nodiscard]] std::string written_out(const std::vector<SchemaElement>& keys);

/// "[a, b]", as messages list the names of elements.
[[nodiscard]] std::string names_of(const std::vector<SchemaElement>& elements);

}  // namespace stator::dynamodb
