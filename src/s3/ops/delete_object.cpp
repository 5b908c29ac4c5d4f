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

aws::Operation delete_object(Objects& objects) {
  Parts<Request> parts;
  parts.parse = [](const aws::Call& call, const aws::RawRequest& raw) -> Result<Request> {
    STATOR_TRY(const auto parameters, Parameters::read(raw, {.query = {"versionId"}}));
    return Request{{call.account, std::string(raw.label("Bucket")), std::string(raw.label("Key"))},
                   parameters.get("versionId")};
  };
  parts.needs = [&objects](const aws::Call&, const Request& request) -> Result<aws::Needs> {
    return needs_of(objects, request.version.empty() ? "s3:DeleteObject" : "s3:DeleteObjectVersion",
                    request.name);
  };
  parts.handle = [&objects](aws::Call& call, const Request& request) -> Result<http::Response> {
    STATOR_TRY(const auto removed, objects.remove(request.name, call.now, request.version));
    http::Response response;
    response.status = 204;
    if (removed.is_delete_marker) response.headers.add("x-amz-delete-marker", "true");
    if (!removed.version_id.empty()) response.headers.add("x-amz-version-id", removed.version_id);
    return response;
  };
  aws::ByPath path{"DELETE", "/{Bucket}/{Key+}"};
  return on_workers<Request>(objects, "DeleteObject", std::move(path), std::move(parts));
}

}  // namespace stator::s3
