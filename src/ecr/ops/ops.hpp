#pragma once

#include <string>

#include "aws/operation.hpp"
#include "ecr/repositories.hpp"

/// ECR's operations, one file each.
/// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html
namespace stator::ecr {

[[nodiscard]] aws::Operation create_repository(Repositories& repositories);
[[nodiscard]] aws::Operation delete_lifecycle_policy(Repositories& repositories);
[[nodiscard]] aws::Operation delete_repository(Repositories& repositories);
[[nodiscard]] aws::Operation delete_repository_policy(Repositories& repositories);
[[nodiscard]] aws::Operation describe_images(Repositories& repositories);
[[nodiscard]] aws::Operation describe_repositories(Repositories& repositories);
[[nodiscard]] aws::Operation get_lifecycle_policy(Repositories& repositories);
[[nodiscard]] aws::Operation get_repository_policy(Repositories& repositories);
[[nodiscard]] aws::Operation list_images(Repositories& repositories);
[[nodiscard]] aws::Operation list_tags_for_resource(Repositories& repositories);
[[nodiscard]] aws::Operation put_image_scanning_configuration(Repositories& repositories);
[[nodiscard]] aws::Operation put_image_tag_mutability(Repositories& repositories);
[[nodiscard]] aws::Operation put_lifecycle_policy(Repositories& repositories);
[[nodiscard]] aws::Operation set_repository_policy(Repositories& repositories);
[[nodiscard]] aws::Operation tag_resource(Repositories& repositories);
[[nodiscard]] aws::Operation untag_resource(Repositories& repositories);

/// An operation that needs images, which says so.
[[nodiscard]] aws::Operation refused(std::string name);

}  // namespace stator::ecr
