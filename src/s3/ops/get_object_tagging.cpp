#include "s3/bucket_settings.hpp"
#include "s3/errors.hpp"
#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/request.hpp"

namespace stator::s3 {
namespace {

struct Request {
  ObjectName name;
  std::string version;  ///< "" for the current one
};

}  // namespace

aws::Operation get_object_tagging(Objects& objects) {
  Parts<Request> parts;
  parts.parse = [](const aws::Call& call, const aws::RawRequest& raw) -> Result<Request> {
    STATOR_TRY(const auto parameters, Parameters::read(raw, {.query = {"tagging", "versionId"}}));
    return Request{{call.account, std::string(raw.label("Bucket")), std::string(raw.label("Key"))},
                   parameters.get("versionId")};
  };
  parts.needs = [&objects](const aws::Call&, const Request& request) -> Result<aws::Needs> {
    return needs_of(objects,
                    request.version.empty() ? "s3:GetObjectTagging" : "s3:GetObjectVersionTagging",
                    request.name);
  };
  parts.handle = [&objects](aws::Call&, const Request& request) -> Result<http::Response> {
    STATOR_TRY(const auto info, objects.info(request.name, request.version));
    if (info.is_delete_marker) return no_such_key();
    http::Response response;
    response.headers.add("Content-Type", "application/xml");
    if (!info.version_id.empty()) response.headers.add("x-amz-version-id", info.version_id);
    response.body = tags_document(info.labels.tags);
    return response;
  };
  aws::ByPath path{"GET", "/{Bucket}/{Key+}"};
  path.required_query = "tagging";
  return on_workers<Request>(objects, "GetObjectTagging", std::move(path), std::move(parts));
}

}  // namespace stator::s3
