#include "s3/errors.hpp"
#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/ops/upload_request.hpp"
#include "s3/request.hpp"
#include "s3/xml.hpp"

namespace stator::s3 {
namespace {

constexpr std::size_t kObjectsMax = 1'000;

struct Request {
  struct Object {
    ObjectName name;
    std::string version;  ///< "" for the current one
  };
  std::vector<Object> objects = {};
  bool is_quiet = false;
};

}  // namespace

aws::Operation delete_objects(Objects& objects) {
  Parts<Request> parts;
  parts.parse = [](const aws::Call& call, const aws::RawRequest& raw) -> Result<Request> {
    STATOR_TRY(
        [[maybe_unused]] const auto parameters,
        Parameters::read(raw, {.query = {"delete"},
                               .headers = {"x-amz-checksum-*", "x-amz-sdk-checksum-algorithm",
                                           "x-amz-decoded-content-length", "x-amz-trailer"}}));
    SentBody body;
    STATOR_TRY_VOID(read_body(raw.http, body));
    STATOR_TRY(const auto xml, parse_xml(body.bytes, "Delete"));
    STATOR_TRY_VOID(xml.allow_only({"Object", "Quiet"}));
    Request request;
    request.is_quiet = xml.text_of("Quiet") == "true";
    for (const auto& child : xml.children) {
      if (child.name != "Object") continue;
      STATOR_TRY_VOID(child.allow_only({"Key", "VersionId"}));
      request.objects.push_back(
          {{call.account, std::string(raw.label("Bucket")), child.text_of("Key")},
           child.text_of("VersionId")});
    }
    if (request.objects.empty() || request.objects.size() > kObjectsMax) return malformed_xml();
    return request;
  };
  parts.needs = [&objects](const aws::Call&, const Request& request) -> Result<aws::Needs> {
    aws::Needs wanted;
    for (const auto& [name, version] : request.objects) {
      STATOR_TRY(
          auto need,
          needs_of(objects, version.empty() ? "s3:DeleteObject" : "s3:DeleteObjectVersion", name));
      wanted.push_back(std::move(need.front()));
    }
    return wanted;
  };
  parts.handle = [&objects](aws::Call& call, const Request& request) -> Result<http::Response> {
    STATOR_TRY([[maybe_unused]] const auto bucket,
               objects.bucket(call.account, request.objects.front().name.bucket));
    XmlDocument xml("DeleteResult");
    for (const auto& [name, version] : request.objects) {
      const auto removed = objects.remove(name, call.now, version);
      if (removed && request.is_quiet) continue;
      xml.open(removed ? "Deleted" : "Error");
      xml.element("Key", name.key);
      if (!version.empty()) xml.element("VersionId", version);
      if (removed && removed->is_delete_marker) {
        xml.element("DeleteMarker", "true");
        xml.element("DeleteMarkerVersionId", removed->version_id);
      }
      if (!removed) {
        xml.element("Code", "InternalError");
        xml.element("Message", removed.error().message);
      }
      xml.close(removed ? "Deleted" : "Error");
    }
    return std::move(xml).finish();
  };
  aws::ByPath path{"POST", "/{Bucket}"};
  path.required_query = "delete";
  return on_workers<Request>(objects, "DeleteObjects", std::move(path), std::move(parts));
}

}  // namespace stator::s3
