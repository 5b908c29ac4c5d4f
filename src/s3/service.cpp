#include "s3/service.hpp"

#include "s3/ops/ops.hpp"

namespace stator::s3 {

aws::Service make_service(Objects& objects) {
  aws::Service service;
  service.signing_name = "s3";
  service.protocol = aws::Protocol::kRestXml;
  service.xml_namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
  service.operations.push_back(list_buckets(objects));
  service.operations.push_back(create_bucket(objects));
  service.operations.push_back(head_bucket(objects));
  service.operations.push_back(get_bucket_location(objects));
  service.operations.push_back(delete_bucket(objects));
  service.operations.push_back(put_bucket_policy(objects));
  service.operations.push_back(get_bucket_policy(objects));
  service.operations.push_back(delete_bucket_policy(objects));
  service.operations.push_back(list_objects_v2(objects));
  service.operations.push_back(put_object(objects));
  service.operations.push_back(get_object(objects));
  service.operations.push_back(head_object(objects));
  service.operations.push_back(delete_object(objects));
  service.operations.push_back(refused("ListObjects", "GET", "/{Bucket}"));
  service.operations.push_back(refused("DeleteObjects", "POST", "/{Bucket}"));
  service.operations.push_back(refused("CreateMultipartUpload", "POST", "/{Bucket}/{Key+}"));
  return service;
}

}  // namespace stator::s3
