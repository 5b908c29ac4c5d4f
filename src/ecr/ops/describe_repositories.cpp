#include "base/bytes.hpp"
#include "ecr/errors.hpp"
#include "ecr/members.hpp"
#include "ecr/ops/ops.hpp"

namespace stator::ecr {

aws::Operation describe_repositories(Repositories& repositories) {
  const auto needs = [&repositories](const aws::Call& call,
                                     const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto names, names_of(call, input));
    if (names.empty()) {
      return aws::Needs{
          {"ecr:DescribeRepositories", repository_arn({call.account, call.region, "*"})}};
    }
    aws::Needs wanted;
    for (const auto& name : names) {
      STATOR_TRY(auto need, needs_of("DescribeRepositories", repositories, name, input));
      wanted.push_back(std::move(need.front()));
    }
    return wanted;
  };
  const auto handle = [&repositories](aws::Call& call,
                                      const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(input.allow_only({"registryId", "repositoryNames", "nextToken", "maxResults"}));
    STATOR_TRY(const auto names, names_of(call, input));
    STATOR_TRY(const auto token, input.text("nextToken"));
    STATOR_TRY(const auto limit, input.integer("maxResults"));
    if (limit && (*limit < 1 || *limit > 1'000)) {
      return invalid_parameter("maxResults must be between 1 and 1000");
    }
    if (!names.empty() && (token || limit)) {
      return invalid_parameter("repositoryNames cannot be used with nextToken or maxResults");
    }
    json::Array list;
    for (const auto& name : names) {
      STATOR_TRY(const auto repository, repositories.find(name));
      list.push_back(describe(name, repository));
    }
    json::Object out;
    if (names.empty()) {
      const auto after = base64url_decode(token.value_or(""));
      if (!after) return invalid_parameter("nextToken is not one that was given");
      std::string last;
      STATOR_TRY_VOID(
          repositories.walk(call.account, call.region, *after, [&](const Repository& repository) {
            if (list.size() == static_cast<std::size_t>(limit.value_or(100))) {
              out["nextToken"] = base64url_encode(last);
              return false;
            }
            last = repository.name;
            list.push_back(describe({call.account, call.region, last}, repository));
            return true;
          }));
    }
    out["repositories"] = std::move(list);
    return out;
  };
  return aws::Operation::json("DescribeRepositories", aws::ByName{}, needs, handle);
}

}  // namespace stator::ecr
