#include "dynamodb/recovery/export_files.hpp"

#include "base/bytes.hpp"
#include "base/time_format.hpp"
#include "crypto/crypto.hpp"

namespace stator::dynamodb::recovery {

namespace {

/// A data file is closed when its lines have reached this size; so much is held in memory.
constexpr std::size_t kDataFileBytes = 32u << 20;
constexpr std::size_t kNameLetters = 26;

/// As AWS names data files: 26 small letters and digits, here out of the export and a number.
std::string data_name(const Export& job, std::size_t number) {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
  const std::string hash = crypto::sha256(job.resource.arn() + "#" + std::to_string(number));
  std::string name;
  for (std::size_t i = 0; i < kNameLetters; ++i) {
    name.push_back(kAlphabet[static_cast<unsigned char>(hash[i]) % kAlphabet.size()]);
  }
  return "data/" + name + ".json.gz";
}

}  // namespace

Result<void> ExportFiles::put(std::string_view name, std::string bytes) {
  return artifacts_.put({job_.resource.table.account, job_.bucket, job_.object_key(name)},
                        std::move(bytes));
}

Result<void> ExportFiles::put_with_checksum(const std::string& name, std::string bytes) {
  std::string checksum = base64_encode(crypto::md5(bytes));
  STATOR_TRY_VOID(put(name + ".json", std::move(bytes)));
  return put(name + ".md5", std::move(checksum));
}

Result<void> ExportFiles::start() {
  STATOR_TRY_VOID(put("_started", ""));
  data_ = std::make_unique<archive::GzipWriter>();
  return {};
}

Result<void> ExportFiles::add(const EncodedItem& item) {
  line_.assign("{\"Item\":");
  item.append_json(line_);
  line_.append("}\n");
  data_->append(line_);
  data_bytes_ += line_.size();
  ++data_items_;
  ++statistics_.item_count;
  statistics_.size_bytes += item.size_bytes();
  if (data_bytes_ < kDataFileBytes) return {};
  return end_data_file();
}

Result<void> ExportFiles::end_data_file() {
  std::string bytes = data_->finish();
  const std::string md5 = crypto::md5(bytes);
  const std::string name = data_name(job_, data_files_++);
  const json::Object line{{"itemCount", data_items_},
                          {"md5Checksum", base64_encode(md5)},
                          {"etag", hex_encode(md5)},
                          {"dataFileS3Key", job_.object_key(name)}};
  manifest_.append(json::dump(line)).append("\n");
  data_ = std::make_unique<archive::GzipWriter>();
  data_bytes_ = 0;
  data_items_ = 0;
  return put(name, std::move(bytes));
}

Result<void> ExportFiles::finish(WallTime ended) {
  // An empty table has one empty file.
  if (data_bytes_ > 0 || data_files_ == 0) STATOR_TRY_VOID(end_data_file());
  STATOR_TRY_VOID(put_with_checksum("manifest-files", std::move(manifest_)));
  json::Object summary{{"version", "2020-06-30"},
                       {"exportArn", job_.resource.arn()},
                       {"startTime", iso8601_ms(job_.started)},
                       {"endTime", iso8601_ms(ended)},
                       {"tableArn", job_.resource.table.arn()},
                       {"tableId", job_.table_uuid},
                       {"exportTime", iso8601_ms(job_.moment)},
                       {"s3Bucket", job_.bucket},
                       {"s3Prefix", nullptr},
                       {"s3SseAlgorithm", nullptr},
                       {"s3SseKmsKeyId", nullptr},
                       {"manifestFilesS3Key", job_.object_key("manifest-files.json")},
                       {"billedSizeBytes", statistics_.size_bytes},
                       {"itemCount", statistics_.item_count},
                       {"outputFormat", "DYNAMODB_JSON"},
                       {"exportType", "FULL_EXPORT"}};
  if (!job_.prefix.empty()) summary["s3Prefix"] = job_.prefix;
  return put_with_checksum("manifest-summary", json::dump(summary));
}

}  // namespace stator::dynamodb::recovery
