#include <iterator>

#include "s3/bucket_settings.hpp"
#include "s3/errors.hpp"
#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/ops/upload_request.hpp"
#include "s3/request.hpp"
#include "s3/xml.hpp"

/// The settings of a bucket that are a document under a sub-resource. They differ in names alone,
/// so they are a table here and not a file each: what is kept is checked when it is put and given
/// back as it was put; the rest is what every bucket has on AWS before anybody sets it.
namespace stator::s3 {
namespace {

struct Setting {
  std::string_view name;         ///< GetBucketNAME
  std::string_view query;        ///< the sub-resource
  std::string_view read_action;  ///< s3:...
  std::string_view write_action = {};
  /// The error when nothing was put, or ...
  std::string_view absent = {};
  std::string_view absent_message = {};
  /// ... the answer: the root, and what is in it.
  std::string_view root = {};
  std::string_view content = {};
  Result<void> (*check)(std::string_view document) = nullptr;  ///< null: cannot be put
};

constexpr Setting kSettings[] = {
    {"LifecycleConfiguration", "lifecycle", "GetLifecycleConfiguration",
     "PutLifecycleConfiguration", "NoSuchLifecycleConfiguration",
     "The lifecycle configuration does not exist", "", "", check_lifecycle_document},
    {"Encryption", "encryption", "GetEncryptionConfiguration", "PutEncryptionConfiguration",
     "ServerSideEncryptionConfigurationNotFoundError",
     "The server side encryption configuration was not found", "", "", check_encryption_document},
    {"Tagging", "tagging", "GetBucketTagging", "PutBucketTagging", "NoSuchTagSet",
     "The TagSet does not exist", "", "", check_tagging_document},
    {"PublicAccessBlock", "publicAccessBlock", "GetBucketPublicAccessBlock",
     "PutBucketPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration",
     "The public access block configuration was not found", "", "", check_public_access_document},
    {"OwnershipControls", "ownershipControls", "GetBucketOwnershipControls",
     "PutBucketOwnershipControls", "OwnershipControlsNotFoundError",
     "The bucket ownership controls were not found", "", "", check_ownership_document},
    {"Cors", "cors", "GetBucketCORS", "", "NoSuchCORSConfiguration",
     "The CORS configuration does not exist"},
    {"Website", "website", "GetBucketWebsite", "", "NoSuchWebsiteConfiguration",
     "The specified bucket does not have a website configuration"},
    {"Replication", "replication", "GetReplicationConfiguration", "",
     "ReplicationConfigurationNotFoundError", "The replication configuration was not found"},
    {"ObjectLockConfiguration", "object-lock", "GetBucketObjectLockConfiguration", "",
     "ObjectLockConfigurationNotFoundError",
     "Object Lock configuration does not exist for this bucket"},
    {"AccelerateConfiguration", "accelerate", "GetAccelerateConfiguration", "", "", "",
     "AccelerateConfiguration"},
    {"RequestPayment", "requestPayment", "GetBucketRequestPayment", "", "", "",
     "RequestPaymentConfiguration", "<Payer>BucketOwner</Payer>"},
    {"Logging", "logging", "GetBucketLogging", "", "", "", "BucketLoggingStatus"},
    {"NotificationConfiguration", "notification", "GetBucketNotification", "", "", "",
     "NotificationConfiguration"},
};

/// The least size of what changes its storage class, of which there is one here. Clients wait until
/// they read what they wrote.
constexpr std::string_view kSizeHeader = "x-amz-transition-default-minimum-object-size";
constexpr std::string_view kSize = "all_storage_classes_128K";

/// AWS's names: those of some operations have "Bucket" in them and those of others have not.
std::string operation_name(std::string_view verb, const Setting& setting) {
  const bool has_bucket = setting.query != "publicAccessBlock" && setting.query != "object-lock";
  return std::string(verb) + (has_bucket ? "Bucket" : "") + std::string(setting.name);
}

struct Request {
  std::string bucket;
  std::string document = {};
};

Result<http::Response> answer(const Setting& setting, const Bucket& bucket) {
  const auto kept = bucket.settings.find(std::string(setting.query));
  http::Response response;
  response.headers.add("Content-Type", "application/xml");
  if (kept != bucket.settings.end()) {
    response.body = kept->second;
    if (setting.query == "lifecycle")
      response.headers.add(std::string(kSizeHeader), std::string(kSize));
    return response;
  }
  if (!setting.absent.empty()) {
    return s3_error(ErrorCode::kNotFound, std::string(setting.absent),
                    std::string(setting.absent_message));
  }
  XmlDocument xml(setting.root);
  xml.raw(setting.content);
  return std::move(xml).finish();
}

aws::Operation get_setting(Objects& objects, const Setting& setting) {
  Parts<Request> parts;
  parts.parse = [&setting](const aws::Call&, const aws::RawRequest& raw) -> Result<Request> {
    STATOR_TRY([[maybe_unused]] const auto parameters,
               Parameters::read(raw, {.query = {setting.query}}));
    return Request{std::string(raw.label("Bucket"))};
  };
  parts.needs = [&](const aws::Call& call, const Request& request) {
    return needs_of(objects, "s3:" + std::string(setting.read_action),
                    {call.account, request.bucket, ""});
  };
  parts.handle = [&](aws::Call& call, const Request& request) -> Result<http::Response> {
    STATOR_TRY(const auto bucket, objects.bucket(call.account, request.bucket));
    return answer(setting, bucket);
  };
  aws::ByPath path{"GET", "/{Bucket}"};
  path.required_query = setting.query;
  return on_workers<Request>(objects, operation_name("Get", setting), std::move(path),
                             std::move(parts));
}

aws::Operation put_setting(Objects& objects, const Setting& setting) {
  Parts<Request> parts;
  parts.parse = [&setting](const aws::Call&, const aws::RawRequest& raw) -> Result<Request> {
    STATOR_TRY(
        [[maybe_unused]] const auto parameters,
        Parameters::read(
            raw, {.query = {setting.query},
                  .headers = {"x-amz-checksum-*", "x-amz-sdk-checksum-algorithm",
                              "x-amz-decoded-content-length", "x-amz-trailer", kSizeHeader}}));
    const auto size = raw.http.headers.find(kSizeHeader);
    if (size && *size != kSize)
      return not_implemented(std::string(kSizeHeader) + ": " + std::string(*size));
    SentBody body;
    STATOR_TRY_VOID(read_body(raw.http, body));
    return Request{std::string(raw.label("Bucket")), std::string(body.bytes)};
  };
  parts.needs = [&](const aws::Call& call, const Request& request) {
    return needs_of(objects, "s3:" + std::string(setting.write_action),
                    {call.account, request.bucket, ""});
  };
  parts.handle = [&](aws::Call& call, const Request& request) -> Result<http::Response> {
    STATOR_TRY_VOID(setting.check(request.document));
    STATOR_TRY_VOID(
        objects.update_bucket(call.account, request.bucket, [&](Bucket& bucket) -> Result<void> {
          bucket.settings[std::string(setting.query)] = request.document;
          return {};
        }));
    http::Response response;
    if (setting.query == "tagging") response.status = 204;
    if (setting.query == "lifecycle")
      response.headers.add(std::string(kSizeHeader), std::string(kSize));
    return response;
  };
  aws::ByPath path{"PUT", "/{Bucket}"};
  path.required_query = setting.query;
  return on_workers<Request>(objects, operation_name("Put", setting), std::move(path),
                             std::move(parts));
}

aws::Operation delete_setting(Objects& objects, const Setting& setting) {
  Parts<Request> parts;
  parts.parse = [&setting](const aws::Call&, const aws::RawRequest& raw) -> Result<Request> {
    STATOR_TRY([[maybe_unused]] const auto parameters,
               Parameters::read(raw, {.query = {setting.query}}));
    return Request{std::string(raw.label("Bucket"))};
  };
  parts.needs = [&](const aws::Call& call, const Request& request) {
    return needs_of(objects, "s3:" + std::string(setting.write_action),
                    {call.account, request.bucket, ""});
  };
  parts.handle = [&](aws::Call& call, const Request& request) -> Result<http::Response> {
    STATOR_TRY_VOID(
        objects.update_bucket(call.account, request.bucket, [&](Bucket& bucket) -> Result<void> {
          bucket.settings.erase(std::string(setting.query));
          return {};
        }));
    return http::Response{.status = 204};
  };
  aws::ByPath path{"DELETE", "/{Bucket}"};
  path.required_query = setting.query;
  const bool is_lifecycle = setting.query == "lifecycle";
  return on_workers<Request>(
      objects, is_lifecycle ? "DeleteBucketLifecycle" : operation_name("Delete", setting),
      std::move(path), std::move(parts));
}

}  // namespace

void add_bucket_configurations(Objects& objects, std::vector<aws::Operation>& operations) {
  for (const Setting& setting : kSettings) {
    operations.push_back(get_setting(objects, setting));
    if (setting.check == nullptr) continue;
    operations.push_back(put_setting(objects, setting));
    operations.push_back(delete_setting(objects, setting));
  }
}

}  // namespace stator::s3
