#include "s3/errors.hpp"
#include "s3/needs.hpp"
#include "s3/ops/copy_object.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/ops/upload_request.hpp"
#include "s3/request.hpp"

namespace stator::s3 {
namespace {

/// Copies come by the same path, with x-amz-copy-source.
struct Request {
  ObjectName name;
  const http::Request* http;  ///< lives until the answer
  std::optional<CopySource> source = {};
};

Result<Request> parse(const aws::Call& call, const aws::RawRequest& raw) {
  Request request{{call.account, std::string(raw.label("Bucket")), std::string(raw.label("Key"))},
                  &raw.http};
  if (raw.http.headers.find("x-amz-copy-source")) {
    STATOR_TRY_VOID(check_copy_request(raw));
    STATOR_TRY(request.source, read_copy_source(call, raw.http.headers));
    return request;
  }
  STATOR_TRY([[maybe_unused]] const auto parameters,
             Parameters::read(raw, {.headers = {"x-amz-meta-*", "x-amz-storage-class", "x-amz-acl",
                                                "x-amz-tagging", "x-amz-server-side-encryption",
                                                "x-amz-checksum-*", "x-amz-sdk-checksum-algorithm",
                                                "x-amz-decoded-content-length", "x-amz-trailer"},
                                    .takes_conditions = true}));
  STATOR_TRY_VOID(check_fixed_values(raw.http.headers));
  return request;
}

Result<aws::Needs> needs(const Objects& objects, const Request& request) {
  STATOR_TRY(auto wanted, needs_of(objects, "s3:PutObject", request.name));
  if (request.http->headers.find("x-amz-tagging")) {
    STATOR_TRY(auto tagging, needs_of(objects, "s3:PutObjectTagging", request.name));
    wanted.push_back(std::move(tagging.front()));
  }
  if (request.source) {
    STATOR_TRY(auto reading, copy_source_need(objects, *request.source));
    wanted.push_back(std::move(reading));
  }
  return wanted;
}

Result<http::Response> handle(Objects& objects, const aws::Call& call, const Request& request) {
  if (request.source) {
    return copy_object(objects, call, {request.name, *request.source, *request.http});
  }
  const auto& headers = request.http->headers;
  SentBody body;
  STATOR_TRY_VOID(read_body(*request.http, body));
  Upload upload;
  upload.body = body.bytes;
  upload.checksums = std::move(body.checksums);
  upload.sha256 = std::move(body.sha256);
  upload.now = call.now;
  STATOR_TRY(upload.labels, read_labels(headers));
  STATOR_TRY(upload.conditions, read_write_conditions(headers));
  STATOR_TRY(const auto info, objects.put(request.name, std::move(upload)));
  http::Response response;
  response.headers.add("ETag", "\"" + info.etag + "\"");
  if (!info.checksums.empty()) response.headers.add("x-amz-checksum-type", "FULL_OBJECT");
  add_written(info, response);
  return response;
}

}  // namespace

aws::Operation put_object(Objects& objects) {
  Parts<Request> parts;
  parts.parse = parse;
  parts.needs = [&objects](const aws::Call&, const Request& request) {
    return needs(objects, request);
  };
  parts.handle = [&objects](aws::Call& call, const Request& request) {
    return handle(objects, call, request);
  };
  return on_workers<Request>(objects, "PutObject", {"PUT", "/{Bucket}/{Key+}"}, std::move(parts));
}

}  // namespace stator::s3
