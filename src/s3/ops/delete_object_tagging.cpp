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

aws::Operation delete_object_tagging(Objects& objects) {
  Parts<Request> parts;
  parts.parse = [](const aws::Call& call, const aws::RawRequest& raw) -> Result<Request> {
    STATOR_TRY(const auto parameters, Parameters::read(raw, {.query = {"tagging", "versionId"}}));
    return Request{{call.account, std::string(raw.label("Bucket")), std::string(raw.label("Key"))},
                   parameters.get("versionId")};
  };
  parts.needs = [&objects](const aws::Call&, const Request& request) -> Result<aws::Needs> {
    return needs_of(
        objects,
        request.version.empty() ? "s3:DeleteObjectTagging" : "s3:DeleteObjectVersionTagging",
        request.name);
  };
  parts.handle = [&objects](aws::Call&, const Request& request) -> Result<http::Response> {
    STATOR_TRY(const auto info, objects.set_tags(request.name, request.version, {}));
    http::Response response{.status = 204};
    if (!info.version_id.empty()) response.headers.add("x-amz-version-id", info.version_id);
    return response;
  };
  aws::ByPath path{"DELETE", "/{Bucket}/{Key+}"};
  path.required_query = "tagging";
  return on_workers<Request>(objects, "DeleteObjectTagging", std::move(path), std::move(parts));
}

}  // namespace stator::s3
