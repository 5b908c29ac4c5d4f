#include "s3/needs.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/request.hpp"

namespace stator::s3 {

aws::Operation delete_object(Objects& objects) {
  Parts<ObjectName> parts;
  parts.parse = [](const aws::Call& call, const aws::RawRequest& raw) -> Result<ObjectName> {
    STATOR_TRY([[maybe_unused]] const auto parameters, Parameters::read(raw, {}));
    return ObjectName{call.account, std::string(raw.label("Bucket")),
                      std::string(raw.label("Key"))};
  };
  parts.needs = [&objects](const aws::Call&, const ObjectName& name) {
    return needs_of(objects, "s3:DeleteObject", name);
  };
  parts.handle = [&objects](aws::Call&, const ObjectName& name) -> Result<http::Response> {
    STATOR_TRY_VOID(objects.remove(name));
    http::Response response;
    response.status = 204;
    return response;
  };
  return on_workers<ObjectName>(objects, "DeleteObject", {"DELETE", "/{Bucket}/{Key+}"},
                                std::move(parts));
}

}  // namespace stator::s3
