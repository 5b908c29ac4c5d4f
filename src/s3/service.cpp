#include "s3/service.hpp"

#include "s3/ops/ops.hpp"

namespace stator::s3 {

aws::Service make_service(Objects& objects) {
  aws::Service service;
  service.signing_name = "s3";
  service.protocol = aws::Protocol::kRestXml;
  service.xml_namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
  service.operations.push_back(abort_multipart_upload(objects));
  service.operations.push_back(complete_multipart_upload(objects));
  service.operations.push_back(create_bucket(objects));
  service.operations.push_back(create_multipart_upload(objects));
  service.operations.push_back(delete_bucket(objects));
  service.operations.push_back(delete_bucket_policy(objects));
  service.operations.push_back(delete_object(objects));
  service.operations.push_back(delete_object_tagging(objects));
  service.operations.push_back(delete_objects(objects));
  service.operations.push_back(get_bucket_acl(objects));
  service.operations.push_back(get_bucket_location(objects));
  service.operations.push_back(get_bucket_policy(objects));
  service.operations.push_back(get_bucket_policy_status(objects));
  service.operations.push_back(get_bucket_versioning(objects));
  service.operations.push_back(get_object(objects));
  service.operations.push_back(get_object_acl(objects));
  service.operations.push_back(get_object_attributes(objects));
  service.operations.push_back(get_object_tagging(objects));
  service.operations.push_back(head_bucket(objects));
  service.operations.push_back(head_object(objects));
  service.operations.push_back(list_buckets(objects));
  service.operations.push_back(list_multipart_uploads(objects));
  service.operations.push_back(list_object_versions(objects));
  service.operations.push_back(list_objects(objects));
  service.operations.push_back(list_objects_v2(objects));
  service.operations.push_back(list_parts(objects));
  service.operations.push_back(put_bucket_policy(objects));
  service.operations.push_back(put_bucket_versioning(objects));
  service.operations.push_back(put_object(objects));
  service.operations.push_back(put_object_tagging(objects));
  service.operations.push_back(upload_part(objects));
  add_bucket_configurations(objects, service.operations);
  return service;
}

}  // namespace stator::s3
