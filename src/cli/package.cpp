#include "cli/package.hpp"

#include <array>

#include "archive/zip.hpp"
#include "base/file.hpp"
#include "crypto/crypto.hpp"

namespace stator::cli {
namespace {

/// Where a type keeps the path of its code, and whether S3's place there is a URI or members.
struct CodeProperty {
  std::string_view type;
  std::string_view property;
  bool takes_uri;
};
constexpr std::array kCodeProperties = {
    CodeProperty{"AWS::Serverless::Function", "CodeUri", true},
    CodeProperty{"AWS::Serverless::LayerVersion", "ContentUri", true},
    CodeProperty{"AWS::Lambda::Function", "Code", false},
    CodeProperty{"AWS::Lambda::LayerVersion", "Content", false},
};

class Uploader {
 public:
  explicit Uploader(AwsClient& client) : client_(client) {}

  /// Puts the zip in the bucket unless it is there; its key.
  Result<std::string> upload(const std::string& zip) {
    STATOR_TRY_VOID(open_bucket());
    const std::string key = crypto::sha256_hex(zip) + ".zip";
    const std::string target = "/" + bucket_ + "/" + key;
    STATOR_TRY(const auto head, client_.send("s3", {.method = "HEAD", .target = target}));
    if (head.status == 200) return key;
    http::Request put{.method = "PUT", .target = target, .body = zip};
    put.headers.set("Content-Type", "application/zip");
    STATOR_TRY(const auto answer, client_.send("s3", std::move(put)));
    if (answer.status != 200) return error_of(answer);
    ++uploaded_;
    return key;
  }

  [[nodiscard]] const std::string& bucket() const { return bucket_; }
  [[nodiscard]] std::size_t uploaded() const { return uploaded_; }

 private:
  Result<void> open_bucket() {
    if (!bucket_.empty()) return {};
    STATOR_TRY(const auto caller, client_.query("sts", "2011-06-15", "GetCallerIdentity", {}));
    const std::string name = "stator-artifacts-" +
                             json::find_string(caller, "Account").value_or("") + "-" +
                             client_.connection().region;
    STATOR_TRY(const auto head, client_.send("s3", {.method = "HEAD", .target = "/" + name}));
    if (head.status == 404) {
      STATOR_TRY(const auto made, client_.send("s3", {.method = "PUT", .target = "/" + name}));
      if (made.status != 200) return error_of(made);
    } else if (head.status != 200) {
      return error_of(head);
    }
    bucket_ = name;
    return {};
  }

  AwsClient& client_;
  std::string bucket_;
  std::size_t uploaded_ = 0;
};

Result<std::string> zip_of(const std::filesystem::path& path) {
  if (path.extension() == ".zip") return read_file(path);
  STATOR_TRY(auto entries, archive::collect(path));
  return archive::pack(std::move(entries));
}

Result<void> package_resource(std::string_view name, json::Object& resource,
                              const std::filesystem::path& base, Uploader& uploader) {
  const std::string type = json::find_string(resource, "Type").value_or("");
  json::Value* properties = resource.if_contains("Properties");
  if (properties == nullptr || !properties->is_object()) return {};
  for (const CodeProperty& code : kCodeProperties) {
    if (type != code.type) continue;
    json::Value* place = properties->get_object().if_contains(
        boost::json::string_view(code.property.data(), code.property.size()));
    if (place == nullptr || !place->is_string()) continue;
    const std::string local(json::view(place->get_string()));
    if (local.starts_with("s3://")) continue;
    const auto zip = zip_of(base / local);
    if (!zip) {
      return not_found("resource " + std::string(name) + ": " + std::string(code.property) + " '" +
                       local + "': " + zip.error().message);
    }
    STATOR_TRY(const std::string key, uploader.upload(*zip));
    if (code.takes_uri) {
      *place = "s3://" + uploader.bucket() + "/" + key;
    } else {
      *place = json::Object{{"S3Bucket", uploader.bucket()}, {"S3Key", key}};
    }
  }
  return {};
}

}  // namespace

Result<Packaged> package(json::Object template_body, const std::filesystem::path& base,
                         AwsClient& client) {
  Uploader uploader(client);
  json::Value* resources = template_body.if_contains("Resources");
  if (resources != nullptr && resources->is_object()) {
    for (auto& entry : resources->get_object()) {
      if (!entry.value().is_object()) continue;
      STATOR_TRY_VOID(package_resource({entry.key().data(), entry.key().size()},
                                       entry.value().get_object(), base, uploader));
    }
  }
  return Packaged{std::move(template_body), uploader.uploaded()};
}

}  // namespace stator::cli
