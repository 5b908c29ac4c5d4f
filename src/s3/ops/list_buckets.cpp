#include "base/time_format.hpp"
#include "s3/ops/on_workers.hpp"
#include "s3/ops/ops.hpp"
#include "s3/request.hpp"
#include "s3/xml.hpp"

namespace stator::s3 {

aws::Operation list_buckets(Objects& objects) {
  struct Request {};
  Parts<Request> parts;
  parts.parse = [](const aws::Call&, const aws::RawRequest& raw) -> Result<Request> {
    STATOR_TRY([[maybe_unused]] const auto parameters, Parameters::read(raw, {}));
    return Request{};
  };
  parts.needs = [](const aws::Call&, const Request&) -> Result<aws::Needs> {
    return aws::Needs{{"s3:ListAllMyBuckets", "*"}};
  };
  parts.handle = [&objects](aws::Call& call, Request) -> Result<http::Response> {
    STATOR_TRY(const auto buckets, objects.buckets(call.account));
    XmlDocument xml("ListAllMyBucketsResult");
    xml.open("Buckets");
    for (const auto& bucket : buckets) {
      xml.open("Bucket");
      xml.element("Name", bucket.name);
      xml.element("CreationDate", iso8601_ms(bucket.created));
      xml.close("Bucket");
    }
    xml.close("Buckets");
    return std::move(xml).finish();
  };
  return on_workers<Request>(objects, "ListBuckets", {"GET", "/"}, std::move(parts));
}

}  // namespace stator::s3
