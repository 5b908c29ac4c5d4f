#pragma once

#include "archive/gzip.hpp"
#include "dynamodb/item_codec.hpp"
#include "dynamodb/recovery/artifacts.hpp"
#include "dynamodb/recovery/export_record.hpp"

namespace stator::dynamodb::recovery {

/// Writes the files of an export as AWS lays them out: "_started" at once, items in
/// data/*.json.gz, a line {"Item":{...}} each, then the manifests with their checksums.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
///
/// An export that is begun anew writes the same names again, so nothing is left of the first try
/// but data files that the manifest does not list.
class ExportFiles {
 public:
  ExportFiles(Artifacts& artifacts, const Export& job) : artifacts_(artifacts), job_(job) {}

  [[nodiscard]] Result<void> start();
  [[nodiscard]] Result<void> add(const EncodedItem& item);
  /// Writes what is left and the manifests.
  [[nodiscard]] Result<void> finish(WallTime ended);

  [[nodiscard]] const Statistics& statistics() const { return statistics_; }

 private:
  [[nodiscard]] Result<void> put(std::string_view name, std::string bytes);
  [[nodiscard]] Result<void> put_with_checksum(const std::string& name, std::string bytes);
  [[nodiscard]] Result<void> end_data_file();

  Artifacts& artifacts_;
  const Export& job_;
  Statistics statistics_;
  std::unique_ptr<archive::GzipWriter> data_;
  std::size_t data_bytes_ = 0;  ///< before compression
  std::uint64_t data_items_ = 0;
  std::size_t data_files_ = 0;
  std::string line_;
  std::string manifest_;
};

}  // namespace stator::dynamodb::recovery
