#include "s3/bucket_settings.hpp"
#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/ops/upload_request.hpp"
#include "s3/request.hpp"

namespace stator::s3 {
namespace {

struct Request {
  ObjectName name;
  std::string version;  ///< "" for the current one
  Tags tags = {};
};

}  // namespace

aws::Operation put_object_tagging(Objects& objects) {
  Parts<Request> parts;
  parts.parse = [](const aws::Call& call, const aws::RawRequest& raw) -> Result<Request> {
    STATOR_TRY(
        const auto parameters,
        Parameters::read(raw, {.query = {"tagging", "versionId"},
                               .headers = {"x-amz-checksum-*", "x-amz-sdk-checksum-algorithm",
                                           "x-amz-decoded-content-length", "x-amz-trailer"}}));
    SentBody body;
    STATOR_TRY_VOID(read_body(raw.http, body));
    Request request{{call.account, std::string(raw.label("Bucket")), std::string(raw.label("Key"))},
                    parameters.get("versionId")};
    STATOR_TRY(request.tags, parse_tags(body.bytes, kObjectTagsMax));
    return request;
  };
  parts.needs = [&objects](const aws::Call&, const Request& request) -> Result<aws::Needs> {
    return needs_of(objects,
                    request.version.empty() ? "s3:PutObjectTagging" : "s3:PutObjectVersionTagging",
                    request.name);
  };
  parts.handle = [&objects](aws::Call&, const Request& request) -> Result<http::Response> {
    STATOR_TRY(const auto info, objects.set_tags(request.name, request.version, request.tags));
    http::Response response;
    if (!info.version_id.empty()) response.headers.add("x-amz-version-id", info.version_id);
    return response;
  };
  aws::ByPath path{"PUT", "/{Bucket}/{Key+}"};
  path.required_query = "tagging";
  return on_workers<Request>(objects, "PutObjectTagging", std::move(path), std::move(parts));
}

}  // namespace stator::s3
