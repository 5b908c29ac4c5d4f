#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/aws_client.hpp"
#include "dynamodb/recovery/artifacts.hpp"
#include "dynamodb/value.hpp"

/// Exported tables as files: DIRECTORY/TABLE/table.json is what CreateTable takes, and
/// DIRECTORY/TABLE/AWSDynamoDB/ID/ an export as AWS writes it.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
namespace stator::cli {

inline constexpr const char* kTableFile = "table.json";

/// A directory in the place of a bucket.
class DirectoryArtifacts final : public dynamodb::recovery::Artifacts {
 public:
  explicit DirectoryArtifacts(std::filesystem::path directory) : directory_(std::move(directory)) {}
  Result<void> put(const dynamodb::recovery::ArtifactName& name, std::string bytes) override;
  Result<std::string> get(const dynamodb::recovery::ArtifactName& name) override;
  Result<std::vector<std::string>> list(const dynamodb::recovery::ArtifactName& after,
                                        std::string_view prefix) override;

 private:
  std::filesystem::path directory_;
};

/// One exported table.
struct ExportedTable {
  std::string name;                ///< "" where only the caller can know it
  std::filesystem::path files;     ///< with manifest-files.json and data/ in it
  std::filesystem::path creation;  ///< its table.json, "" where there is none
};
/// Those in a directory that export_data wrote, or the one export of AWS that it is. kInvalid,
/// naming what is expected, for anything else.
[[nodiscard]] Result<std::vector<ExportedTable>> find_exports(
    const std::filesystem::path& directory);

/// Every item of an export, file after file, each checked against the manifest's checksum before
/// the first of its items is given.
[[nodiscard]] Result<void> each_item(const std::filesystem::path& files,
                                     const std::function<Result<void>(dynamodb::Item)>& take);

/// An operation of DynamoDB with its own JSON, which may be deeper than the control plane's.
[[nodiscard]] Result<std::string> call_dynamodb(AwsClient& client, const std::string& operation,
                                                std::string body);

}  // namespace stator::cli
