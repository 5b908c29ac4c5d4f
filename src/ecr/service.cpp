#include "ecr/service.hpp"

#include "ecr/ops/ops.hpp"

namespace stator::ecr {

aws::Service make_service(Repositories& repositories) {
  aws::Service service;
  service.signing_name = "ecr";
  service.protocol = aws::Protocol::kJson11;
  service.target_prefix = "AmazonEC2ContainerRegistry_V20150921";
  service.operations.push_back(create_repository(repositories));
  service.operations.push_back(delete_lifecycle_policy(repositories));
  service.operations.push_back(delete_repository(repositories));
  service.operations.push_back(delete_repository_policy(repositories));
  service.operations.push_back(describe_images(repositories));
  service.operations.push_back(describe_repositories(repositories));
  service.operations.push_back(get_lifecycle_policy(repositories));
  service.operations.push_back(get_repository_policy(repositories));
  service.operations.push_back(list_images(repositories));
  service.operations.push_back(list_tags_for_resource(repositories));
  service.operations.push_back(put_image_scanning_configuration(repositories));
  service.operations.push_back(put_image_tag_mutability(repositories));
  service.operations.push_back(put_lifecycle_policy(repositories));
  service.operations.push_back(set_repository_policy(repositories));
  service.operations.push_back(tag_resource(repositories));
  service.operations.push_back(untag_resource(repositories));
  for (const char* name : {"BatchCheckLayerAvailability", "BatchGetImage", "CompleteLayerUpload",
                           "GetAuthorizationToken", "GetDownloadUrlForLayer", "InitiateLayerUpload",
                           "PutImage", "UploadLayerPart"}) {
    service.operations.push_back(refused(name));
  }
  return service;
}

}  // namespace stator::ecr
