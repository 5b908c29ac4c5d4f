#include "cli/data_files.hpp"

#include <algorithm>

#include "archive/gzip.hpp"
#include "base/bytes.hpp"
#include "base/file.hpp"
#include "crypto/crypto.hpp"
#include "dynamodb/recovery/import_lines.hpp"

namespace stator::cli {
namespace {

namespace fs = std::filesystem;
using dynamodb::recovery::ArtifactName;

constexpr const char* kManifest = "manifest-files.json";

std::vector<fs::path> directories_in(const fs::path& directory) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->is_directory(error)) found.push_back(entry->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

bool is_export(const fs::path& directory) {
  std::error_code error;
  return fs::exists(directory / kManifest, error);
}

/// The exports below DIRECTORY/AWSDynamoDB.
std::vector<fs::path> exports_in(const fs::path& directory) {
  std::vector<fs::path> found = directories_in(directory / "AWSDynamoDB");
  std::erase_if(found, [](const fs::path& path) { return !is_export(path); });
  return found;
}

Result<void> each_item_of_file(const fs::path& file, const std::string& md5,
                               const std::function<Result<void>(dynamodb::Item)>& take) {
  STATOR_TRY(const std::string gzip, read_file(file));
  if (!md5.empty() && base64_encode(crypto::md5(gzip)) != md5) {
    return invalid(file.string() + " is damaged: its checksum is not the manifest's");
  }
  std::size_t line_number = 0;
  dynamodb::recovery::LineCutter lines(
      false, [&](std::optional<std::string_view> line) -> Result<void> {
        ++line_number;
        const std::string place = file.string() + ", line " + std::to_string(line_number);
        if (!line) return invalid(place + " is longer than an item can be");
        auto item = dynamodb::recovery::read_json_line(*line);
        if (!item) return invalid(place + ": " + item.error().message);
        return take(std::move(*item));
      });
  STATOR_TRY_VOID(
      archive::gunzip(gzip, [&](std::string_view piece) { return lines.append(piece); }));
  return lines.finish();
}

}  // namespace

Result<void> DirectoryArtifacts::put(const ArtifactName& name, std::string bytes) {
  const fs::path file = directory_ / name.key;
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error) return internal("create " + file.parent_path().string() + ": " + error.message());
  return write_file_durably(file, bytes);
}

Result<std::string> DirectoryArtifacts::get(const ArtifactName& name) {
  return read_file(directory_ / name.key);
}

Result<std::vector<std::string>> DirectoryArtifacts::list(const ArtifactName&, std::string_view) {
  return unsupported("a directory of exports is not listed by key");
}

Result<std::vector<ExportedTable>> find_exports(const fs::path& directory) {
  if (is_export(directory)) return std::vector<ExportedTable>{{"", directory, ""}};
  std::vector<ExportedTable> found;
  for (const fs::path& files : exports_in(directory)) found.push_back({"", files, ""});
  for (const fs::path& table : directories_in(directory)) {
    const auto exports = exports_in(table);
    if (exports.empty()) continue;
    if (exports.size() > 1) {
      return invalid(table.string() + " holds several exports: name one of them, e.g. " +
                     exports.back().string());
    }
    std::error_code error;
    const fs::path creation = table / kTableFile;
    found.push_back({table.filename().string(), exports.front(),
                     fs::exists(creation, error) ? creation : fs::path()});
  }
  if (!found.empty()) return found;
  return invalid(directory.string() + " holds no export: neither " + kManifest +
                 " nor AWSDynamoDB/ID nor TABLE/AWSDynamoDB/ID");
}

Result<void> each_item(const fs::path& files,
                       const std::function<Result<void>(dynamodb::Item)>& take) {
  STATOR_TRY(const std::string manifest, read_file(files / kManifest));
  for (std::size_t begin = 0; begin < manifest.size();) {
    const std::size_t end = std::min(manifest.find('\n', begin), manifest.size());
    const std::string line = manifest.substr(begin, end - begin);
    begin = end + 1;
    if (line.empty()) continue;
    STATOR_TRY(const json::Object entry, json::parse_object(line));
    const auto key = json::find_string(entry, "dataFileS3Key");
    if (!key) return invalid((files / kManifest).string() + " has a line without dataFileS3Key");
    // The key is that of the bucket it was exported to; here its last part counts.
    STATOR_TRY_VOID(each_item_of_file(files / "data" / fs::path(*key).filename(),
                                      json::find_string(entry, "md5Checksum").value_or(""), take));
  }
  return {};
}

Result<std::string> call_dynamodb(AwsClient& client, const std::string& operation,
                                  std::string body) {
  http::Request request{.method = "POST", .target = "/", .body = std::move(body)};
  request.headers.set("Content-Type", "application/x-amz-json-1.0");
  request.headers.set("X-Amz-Target", "DynamoDB_20120810." + operation);
  STATOR_TRY(http::Response response, client.send("dynamodb", std::move(request)));
  if (response.status >= 300) return error_of(response);
  return std::move(response.body);
}

}  // namespace stator::cli
