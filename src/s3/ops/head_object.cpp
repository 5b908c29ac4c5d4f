#include "s3/ops/object_response.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"

namespace stator::s3 {

aws::Operation head_object(Objects& objects) {
  Parts<ObjectRequest> parts;
  parts.parse = parse_object_request;
  parts.needs = [&objects](const aws::Call&, const ObjectRequest& request) {
    return object_needs(objects, request);
  };
  parts.handle = [&objects](aws::Call&, const ObjectRequest& request) {
    return object_response(objects, request, true);
  };
  return on_workers<ObjectRequest>(objects, "HeadObject", {"HEAD", "/{Bucket}/{Key+}"},
                                   std::move(parts));
}

}  // namespace stator::s3
